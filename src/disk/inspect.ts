// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { dirname, resolve, sep } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { errorCode } from '../host/files.ts';
import { formatOf } from './image-magic.ts';
import { headerLength, readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { pointsBehindEnd } from './qcow2-tables.ts';
import { openRegularFile } from './regular-file.ts';

export interface ImageToInspect {
  file: string;
  /** What the definition says it is */
  format: string;
  /** Folder of the machine, which the image and what it rests on may not leave */
  directory: string;
  /** Damage is fine, since it is to be looked for: only where the image reaches to is checked */
  damaged?: boolean;
  /** Hears of each image, topmost first, as soon as it was read */
  onImage?: (image: InspectedImage) => void;
}

export interface InspectedImage {
  file: string;
  format: string;
  /** null for a raw image */
  header: Qcow2Header | null;
  /** A raw file beside it that holds its content */
  dataFile: string | null;
  /** What the guest sees (bytes) */
  virtualSize: number;
}

/** Images that rest on each other; more than any tool makes, and an end for those that rest on themselves. */
const longestChain = 64;

/**
 * Looks at a disk image before a VMM gets it: is it what the definition says, is it whole, and does it rest on
 * nothing but files of the machine? A guest can write any header into a raw disk, and who sends us a machine
 * can write any name into a qcow2 header; neither may make a VMM open files of this PC.
 *
 * Reads at most about 1 MiB and starts no program.
 *
 * @throws PhyllomeError `file-missing`, `file-unreadable`, `disk-format-mismatch`, `disk-damaged`, `disk-outside`,
 *   `disk-base-missing`
 */
export async function inspectImage({ file, format, ...how }: ImageToInspect): Promise<void> {
  let next: { file: string; format: string } | null = { file, format };
  for (let depth = 0; next !== null; depth += 1) {
    if (depth === longestChain)
      throw damaged(file, `it rests on a chain of more than ${longestChain} images`);
    next = await inspectOne(next.file, next.format, how, depth === 0 ? null : file);
  }
}

/**
 * @param above the disk that rests on this image; null for the disk itself
 * @returns the image that this one rests on
 */
async function inspectOne(
  file: string,
  format: string,
  { directory, damaged: mayBeDamaged = false, onImage }: Omit<ImageToInspect, 'file' | 'format'>,
  above: string | null,
): Promise<{ file: string; format: string } | null> {
  await using handle = await openRegularFile('disk', file, (path, error) => explain(path, error, above));
  const { size } = await handle.stat();
  const beginning = Buffer.alloc(headerLength);
  const { bytesRead } = await handle.read(beginning, 0, headerLength, 0);
  const bytes = beginning.subarray(0, bytesRead);
  const found = formatOf(bytes);
  if (found !== format) throw new PhyllomeError('disk-format-mismatch', { file, declared: format, found });
  if (format !== 'qcow2') {
    onImage?.({ file, format, header: null, dataFile: null, virtualSize: size });
    return null;
  }
  const header = readQcow2Header(mayBeDamaged ? withoutCorruptMark(bytes) : bytes, size);
  if (typeof header === 'string') throw damaged(file, header);
  const { virtualSize } = header;
  const dataFile = header.dataFile === null ? null : resolve(dirname(file), header.dataFile);
  onImage?.({ file, format, header, dataFile, virtualSize });
  if (!mayBeDamaged && (await pointsBehindEnd(handle, header, size)))
    throw damaged(file, 'it is cut off: parts of it lie behind its end');
  // Awaited here: a promise that fails while the handle is being closed would count as unhandled.
  return await followHeader(file, header, directory);
}

async function followHeader(file: string, { backing, dataFile }: Qcow2Header, directory: string) {
  if (dataFile !== null) await requireInside(file, dataFile, directory);
  if (backing === null) return null;
  const target = await requireInside(file, backing.file, directory);
  // Without a format QEMU would guess it from content that a guest may have written.
  if (backing.format === null) throw damaged(file, `it does not say which format ${backing.file} has`);
  // Other formats have names of further files in them.
  if (backing.format !== 'raw' && backing.format !== 'qcow2')
    throw damaged(file, `it rests on an image of the format ${backing.format}`);
  return { file: target, format: backing.format };
}

/** A name in a header as QEMU understands it: relative to the image, or "protocol:..." for what is no plain file. */
async function requireInside(file: string, name: string, directory: string): Promise<string> {
  const refuse = (target: string): never => {
    throw new PhyllomeError('disk-outside', { file, target });
  };
  if (/^[A-Za-z0-9+._-]+:/.test(name)) return refuse(name);
  const target = resolve(dirname(file), name);
  let real: string;
  try {
    real = await realpath(target);
  } catch (error) {
    throw explain(target, error, file);
  }
  return real.startsWith((await realpath(directory)) + sep) ? target : refuse(real);
}

/** QEMU sets it where it found damage, and then refuses to write; what may be repaired has it. */
function withoutCorruptMark(bytes: Buffer): Buffer {
  const copy = Buffer.from(bytes);
  const mark = 79;
  if (copy.length > mark && copy.readUInt32BE(4) === 3) copy[mark] = (copy[mark] ?? 0) & ~2;
  return copy;
}

function explain(file: string, error: unknown, above: string | null): PhyllomeError {
  const code = errorCode(error);
  if (code === 'ENOENT' && above !== null)
    return new PhyllomeError('disk-base-missing', { file: above, base: file }, { cause: error });
  if (code === 'ENOENT') return new PhyllomeError('file-missing', { what: 'disk', file }, { cause: error });
  const reason = code === 'EACCES' ? 'you may not read it' : reasonOf(error);
  return new PhyllomeError('file-unreadable', { what: 'disk', file, reason }, { cause: error });
}

function damaged(file: string, reason: string): PhyllomeError {
  return new PhyllomeError('disk-damaged', { file, reason });
}
