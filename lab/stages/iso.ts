// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { LabDisk } from '../pc/pc-spec.ts';
import { inspect } from './boot.ts';
import { must } from './expect.ts';
import { bootLive } from './live-system.ts';
import type { Stage } from './stage.ts';

export const iso: Stage = {
  name: 'iso',
  shows: 'the ISO starts as a live system from an optical disc',
  images: [{ edition: 'headless' }],
  after: ['live'],
  seconds: 240,
  async run(context) {
    const file = context.image('headless').file.replace(/raw$/, 'iso');
    must(existsSync(file), `there is ${file} ("phyllome os build --iso" makes it)`);
    const disc: LabDisk = { id: 'disc', file, format: 'raw', bus: 'disc', readOnly: true };
    const { pc, guest } = await bootLive(context, [disc]);
    await using _ = pc;
    const findings = await inspect(guest, { root: 'tmpfs', asksDoctor: false });
    await pc.screenshot(join(context.output, 'iso.png'));
    await pc.powerOff();
    return findings;
  },
};
