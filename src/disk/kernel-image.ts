// SPDX-License-Identifier: Apache-2.0
//
// What kernel images are made of. Nothing in them is trusted.
import { open, type FileHandle } from 'node:fs/promises';
import { readSome } from './read-some.ts';

export type Packing = 'xz' | 'zst' | 'gz';

const magics: Record<Packing, string> = { xz: 'fd377a585a00', zst: '28b52ffd', gz: '1f8b' };

function packingOf(content: Buffer): Packing | null {
  const beginning = content.toString('hex', 0, 6);
  return (['xz', 'zst', 'gz'] as const).find((kind) => beginning.startsWith(magics[kind])) ?? null;
}

/** Something packed inside of a kernel image. */
export interface KernelPayload {
  packing: Packing;
  /** Bytes from the beginning of the file */
  offset: number;
  /** null: up to the end of the file */
  length: number | null;
  /** An ELF of a PC kernel, of no use to VMMs without an entry for them */
  needsPvh: boolean;
}

/** What is packed in a kernel image; null when it is plain, or packed in another way. */
export async function kernelPayload(file: string): Promise<KernelPayload | null> {
  await using handle = await open(file);
  const head = await readSome(handle, 0, 1024);
  const whole = packingOf(head);
  if (whole !== null) return { packing: whole, offset: 0, length: null, needsPvh: false };
  return (await bzImagePayload(head, handle)) ?? zbootPayload(head);
}

/** Format: Documentation/arch/x86/boot.rst in the Linux sources. */
async function bzImagePayload(head: Buffer, handle: FileHandle): Promise<KernelPayload | null> {
  if (head.length <= 0x250 || head.toString('latin1', 0x202, 0x206) !== 'HdrS') return null;
  if (head.readUInt16LE(0x206) < 0x208) return null;
  const protectedMode = ((head[0x1f1] ?? 0) + 1) * 512;
  const offset = protectedMode + head.readUInt32LE(0x248); // payload_offset
  const size = head.readUInt32LE(0x24c); // payload_length
  const packing = packingOf(await readSome(handle, offset, 6));
  if (packing === null) return null;
  // The build appends the unpacked size, four bytes, to every kind but gzip, which has it anyway.
  const length = packing === 'gz' ? size : size - 4;
  return length > 0 ? { packing, offset, length, needsPvh: true } : null;
}

/** An EFI program that unpacks a kernel (drivers/firmware/efi/libstub/zboot-header.S): Fedora's kernels for ARM. */
function zbootPayload(head: Buffer): KernelPayload | null {
  if (head.length < 64 || head.toString('latin1', 0, 2) !== 'MZ') return null;
  if (head.toString('latin1', 4, 8) !== 'zimg') return null;
  const kind = head.toString('latin1', 24, 32).replace(/\0[\s\S]*$/, '');
  const packing = kind === 'gzip' ? 'gz' : kind.startsWith('zstd') ? 'zst' : null;
  if (packing === null) return null;
  return { packing, offset: head.readUInt32LE(8), length: head.readUInt32LE(12), needsPvh: false };
}

const noteSegment = 4;
const physicalEntry = 18; // XEN_ELFNOTE_PHYS32_ENTRY
const mostNotes = 2 ** 20;

/** Whether a 64-bit ELF has an entry point for VMMs (PVH), as they look for it: in its segments of notes. */
export async function hasPvhEntry(file: string): Promise<boolean> {
  await using handle = await open(file);
  const head = await readSome(handle, 0, 64);
  if (head.length < 64 || head.toString('latin1', 0, 5) !== '\x7fELF\x02') return false;
  const [offset, size, count] = [
    Number(head.readBigUInt64LE(32)),
    head.readUInt16LE(54),
    head.readUInt16LE(56),
  ];
  if (size < 56 || !Number.isSafeInteger(offset)) return false;
  const table = await readSome(handle, offset, size * Math.min(count, 64));
  for (let at = 0; at + size <= table.length; at += size) {
    if (table.readUInt32LE(at) !== noteSegment) continue;
    const [place, length] = [Number(table.readBigUInt64LE(at + 8)), Number(table.readBigUInt64LE(at + 32))];
    if (!Number.isSafeInteger(place) || length > mostNotes) continue;
    if (hasPvhNote(await readSome(handle, place, length))) return true;
  }
  return false;
}

function hasPvhNote(notes: Buffer): boolean {
  for (let at = 0; at + 12 <= notes.length;) {
    const [nameSize, size, type] = [
      notes.readUInt32LE(at),
      notes.readUInt32LE(at + 4),
      notes.readUInt32LE(at + 8),
    ];
    const name = notes.toString('latin1', at + 12, at + 12 + Math.min(nameSize, 8));
    if (type === physicalEntry && name === 'Xen\0') return true;
    at += 12 + Math.ceil(nameSize / 4) * 4 + Math.ceil(size / 4) * 4;
  }
  return false;
}
