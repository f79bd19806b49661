// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { inspect } from './boot.ts';
import { whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import type { Stage } from './stage.ts';

export const noTpm: Stage = {
  name: 'no-tpm',
  shows: 'a PC without a TPM and without a network comes up whole all the same',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 120,
  async run(context) {
    await using pc = await startSystem(context, { tpm: false, online: false });
    const guest = await whenUp(pc);
    const findings = await inspect(guest, { asksDoctor: false });
    await pc.screenshot(join(context.output, 'no-tpm.png'));
    await pc.powerOff();
    return findings;
  },
};
