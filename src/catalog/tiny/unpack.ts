// SPDX-License-Identifier: Apache-2.0
//
// Makes plain files of the compressed ones that kernel packages hold.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { PhyllomeError } from '../../contract/errors.ts';
import { runTool } from './tool.ts';

export interface Unxz {
  /** A busybox that this PC can run, for when it has no xz; null if there is none */
  busybox: string | null;
  signal: AbortSignal | undefined;
}

/** Replaces `x.xz`, `x.zst` and `x.gz` by `x` and returns the new names, in the same order. */
export async function unpackFiles(files: readonly string[], unxz: Unxz): Promise<string[]> {
  // All at once: starting a program for each would take longer than the work.
  const xz = files.filter((file) => file.endsWith('.xz'));
  if (xz.length > 0) await runUnxz(xz, unxz);
  for (const file of files) {
    if (/\.(zst|gz)$/.test(file)) {
      const packed = await readFile(file);
      await writeFile(plainName(file), file.endsWith('.gz') ? gunzipSync(packed) : zstdDecompressSync(packed));
      await rm(file);
    }
  }
  return files.map(plainName);
}

const plainName = (file: string): string => file.replace(/\.(xz|zst|gz)$/, '');

async function runUnxz(files: readonly string[], { busybox, signal }: Unxz): Promise<void> {
  const options = { purpose: 'unpacking the kernel of the tiny guest', install: 'apt-get install xz-utils', signal };
  try {
    await runTool('xz', ['-d', '-f', '--', ...files], options);
  } catch (error) {
    const missing = error instanceof PhyllomeError && error.code === 'tool-missing';
    if (!missing || busybox === null) throw error;
    await runTool(busybox, ['unxz', '-f', ...files], options);
  }
}

const magics = { xz: 'fd377a585a00', zst: '28b52ffd', gz: '1f8b' };
const packing = (content: Buffer): 'xz' | 'zst' | 'gz' | null =>
  (['xz', 'zst', 'gz'] as const).find((kind) => content.toString('hex', 0, 6).startsWith(magics[kind])) ?? null;

/**
 * Makes the kernel in `file` the fastest one to start. A PC kernel is an archive that unpacks itself, which
 * takes an emulated processor seconds: we unpack it once, here. Any VMM starts the plain ELF inside (PVH).
 * Kernels of other architectures are plain already, or packed as a whole.
 */
export async function unpackKernel(file: string, unxz: Unxz): Promise<void> {
  const image = await readFile(file);
  const payload = bzImagePayload(image) ?? image;
  const kind = packing(payload);
  if (kind === null) return;
  const packed = `${file}.${kind}`;
  await writeFile(packed, payload);
  await unpackFiles([packed], unxz);
}

/** The packed ELF inside a PC kernel, or null. Format: Documentation/arch/x86/boot.rst in the Linux sources. */
export function bzImagePayload(image: Buffer): Buffer | null {
  const isBzImage = image.length > 0x250 && image.toString('latin1', 0x202, 0x206) === 'HdrS';
  if (!isBzImage || image.readUInt16LE(0x206) < 0x208) return null;
  const protectedMode = ((image[0x1f1] ?? 0) + 1) * 512;
  const start = protectedMode + image.readUInt32LE(0x248); // payload_offset
  const end = start + image.readUInt32LE(0x24c); // payload_length
  // The build appends the unpacked size, four bytes, to every kind but gzip, which has it anyway.
  const payload = image.subarray(start, end);
  return packing(payload) === 'gz' ? payload : payload.subarray(0, -4);
}
