// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import type { Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { plain } from '../terminal/output.ts';

export const screenshot: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const wanted = input.text('output');
  const bytes = await client.screenshot(ref);
  if (wanted === '-' || (wanted === undefined && !output.terminal && !json)) {
    output.raw('stdout', bytes);
    return;
  }
  const file = wanted ?? fileName(ref, new Date());
  try {
    // A file that the person named may be replaced, one that we named may not.
    await writeFile(file, bytes, { flag: wanted === undefined ? 'wx' : 'w' });
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'file', file, reason: (error as Error).message });
  }
  if (json) output.json({ file, bytes: bytes.length });
  else output.say(`The screen of ${plain(ref)} is in ${plain(file)}`);
};

/** "tiny-20261123-071022.png"; what would need quotes in a shell becomes "_". */
export function fileName(name: string, time: Date): string {
  const stamp = time
    .toISOString()
    .replaceAll(/[-:]|\.\d+Z/g, '')
    .replace('T', '-');
  const safe = name
    .replaceAll(/[^\p{L}\p{N}._-]+/gu, '_')
    .replace(/^[.-]+/, '')
    .slice(0, 60);
  return `${safe === '' ? 'screen' : safe}-${stamp}.png`;
}
