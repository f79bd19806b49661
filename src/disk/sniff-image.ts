// SPDX-License-Identifier: Apache-2.0
//
// What a file is, by its content. Its name says nothing: a download that failed is often a web page named "x.iso".
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import type { ImageFormat } from '../contract/image.ts';
import { formatOf } from './image-magic.ts';
import { readSome } from './read-some.ts';

export interface Sniffed {
  format: ImageFormat;
  /** In words, to stand behind "it is": "an ISO image", "a web page" */
  found: string;
}

const beginningLength = 8192;
// ECMA-119 and ECMA-167: after 16 sectors of 2048 bytes comes a descriptor: its type (a byte), then its mark.
const descriptorOffset = 16 * 2048;
const descriptorMarks = ['CD001', 'BEA01'];
/** More bytes than these are not looked at. */
export const sniffLength = descriptorOffset + 6;

const names: Record<string, string> = {
  qcow2: 'a qcow2 disk',
  vmdk: 'a VMDK disk',
  vdi: 'a VDI disk',
  vhdx: 'a VHDX disk',
};
// Formats with a mark that we do not take.
const strangers: Record<string, string> = {
  vhd: 'a disk in the old VHD format ("qemu-img convert" makes qcow2 of it)',
  qed: 'a disk in the dead QED format ("qemu-img convert" makes qcow2 of it)',
};

// What people mistake for an image. Offsets and marks are those of the formats' own descriptions.
const others: readonly { found: string; offset: number; mark: string }[] = [
  { found: 'a gzip archive (unpack it first)', offset: 0, mark: '\x1f\x8b' },
  { found: 'an xz archive (unpack it first)', offset: 0, mark: '\xfd7zXZ\0' },
  { found: 'a bzip2 archive (unpack it first)', offset: 0, mark: 'BZh' },
  { found: 'a Zstandard archive (unpack it first)', offset: 0, mark: '\x28\xb5\x2f\xfd' },
  { found: 'a zip archive (unpack it first)', offset: 0, mark: 'PK\x03\x04' },
  { found: 'a 7-Zip archive (unpack it first)', offset: 0, mark: '7z\xbc\xaf\x27\x1c' },
  { found: 'a tar archive (unpack it first)', offset: 257, mark: 'ustar' },
  { found: 'an Apple disk image that is compressed', offset: 0, mark: 'encrcdsa' },
  { found: 'a PDF document', offset: 0, mark: '%PDF-' },
  { found: 'a program', offset: 0, mark: '\x7fELF' },
  { found: 'a program for Windows', offset: 0, mark: 'MZ' },
];

/**
 * @param beginning the first 8 KiB of a file, or all of it when it is shorter
 * @param descriptor six bytes from 32 KiB on, as far as it has them
 */
export function sniff(beginning: Buffer, descriptor: Buffer): Sniffed {
  if (beginning.length === 0) return { format: 'unknown', found: 'an empty file' };
  const format = formatOf(beginning);
  if (format in strangers) return { format: 'unknown', found: strangers[format] as string };
  if (format in names) return { format: format as ImageFormat, found: names[format] as string };
  // Before the partition table: ISO images that also boot from a stick have one, too.
  if (descriptorMarks.includes(descriptor.toString('latin1', 1)))
    return { format: 'iso', found: 'an ISO image' };
  const other = others.find(({ offset, mark }) => {
    return beginning.toString('latin1', offset, offset + mark.length) === mark;
  });
  // A program for Windows may end its first sector like a boot sector does, a disk never begins like one.
  if (other !== undefined) return { format: 'unknown', found: other.found };
  if (hasPartitions(beginning)) return { format: 'raw', found: 'a raw disk' };
  return { format: 'unknown', found: textIn(beginning) ?? nothingKnown(beginning) };
}

// The mark of a boot sector (MBR, and what protects a GPT), or a GPT on a disk with sectors of 512 or 4096 bytes.
function hasPartitions(beginning: Buffer): boolean {
  if (beginning[510] === 0x55 && beginning[511] === 0xaa) return true;
  return [512, 4096].some((offset) => beginning.toString('latin1', offset, offset + 8) === 'EFI PART');
}

function textIn(beginning: Buffer): string | null {
  // The last character may be cut in two.
  const text = new TextDecoder().decode(beginning, { stream: beginning.length === beginningLength });
  if (/[\p{Cc}\ufffd]/u.test(text.replaceAll(/\s/g, ''))) return null;
  // Comments may stand before. Not in one expression with the rest: hostile ones would keep it busy for ever.
  const bare = text.replaceAll(/<!--[\s\S]*?-->/g, '').trimStart();
  if (/^<(!doctype html|html|head|body|title)\b/i.test(bare)) return 'a web page';
  if (/^\s*<\?xml/.test(text)) return 'an XML document';
  return 'a text';
}

function nothingKnown(beginning: Buffer): string {
  if (beginning.every((byte) => byte === 0)) return 'a file that begins with nothing but zeros';
  return 'something unknown';
}

/** Looks at an open file. Reads about 8 KiB. */
export async function sniffHandle(handle: FileHandle): Promise<Sniffed> {
  return sniff(await readSome(handle, 0, beginningLength), await readSome(handle, descriptorOffset, 6));
}

/**
 * Looks at a file, never waits for one (a pipe, a device), and never follows a symbolic link.
 * @returns null when it is no regular file or cannot be read
 */
export async function sniffFile(file: string): Promise<Sniffed | null> {
  const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants;
  try {
    await using handle = await open(file, O_RDONLY | O_NONBLOCK | O_NOFOLLOW);
    if (!(await handle.stat()).isFile()) return null;
    return await sniffHandle(handle);
  } catch {
    // What cannot be read has no format that anybody could use; who wants to use it hears why.
    return null;
  }
}
