// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { explainNoSpace, sync } from '../../host/files.ts';
import type { FoundKernel } from './find-kernel.ts';
import { unreadable } from './fstest.ts';
import type { GuestDisk } from './guest-disk.ts';
import type { LocatedFile } from './locate-file.ts';
import { unpackKernel } from './unpack-kernel.ts';

// What is taken from a guest's disk at most (bytes): real kernels have 10 to 70 MiB, initrds up to 300 MiB.
const largestKernel = 256 * 2 ** 20;
const largestInitrd = 2 ** 30;

const formatVersion = 1;
const names = { kernel: 'vmlinux', initrd: 'initrd', record: 'kernel.json' } as const;

/** Kernel and initrd of a guest, copied to this PC. */
export interface ExtractedKernel {
  kernel: string;
  initrd: string | null;
  /** As the guest's own boot loader would give it */
  commandLine: string;
  title: string;
  source: string;
  /** ISO 8601, UTC */
  extractedAt: string;
}

interface KernelRecord {
  formatVersion: typeof formatVersion;
  image: string;
  found: FoundKernel;
  extractedAt: string;
}

/** What was copied before; null when nothing was, or not as a whole. */
export async function readExtracted(folder: string, image: string): Promise<ExtractedKernel | null> {
  const record = await readRecord(folder, image);
  return record === null ? null : extractedOf(folder, record);
}

/** Is what was copied still what the guest would start? The command line alone may change without a new copy. */
export async function isCurrent(folder: string, image: string, found: FoundKernel): Promise<boolean> {
  const record = await readRecord(folder, image);
  if (record === null) return false;
  return filesIn(record.found) === filesIn(found);
}

const filesIn = ({ kernel, initrds }: FoundKernel): string => JSON.stringify([kernel, initrds]);

/**
 * Copies what was found, unpacks the kernel, and puts both in place in one step; what was there before stays until then.
 * @param folder holds nothing else; its parent exists
 * @throws PhyllomeError `guest-disk-unreadable`, `no-space`; the reason of the signal
 */
export async function extractKernel(
  disk: GuestDisk,
  found: FoundKernel,
  image: string,
  folder: string,
  signal?: AbortSignal,
): Promise<ExtractedKernel> {
  const fresh = besideOf(folder, 'new');
  await removeLeftOvers(folder);
  await mkdir(fresh, { recursive: true, mode: 0o700 });
  try {
    const packed = join(fresh, 'packed');
    await copy(disk, found.kernel, packed, largestKernel, image);
    const plain = { file: packed, target: join(fresh, names.kernel), limit: largestKernel, signal };
    if (await unpackKernel(plain)) await rm(packed);
    else await rename(packed, plain.target);
    if (found.initrds.length > 0) await joinInitrds(disk, found.initrds, fresh, image);
    const record: KernelRecord = { formatVersion, image, found, extractedAt: new Date().toISOString() };
    await writeFile(join(fresh, names.record), JSON.stringify(record), { mode: 0o600, flush: true });
    signal?.throwIfAborted();
    await replaceFolder(fresh, folder);
    return extractedOf(folder, record);
  } catch (error) {
    await rm(fresh, { recursive: true, force: true });
    throw explainNoSpace(error, "the guest's kernel", dirname(folder));
  }
}

/** The kernel stays; only what else the menu says has changed. */
export async function updateRecord(folder: string, image: string, found: FoundKernel): Promise<void> {
  const record = await readRecord(folder, image);
  if (record === null || JSON.stringify(record.found) === JSON.stringify(found)) return;
  const file = join(folder, names.record);
  const temporary = join(folder, `.${names.record}.tmp`);
  await writeFile(temporary, JSON.stringify({ ...record, found }), { mode: 0o600, flush: true });
  await rename(temporary, file);
}

async function copy(
  disk: GuestDisk,
  { device, path }: LocatedFile,
  target: string,
  limit: number,
  image: string,
): Promise<void> {
  if (!(await disk.copy(device, path, target, limit)))
    throw unreadable(image, `${path} vanished while it was read`);
  if ((await stat(target)).size === 0) throw unreadable(image, `${path} is empty`);
}

/** Several become one, each beginning at a multiple of four bytes, as boot loaders do it. */
async function joinInitrds(
  disk: GuestDisk,
  initrds: readonly LocatedFile[],
  folder: string,
  image: string,
): Promise<void> {
  const target = join(folder, names.initrd);
  const [first, ...others] = initrds;
  if (first === undefined) return;
  await copy(disk, first, target, largestInitrd, image);
  for (const other of others) {
    const part = join(folder, 'part');
    await copy(disk, other, part, largestInitrd, image);
    await append(part, target);
    await rm(part);
    if ((await stat(target)).size > largestInitrd) throw unreadable(image, 'its initrds are too large');
  }
}

async function append(part: string, target: string): Promise<void> {
  await using from = await open(part);
  await using to = await open(target, 'a');
  const { size } = await to.stat();
  await to.write(Buffer.alloc((4 - (size % 4)) % 4));
  for await (const bytes of from.createReadStream({ autoClose: false })) await to.write(bytes as Buffer);
  await to.sync();
}

/** Two renames: in the moment between them there is none, and the next start makes it again. */
async function replaceFolder(fresh: string, folder: string): Promise<void> {
  await sync(fresh);
  const old = besideOf(folder, 'old');
  if (existsSync(folder)) await rename(folder, old);
  await rename(fresh, folder);
  await sync(dirname(folder));
  await rm(old, { recursive: true, force: true });
}

/** What a killed service had begun to copy. */
export async function removeLeftOvers(folder: string): Promise<void> {
  for (const what of ['new', 'old']) await rm(besideOf(folder, what), { recursive: true, force: true });
}

const besideOf = (folder: string, what: string): string =>
  join(dirname(folder), `.${basename(folder)}.${what}`);

function extractedOf(folder: string, { found, extractedAt }: KernelRecord): ExtractedKernel {
  const { commandLine, title, source, initrds } = found;
  return {
    kernel: join(folder, names.kernel),
    initrd: initrds.length === 0 ? null : join(folder, names.initrd),
    commandLine,
    title,
    source,
    extractedAt,
  };
}

async function readRecord(folder: string, image: string): Promise<KernelRecord | null> {
  try {
    const record = JSON.parse(await readFile(join(folder, names.record), 'utf8')) as KernelRecord;
    const { kernel, initrd } = extractedOf(folder, record);
    const whole = existsSync(kernel) && (initrd === null || existsSync(initrd));
    return record.formatVersion === formatVersion && record.image === image && whole ? record : null;
  } catch {
    // Not there, or not one of ours: it is made again.
    return null;
  }
}

export function kernelMissing(file: string, looked: readonly string[]): PhyllomeError {
  return new PhyllomeError('guest-kernel-missing', { file, looked: looked.join('; ') });
}
