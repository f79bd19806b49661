// SPDX-License-Identifier: Apache-2.0
//
// The root part on a PC of the tests, which kills itself in the middle of effect number AT:
// node fix-child.ts ROOT AT WORDS...
import type { Effects } from '../../src/privileged/effects.ts';
import { rootProgram } from '../../src/privileged/root-program.ts';

const [root = '', at = '', ...words] = process.argv.slice(2);
let count = 0;

const killed = (real: Effects): Effects =>
  Object.fromEntries(
    Object.entries(real).map(([name, act]) => [
      name,
      async (...given: unknown[]) => {
        const running = (act as (...parameters: unknown[]) => Promise<unknown>)(...given);
        // It has begun, and nobody waits for its end.
        if (String(count) === at) process.kill(process.pid, 'SIGKILL');
        count += 1;
        return await running;
      },
    ]),
  ) as unknown as Effects;

await rootProgram({ words, root, caller: undefined, effects: killed });
process.stdout.write(`${count}\n`);
