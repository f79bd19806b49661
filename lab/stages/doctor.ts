// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import type { DoctorReport } from '../../src/contract/doctor.ts';
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
    // "doctor" ends with 4 when there is a problem: its report counts, whatever it says.
    const text = await guest.sh('phyllome doctor --json || [ $? = 4 ]', 300);
    const report = JSON.parse(text.slice(text.search(/^\{/m))) as DoctorReport;
    const { minimum, recommended } = report.tiers;
    const missed = (tier: typeof minimum): string[] =>
      tier.requirements
        .filter(({ met }) => met !== true)
        .map(({ id, met }) => `${id}${met === null ? '?' : ''}`);
    const unmet = missed(minimum).filter((id) => id !== 'disk?');
    must(unmet.length === 0, 'the PC reaches the minimum', unmet);
    must(
      missed(recommended).join() === outOfReach.join(),
      'the doctor says what is missing',
      missed(recommended),
    );
    const bad = report.findings.filter(({ severity }) => severity === 'problem').map(({ id }) => id);
    must(bad.length === 0, 'the doctor finds no problem', bad);
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
