// SPDX-License-Identifier: Apache-2.0
//
// press and type: the keyboard of a machine.
import { text } from 'node:stream/consumers';
import { requireStrokes } from '../../contract/keys.ts';
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';

export const press: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const keys = input.list('KEY');
  await client.call('pressKeys', { params: { ref }, body: { keys } });
  if (json) output.json({ pressed: keys });
  else output.note(`Pressed ${plain(keys.join(' '))}.`);
};

// What the API takes at once (contract/api.ts), in characters.
const mostAtOnce = 10_000;

export const type: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const given = input.argument('TEXT');
  const whole = given === '-' ? await text(process.stdin) : given;
  // The service would notice as well, but perhaps after it typed a part.
  requireStrokes(whole);
  let typed = 0;
  for (const part of partsOf(whole)) {
    const reply = await client.call('typeText', { params: { ref }, body: { text: part } });
    typed += reply.typed;
  }
  if (json) output.json({ typed });
  else output.note(`Typed ${typed} character${typed === 1 ? '' : 's'}.`);
};

/** A text in parts that the service takes; no character is cut in two, and neither is a line break. */
export function partsOf(whole: string, most = mostAtOnce): string[] {
  const parts: string[] = [];
  for (let begin = 0; begin < whole.length;) {
    let end = Math.min(begin + most, whole.length);
    if (end < whole.length && /[\ud800-\udbff\r]/.test(whole.charAt(end - 1))) end -= 1;
    parts.push(whole.slice(begin, end));
    begin = end;
  }
  return parts;
}
