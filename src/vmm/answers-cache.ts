// SPDX-License-Identifier: Apache-2.0
import { mkdir, readFile, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Static, TSchema } from '../contract/schema.ts';
import { completeValue } from '../contract/validate.ts';
import { writeAtomic } from '../host/files.ts';

/**
 * What a program said about itself, from a file in the cache as long as the program is the same one.
 *
 * @param watched files and folders whose change makes the answer worthless; missing ones count as such
 * @param ask is called when there is no answer for just these, or none that can be read
 */
export async function remembered<Schema extends TSchema>(
  cacheFile: string,
  schema: Schema,
  watched: readonly string[],
  ask: () => Promise<Static<Schema>>,
): Promise<Static<Schema>> {
  const key = JSON.stringify(await Promise.all(watched.map(fingerprint)));
  const known = await readCache(cacheFile, key, schema);
  if (known !== null) return known.answers;
  const answers = await ask();
  // A cache that cannot be written costs 0.1 s at the next start, nothing else.
  await writeCache(cacheFile, JSON.stringify({ key, answers })).catch(() => {});
  return answers;
}

async function fingerprint(path: string): Promise<unknown[]> {
  const found = await stat(path).catch(() => null);
  return [path, found?.mtimeMs ?? null, found?.size ?? null];
}

async function readCache<Schema extends TSchema>(file: string, key: string, schema: Schema) {
  try {
    const content = JSON.parse(await readFile(file, 'utf8')) as { key?: unknown; answers?: unknown };
    if (content.key !== key) return null;
    const { value, problems } = completeValue(schema, content.answers);
    return problems.length === 0 ? { answers: value as Static<Schema> } : null;
  } catch {
    // Missing or damaged: what it held can be asked again.
    return null;
  }
}

async function writeCache(file: string, content: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomic(file, content);
}
