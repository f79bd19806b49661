// SPDX-License-Identifier: Apache-2.0
//
// Makes plain files of the compressed ones that kernel packages hold.
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { gunzipSync, zstdDecompressSync } from 'node:zlib';
import { runTool } from './tool.ts';

const tools = { purpose: 'unpacking the kernel of the tiny guest', install: 'apt-get install xz-utils' };

export interface Xz {
  program: string;
  signal: AbortSignal | undefined;
}

/** Replaces `x.xz`, `x.zst` and `x.gz` by `x` and returns the new names, in the same order. */
export async function unpackFiles(files: readonly string[], xz: Xz): Promise<string[]> {
  // All at once: starting a program for each would take longer than the work.
  const packed = files.filter((file) => file.endsWith('.xz'));
  if (packed.length > 0)
    await runTool(xz.program, ['-d', '-f', '--', ...packed], { ...tools, signal: xz.signal });
  for (const file of files) {
    if (/\.(zst|gz)$/.test(file)) {
      const packed = await readFile(file);
      await writeFile(
        plainName(file),
        file.endsWith('.gz') ? gunzipSync(packed) : zstdDecompressSync(packed),
      );
      await rm(file);
    }
  }
  return files.map(plainName);
}

const plainName = (file: string): string => file.replace(/\.(xz|zst|gz)$/, '');

const magics = { xz: 'fd377a585a00', zst: '28b52ffd', gz: '1f8b' };
const packing = (content: Buffer): 'xz' | 'zst' | 'gz' | null =>
  (['xz', 'zst', 'gz'] as const).find((kind) => content.toString('hex', 0, 6).startsWith(magics[kind])) ??
  null;

/**
 * Makes the kernel in `file` the fastest one to start. A PC kernel is an archive that unpacks itself, which takes
 * an emulated processor seconds: we unpack it once, here, if the ELF inside has an entry point for VMMs (PVH).
 * Kernels of other architectures are plain already, or packed as a whole.
 */
export async function unpackKernel(file: string, xz: Xz): Promise<void> {
  const image = await readFile(file);
  const payload = bzImagePayload(image);
  const kind = packing(payload ?? image);
  if (kind === null) return;
  const packed = `${file}.plain.${kind}`;
  await writeFile(packed, payload ?? image);
  const [plain = ''] = await unpackFiles([packed], xz);
  if (payload === null || hasPvhEntry(await readFile(plain))) await rename(plain, file);
  else await rm(plain);
}

// An ELF note: length of the name, any length of the content, type 18 (XEN_ELFNOTE_PHYS32_ENTRY), the name.
function hasPvhEntry(elf: Buffer): boolean {
  const end = Buffer.from('\x12\0\0\0Xen\0', 'latin1');
  for (let at = elf.indexOf(end); at !== -1; at = elf.indexOf(end, at + 1)) {
    if (at >= 8 && elf.readUInt32LE(at - 8) === 4) return true;
  }
  return false;
}

/** The packed ELF inside a PC kernel, or null. Format: Documentation/arch/x86/boot.rst in the Linux sources. */
function bzImagePayload(image: Buffer): Buffer | null {
  const isBzImage = image.length > 0x250 && image.toString('latin1', 0x202, 0x206) === 'HdrS';
  if (!isBzImage || image.readUInt16LE(0x206) < 0x208) return null;
  const protectedMode = ((image[0x1f1] ?? 0) + 1) * 512;
  const start = protectedMode + image.readUInt32LE(0x248); // payload_offset
  const end = start + image.readUInt32LE(0x24c); // payload_length
  // The build appends the unpacked size, four bytes, to every kind but gzip, which has it anyway.
  const payload = image.subarray(start, end);
  return packing(payload) === 'gz' ? payload : payload.subarray(0, -4);
}
