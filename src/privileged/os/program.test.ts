// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import type { OsAnswer, OsVerbName } from '../../contract/os.ts';
import { Type } from '../../contract/schema.ts';
import { osProgram } from './program.ts';
import type { Verb } from './verb.ts';

const Count = Type.Object({ to: Type.Integer({ minimum: 1 }) }, { additionalProperties: false });

function made(verb: Partial<Verb<{ to: number }>> = {}) {
  const root = mkdtempSync(join(tmpdir(), 'phyllome-root-'));
  const count: Verb<{ to: number }> = {
    request: Count,
    exclusive: true,
    run({ to }, { progress }) {
      progress({ step: 'counting', fraction: 0.5 });
      return Promise.resolve({ counted: to });
    },
    ...verb,
  };
  const known: Partial<Record<OsVerbName, () => Promise<Verb>>> = {
    power: () => Promise.resolve(count as Verb),
  };
  const input = new PassThrough();
  const output = new PassThrough();
  const ended = osProgram({ input, output, root, known });
  const answers = async (): Promise<OsAnswer[]> => {
    const said = await text(output);
    await ended;
    return said
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as OsAnswer);
  };
  return { root, input, answers };
}

test('tells progress, then the result', async () => {
  const { input, answers } = made();
  input.write('{"verb":"power","request":{"to":3}}\n');
  expect(await answers()).toEqual([
    { progress: { step: 'counting', fraction: 0.5 } },
    { result: { counted: 3 } },
  ]);
});

test.each([
  ['{"verb":"sh","request":{}}\n', 'no such verb'],
  ['{"verb":"__proto__"}\n', 'no such verb'],
  ['rm -rf /\n', 'not JSON'],
  ['null\n', 'no such verb'],
  ['{"verb":"power","request":{"to":0}}\n', 'to: found 0'],
  ['{"verb":"power","request":{"to":1,"as":"root"}}\n', 'unknown key'],
  ['x'.repeat(2 ** 20 + 1), 'too long'],
  ['', 'no request'],
])('refuses %.40s', async (line, reason) => {
  const { input, answers } = made();
  input.end(line);
  const [answer] = await answers();
  expect(answer?.error).toMatchObject({ code: 'bad-request' });
  expect(answer?.error?.message).toContain(reason);
});

test('whoever hangs up aborts what was asked for', async () => {
  const { input, answers } = made({
    run: (_, { signal }) =>
      new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => reject(new Error('aborted')));
      }),
  });
  input.write('{"verb":"power","request":{"to":1}}\n');
  setTimeout(() => input.end(), 20);
  expect(await answers()).toMatchObject([{ error: { code: 'internal-error' } }]);
});
