// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { judge, missed } from './boot.ts';
import { must } from './expect.ts';
import { whenUp } from './guest.ts';
import { startSystem } from './system.ts';
import type { Stage } from './stage.ts';

// The recommended tier as far as an emulated PC can have it. Nobody knows what is behind its disk, and its graphics card
// draws for nobody: the doctor has to say exactly that.
const outOfReach = ['disk?', 'graphics'];

export const doctor: Stage = {
  name: 'doctor',
  shows:
    'on a large PC the doctor finds all of the recommended tier but what is not real here, and says what that is',
  images: [{ edition: 'headless' }],
  after: ['boot'],
  seconds: 150,
  async run(context) {
    await using pc = await startSystem(context, { spares: true, memoryMiB: 16 * 1024, vcpus: 8 });
    const guest = await whenUp(pc);
    const report = await judge(guest);
    const { minimum, recommended } = report.tiers;
    const unmet = missed(minimum).filter((id) => id !== 'disk?');
    must(unmet.length === 0, 'the PC reaches the minimum', unmet);
    must(
      missed(recommended).join() === outOfReach.join(),
      'the doctor says what is missing',
      missed(recommended),
    );
    await guest.sh(`phyllome doctor > /run/lab/doctor.txt || [ $? = 4 ]`, 300);
    context.say(
      (await guest.sh('cat /run/lab/doctor.txt')).trim().split('\n').slice(0, 12).join('\n        '),
    );
    await pc.screenshot(join(context.output, 'doctor.png'));
    await pc.powerOff();
    return {
      missing: missed(recommended),
      problems: report.findings.map(({ id, severity }) => `${severity}: ${id}`),
    };
  },
};
