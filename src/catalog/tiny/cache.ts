// SPDX-License-Identifier: Apache-2.0
//
// Finished guests on disk: CACHE/tiny-ARCHITECTURE-FINGERPRINT/. A folder appears there whole, by a rename, or
// not at all; work in progress has its own folder beside it, whose name says which process works on it.
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { processStartTime } from '../../host/identity.ts';

export interface Manifest {
  version: string;
  /** What the guest was made of, for whoever wants to know */
  kernelPackages: string[];
  busybox: string;
  kernelRelease: string;
  /** Bytes; tell a file that a full disk cut short */
  kernelBytes: number;
  initrdBytes: number;
  microBytes: number;
}

export interface Built {
  kernel: string;
  initrd: string;
  /** The initial file system of micro machines, for the same kernel */
  micro: string;
  version: string;
}

const unusedFor = 30 * 24 * 3600 * 1000; // ms after which a guest of another version is thrown away

export const kernelFile = 'kernel';
export const initrdFile = 'initrd';
export const microFile = 'micro-initrd';
const manifestFile = 'manifest.json';

/**
 * Names what a guest is made from, without asking a package manager: our own files here and in guest/, and
 * `facts` (architecture, distribution).
 */
export async function fingerprint(directory: string, facts: readonly string[]): Promise<string> {
  const names = (await readdir(directory, { recursive: true }))
    .filter((name) => !name.endsWith('.test.ts'))
    .sort();
  const hash = createHash('sha256').update(JSON.stringify(facts));
  for (const name of names) {
    const content = await readFile(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EISDIR') return null;
      throw error;
    });
    if (content !== null) hash.update(JSON.stringify([name, content.length])).update(content);
  }
  return hash.digest('hex').slice(0, 16);
}

/** The guest in `directory` if it is there and whole, else null. */
export async function findBuilt(directory: string): Promise<Built | null> {
  const [kernel, initrd, micro, manifest] = [kernelFile, initrdFile, microFile, manifestFile].map((name) =>
    join(directory, name),
  ) as [string, string, string, string];
  try {
    const { version, kernelBytes, initrdBytes, microBytes } = JSON.parse(
      await readFile(manifest, 'utf8'),
    ) as Manifest;
    const sizes = await Promise.all([kernel, initrd, micro].map(async (file) => (await stat(file)).size));
    const expected = [kernelBytes, initrdBytes, microBytes];
    if (typeof version !== 'string' || sizes.some((size, index) => size !== expected[index])) return null;
    await utimes(manifest, new Date(), new Date()).catch(() => undefined);
    return { kernel, initrd, micro, version };
  } catch {
    // Missing or damaged: it is built again.
    return null;
  }
}

/** A new folder for work in progress, named after `directory` and this process. */
export async function workFolder(directory: string): Promise<string> {
  const folder = `${directory}.${process.pid}-${processStartTime(process.pid)}-${randomBytes(4).toString('hex')}.partial`;
  await mkdir(folder, { recursive: true });
  return folder;
}

/** Makes `finished` (on the same file system) the content of `directory`, durable before it is visible. */
export async function publish(finished: string, directory: string, manifest: Manifest): Promise<Built> {
  const file = await open(join(finished, manifestFile), 'w');
  await file.writeFile(`${JSON.stringify(manifest, null, 2)}\n`);
  await file.close();
  for (const name of [kernelFile, initrdFile, microFile, manifestFile, '.']) await sync(join(finished, name));
  for (;;) {
    try {
      await rename(finished, directory);
      await sync(join(directory, '..'));
    } catch (error) {
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
      // Somebody else was faster, or what is there is damaged.
      if ((await findBuilt(directory)) === null) {
        await rename(directory, `${finished}.damaged.partial`);
        continue;
      }
    }
    const built = await findBuilt(directory);
    if (built !== null) return built;
    throw new Error(`${directory} vanished while it was being made`);
  }
}

async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r');
  await handle.sync();
  await handle.close();
}

/** Removes what processes that are gone left half-made, and guests nobody has used for a month. */
export async function sweep(cacheDirectory: string, architecture: Architecture): Promise<void> {
  for (const name of await readdir(cacheDirectory)) {
    if (!name.startsWith(`tiny-${architecture}-`)) continue;
    const path = join(cacheDirectory, name);
    const [, pid, started] = /\.(\d+)-(\d+)-[0-9a-f]+(?:\.damaged)?\.partial$/.exec(name) ?? [];
    const gone = pid === undefined ? await isUnused(path) : processStartTime(Number(pid)) !== started;
    if (gone) await rm(path, { recursive: true, force: true });
  }
}

async function isUnused(directory: string): Promise<boolean> {
  const manifest = await stat(join(directory, manifestFile)).catch(() => null);
  return manifest !== null && Date.now() - manifest.mtimeMs > unusedFor;
}
