// SPDX-License-Identifier: Apache-2.0
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp } from './guest.ts';
import type { Stage } from './stage.ts';
import { startSystem } from './system.ts';
import { refusedUpdate, restart, versionOf, whenBlessed } from './update.ts';

export const fullDisk: Stage = {
  name: 'full-disk',
  shows:
    'a full boot partition refuses an update; a full disk of state does not, and the new version comes up healthy on it',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update'],
  seconds: 480,
  async run(context) {
    const next = context.image('headless', 'second');
    await using server = await serveUpdates(updateFolder(next));
    await using pc = await startSystem(context);
    const guest = await whenUp(pc);
    await call(guest, 'setChannel', { body: { url: server.url } });

    // 8 MiB are left: less than a kernel, more than its name.
    const boot = (await guest.sh('bootctl --print-boot-path')).trim();
    await guest.sh(`room=$(df -m --output=avail ${boot} | tail -1)
dd if=/dev/zero of=${boot}/filler bs=1M count=$((room - 8)) conv=fsync`);
    const error = await refusedUpdate(guest, 'an update that does not fit');
    must(error.code === 'os-update-too-large', 'it is said what there is too little of', error);
    await guest.sh(`rm ${boot}/filler`);

    const written = await guest.sh(
      `room=$(df -m --output=avail / | tail -1)
fallocate -l $((room - 64))M /var/lib/phyllome/filler
dd if=/dev/zero of=/var/lib/phyllome/rest bs=1M 2>&1; df -m / | tail -1`,
      600,
    );
    must(/No space left/.test(written), 'the disk is full', written);
    await call(guest, 'osUpdate', { body: {} }, { seconds: 600 });
    const after = await restart(pc, guest);
    must((await versionOf(after)) === next.version, 'the new version runs on a full disk');
    await whenBlessed(after);
    const left = await after.sh('df -m --output=avail / | tail -1');
    await pc.powerOff();
    return {
      'full boot partition': `${error.code}: ${error.message}`,
      'MiB left after the update': left.trim(),
    };
  },
};
