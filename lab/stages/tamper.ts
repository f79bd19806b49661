// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { copyDisk } from '../pc/disks.ts';
import { flipBit, readPartitions } from '../pc/partitions.ts';
import { anyPc } from '../pc/pc-spec.ts';
import { startPc } from '../pc/pc.ts';
import { must } from './expect.ts';
import type { Stage } from './stage.ts';

// The first block of an EROFS has its super block behind 1024 bytes that nothing uses: only the seal can notice a change there.
const unusedByte = 17;
// Long enough for a system that did not notice to come up (s).
const patience = 300;

export const tamper: Stage = {
  name: 'tamper',
  shows:
    'one changed bit of /usr, which means nothing to the file system, keeps the PC from starting, and it says so',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 120,
  async run(context) {
    const { file } = context.image('headless');
    const copy = await copyDisk(file, join(context.work, 'tampered.raw'));
    const usr = (await readPartitions(copy))
      .filter(({ label }) => label.startsWith('phyllome_'))
      .toSorted((one, other) => other.size - one.size)[0];
    must(usr !== undefined, 'the image has a partition of /usr');
    await flipBit(copy, usr.start + unusedByte);
    const disk = { id: 'system', file: copy, format: 'raw', bus: 'nvme' } as const;
    const spec = { ...anyPc, disks: [disk] };
    await using pc = await startPc({ tools: context.tools, spec, folder: join(context.work, 'pc') });
    const came = await Promise.race([
      pc.agent.boot({ seconds: patience }).then(() => 'it came up'),
      pc.serial
        .wait(/device-mapper: verity: .* is corrupted/, { seconds: patience, hope: false })
        .catch((error: Error) => error.message),
    ]);
    must(/is corrupted/.test(came), 'dm-verity stops it', came);
    // What follows must not be a system that runs all the same.
    const up = await pc.agent.boot({ seconds: 60 }).then(
      () => true,
      () => false,
    );
    must(!up, 'nothing runs from a damaged /usr');
    await delay(1000);
    await pc.screenshot(join(context.output, 'tamper.png'));
    const last = pc.serial.lines().filter((line) => /emergency|reboot|Rebooting|power|corrupted/i.test(line));
    return { said: came.trim(), afterwards: last.slice(-3) };
  },
};
