// SPDX-License-Identifier: Apache-2.0
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { updateFolder } from '../images.ts';
import { fatStick } from '../pc/stick.ts';
import { copyOf } from './copy-of.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp, type Guest } from './guest.ts';
import type { Stage } from './stage.ts';
import { startSystem } from './system.ts';
import { refusedUpdate, restart, versionOf } from './update.ts';

export const stickUpdate: Stage = {
  name: 'stick-update',
  shows:
    'a PC without a network is updated from a stick; one without an update on it, or without a signature, is refused',
  images: [{ edition: 'headless' }, { edition: 'headless', which: 'second' }],
  after: ['update'],
  seconds: 480,
  async run(context) {
    const { tools, work } = context;
    const next = context.image('headless', 'second');
    await using pc = await startSystem(context, { online: false });
    const guest = await whenUp(pc);
    const refused = async (what: string): Promise<string> => {
      const { code, message } = await refusedUpdate(guest, what, { from: 'stick' });
      return `${code}: ${message}`;
    };
    const withStick = async <Result>(folder: string | null, use: () => Promise<Result>): Promise<Result> => {
      const content = folder === null ? null : { folder, name: 'phyllome-update' };
      const stick = await fatStick(tools, join(work, 'stick.raw'), content);
      await pc.plug(stick);
      await settled(guest);
      const result = await use();
      await pc.unplug(stick);
      return result;
    };
    const spoiled = await copyOf(updateFolder(next), join(work, 'spoiled'));
    await rm(join(spoiled, 'SHA256SUMS.gpg'));
    const findings = {
      'no stick': await refused('no stick'),
      'an empty stick': await withStick(null, () => refused('an empty stick')),
      'no signature': await withStick(spoiled, () => refused('no signature')),
    };
    await withStick(updateFolder(next), async () => {
      await call(guest, 'osUpdate', { body: { from: 'stick' } }, { seconds: 600 });
      must(!(await guest.sh('cat /proc/mounts')).includes('vfat /run'), 'the stick is not mounted any more');
    });
    const after = await restart(pc, guest);
    must((await versionOf(after)) === next.version, 'the new version runs', await versionOf(after));
    await pc.powerOff();
    return findings;
  },
};

const settled = ({ sh }: Guest): Promise<string> =>
  sh(
    'for i in $(seq 60); do [ -e /dev/disk/by-label/STICK ] && udevadm settle && exit; sleep 1; done; exit 1',
    240,
  );
