// SPDX-License-Identifier: Apache-2.0
import { serveUpdates } from '../drive/update-server.ts';
import { updateFolder } from '../images.ts';
import { must } from './expect.ts';
import { call } from './guest-service.ts';
import { whenUp } from './guest.ts';
import type { Stage } from './stage.ts';
import { startSystem } from './system.ts';
import { refusedUpdate, restart } from './update.ts';

export const fullDisk: Stage = {
  name: 'full-disk',
  shows:
    'with a full boot partition or a full disk of state an update is refused, the PC comes up whole, and with room again it updates',
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
    const full = await refusedUpdate(guest, 'an update on a full disk');
    must(full.code === 'no-space', 'it is said that the disk is full', full);
    const after = await restart(pc, guest);
    await after.sh('rm /var/lib/phyllome/filler /var/lib/phyllome/rest');
    await call(after, 'osUpdate', { body: {} }, { seconds: 600 });
    await pc.powerOff();
    return {
      'full boot partition': `${error.code}: ${error.message}`,
      'full disk': `${full.code}: ${full.message}`,
    };
  },
};
