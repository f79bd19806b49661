// SPDX-License-Identifier: Apache-2.0
import { PassThrough } from 'node:stream';
import { setImmediate as soon } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { sendInput } from './input.ts';

function start() {
  const stdin = new PassThrough();
  const sent: string[] = [];
  const input = sendInput(stdin, (bytes) => void sent.push(Buffer.from(bytes).toString('latin1')));
  return { stdin, sent, input };
}

test('bytes go as they are, behind their number; then the end', async () => {
  const { stdin, sent, input } = start();
  stdin.end(Buffer.from('a\0\n\xff', 'latin1'));
  await soon();
  await soon();
  expect(sent).toEqual(['d 4\na\0\n\xff', 'e\n']);
  input.signal('INT');
  expect(sent.at(-1)).toBe('k INT\n');
});

test('no more is under way than the guest can keep', async () => {
  const { stdin, sent, input } = start();
  stdin.end(Buffer.alloc(100_000));
  await soon();
  await soon();
  expect(sent).toHaveLength(4);
  input.taken();
  expect(sent).toHaveLength(5);
  for (let more = 0; more < 6; more += 1) input.taken();
  await soon();
  expect(sent.at(-1)).toBe('e\n');
  expect(sent.reduce((sum, text) => sum + text.split('\n', 1)[0]!.length, 0)).toBeLessThan(100);
  const bytes = sent
    .map((text) => /^d (\d+)\n/.exec(text)?.[1])
    .reduce((sum, count) => sum + Number(count ?? 0), 0);
  expect(bytes).toBe(100_000);
});
