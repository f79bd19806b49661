// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { checkImage } from '../../disk/backup-image.ts';
import type { TaskContext } from '../tasks.ts';
import { lockBackups, readBackups } from './backup-folder.ts';
import { damaged } from './backup-record.ts';

/**
 * Looks at every image of every backup of a machine: is it whole, does it rest on what it should, do its tables make sense?
 * @returns how many are fine
 * @throws PhyllomeError `backup-damaged` with all that is wrong, `backup-busy`
 */
export async function verifyBackups(directory: string, { signal, progress }: TaskContext): Promise<number> {
  await using _lock = await lockBackups(directory);
  const all = await readBackups(directory);
  const problems = new Map<string, string>();
  for (const [index, { id, directory: folder, record, problem }] of all.entries()) {
    progress(`Checking ${id}`, index / all.length);
    if (problem !== null) problems.set(id, problem);
    else
      for (const { image } of record?.disks ?? []) {
        const wrong = await checkImage(join(folder, image), signal);
        if (wrong !== null) problems.set(id, `${image}: ${wrong}`);
      }
  }
  if (problems.size === 0) return all.length;
  const [first = '', ...others] = [...problems].map(([id, problem]) => `${id}: ${problem}`);
  throw damaged([...problems.keys()].join(', '), [first, ...others].join('; '));
}
