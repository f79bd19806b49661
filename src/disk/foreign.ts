// SPDX-License-Identifier: Apache-2.0
//
// Disk images that are about to be copied. Their makers are strangers: a header may name other files of this PC, which
// a program that reads the image would copy into it.
import type { FileHandle } from 'node:fs/promises';
import { PhyllomeError } from '../contract/errors.ts';
import { headerLength, readQcow2Header } from './qcow2-header.ts';
import { pointsBehindEnd } from './qcow2-tables.ts';
import { readSome } from './read-some.ts';

export type DiskFormat = 'qcow2' | 'raw' | 'vmdk' | 'vdi' | 'vhdx';

/**
 * Makes sure that an image is whole and holds all of its content itself. VDI and VHDX need no look: QEMU reads neither
 * of them together with other files.
 * @throws PhyllomeError `disk-damaged`, `disk-outside`
 */
export async function requireSelfContained(
  handle: FileHandle,
  file: string,
  format: DiskFormat,
): Promise<void> {
  if (format === 'qcow2') await requirePlainQcow2(handle, file);
  if (format === 'vmdk') await requirePlainVmdk(handle, file);
}

async function requirePlainQcow2(handle: FileHandle, file: string): Promise<void> {
  const { size } = await handle.stat();
  const header = readQcow2Header(await readSome(handle, 0, headerLength), size);
  if (typeof header === 'string') throw damaged(file, header);
  if (header.backing !== null) throw outside(file, header.backing.file);
  if (header.dataFile !== null) throw outside(file, header.dataFile);
  if (await pointsBehindEnd(handle, header, size))
    throw damaged(file, 'it is cut off: parts of it lie behind its end');
}

// The description in a VMDK begins at the second sector; QEMU reads 20 sectors of it ("Virtual Disk Format 5.0").
const descriptor = { offset: 512, length: 20 * 512 };
const noParent = 'ffffffff';

async function requirePlainVmdk(handle: FileHandle, file: string): Promise<void> {
  const header = await readSome(handle, 0, descriptor.offset + descriptor.length);
  if (header.toString('latin1', 0, 4) !== 'KDMV' || header.length < descriptor.offset)
    throw outside(file, 'the files that its description names');
  // Without a capacity of its own it is only a description, and names the files that have the content.
  if (header.readBigUInt64LE(12) === 0n) throw outside(file, 'the files that its description names');
  const text = header.toString('latin1', descriptor.offset);
  const parent = /parentFileNameHint\s*=\s*"?([^"\n\0]*)/i.exec(text)?.[1];
  const parentId = /parentCID\s*=\s*([0-9a-f]+)/i.exec(text)?.[1]?.toLowerCase();
  if (parent !== undefined || (parentId !== undefined && parentId !== noParent))
    throw outside(file, parent ?? 'the image it was made from');
}

const damaged = (file: string, reason: string) => new PhyllomeError('disk-damaged', { file, reason });
const outside = (file: string, target: string) => new PhyllomeError('disk-outside', { file, target });
