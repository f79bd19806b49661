// SPDX-License-Identifier: Apache-2.0
//
// What stages found out is kept: a stage is repeated when its images, its source or the lab itself changed.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Findings } from './stage.ts';

export interface Result {
  /** Of what it came from; another key means that it says nothing any more */
  key: string;
  passed: boolean;
  /** Why it did not pass */
  problem: string | null;
  findings: Findings;
  seconds: number;
  /** ISO 8601, UTC */
  at: string;
}

export interface Results {
  /** The result of a stage for a key; null when there is none */
  read(stage: string, key: string): Promise<Result | null>;
  write(stage: string, result: Result): Promise<void>;
}

export function createResults(folder: string): Results {
  const file = (stage: string): string => join(folder, `${stage}.json`);
  return {
    async read(stage, key) {
      const result = await readJson<Result>(file(stage));
      return result?.key === key ? result : null;
    },
    async write(stage, result) {
      await mkdir(folder, { recursive: true });
      await writeWhole(file(stage), `${JSON.stringify(result, null, 2)}\n`);
    },
  };
}

/** Stands for what a stage depends on. */
export const keyOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32);

/** Stands for the sources below a folder of the lab; tests are no part of it. */
export async function sourceKey(folder: string): Promise<string> {
  const names = (await readdir(folder, { recursive: true })).filter(
    (name) => name.endsWith('.ts') && !name.endsWith('.test.ts'),
  );
  const parts: string[] = [];
  for (const name of names.toSorted()) parts.push(name, await readFile(join(folder, name), 'utf8'));
  return keyOf(parts);
}

/**
 * SHA-256 of a file. It is read once as long as size and time of change stay: images have a GiB.
 * @param memory folder where that is remembered
 */
export async function fileKey(file: string, memory: string): Promise<string> {
  const { size, mtimeMs } = await stat(file);
  const note = join(memory, `${basename(file)}.sum`);
  const known = await readJson<{ file: string; size: number; mtimeMs: number; sum: string }>(note);
  if (known?.file === file && known.size === size && known.mtimeMs === mtimeMs) return known.sum;
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  const sum = hash.digest('hex');
  await mkdir(memory, { recursive: true });
  await writeWhole(note, JSON.stringify({ file, size, mtimeMs, sum }));
  return sum;
}

async function readJson<Value>(file: string): Promise<Value | null> {
  try {
    return JSON.parse(await readFile(file, 'utf8')) as Value;
  } catch {
    // Not there, or cut short by a crash: it is made again.
    return null;
  }
}

async function writeWhole(file: string, text: string): Promise<void> {
  await writeFile(`${file}.new`, text);
  await rename(`${file}.new`, file);
}
