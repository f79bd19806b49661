// SPDX-License-Identifier: Apache-2.0
//
// What a guest sees on its disk, read from the image without starting a program. Nothing is trusted, and nothing is
// locked: an image may be read while a VMM writes it. Then the answer can be a mixture of old and new, so it is only
// good for judging what kind of disk this is.
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { inflateRawSync, zstdDecompressSync, constants as zlib } from 'node:zlib';
import type { Disk } from '../contract/machine.ts';
import { headerLength, readQcow2Header, type Qcow2Header } from './qcow2-header.ts';
import { readSome } from './read-some.ts';

export interface GuestBytes extends AsyncDisposable {
  /** Size of the guest's disk (bytes) */
  size: number;
  /**
   * @param offset where on the guest's disk
   * @param length at most `longestRead`; bytes behind the end of the disk are zero
   */
  read(offset: number, length: number): Promise<Buffer>;
}

export type ReadBytes = GuestBytes['read'];

const longestRead = 2 ** 20;
// Images that rest on each other, as in inspect.ts.
const longestChain = 64;

/**
 * Opens an image as the guest sees it. Backing files are followed: whoever asks about an image that is not inspected
 * (inspect.ts) must not show anybody the bytes.
 * @returns null when the content cannot be understood: encrypted, damaged, or held in a file of its own
 */
export async function openGuestBytes(
  file: string,
  format: Disk['format'],
  depth = 0,
): Promise<GuestBytes | null> {
  if (depth === longestChain) return null;
  await using undo = new AsyncDisposableStack();
  // A pipe would keep us waiting for whoever writes into it.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
  undo.defer(() => handle.close());
  const { size } = await handle.stat();
  if (format === 'raw') {
    const all = undo.move();
    const read: ReadBytes = (offset, length) => readAt(handle, offset, length);
    return { size, read, [Symbol.asyncDispose]: () => all.disposeAsync() };
  }
  const header = readQcow2Header(await readSome(handle, 0, headerLength), size);
  if (typeof header === 'string' || header.dataFile !== null || header.encrypted) return null;
  const backing = await openBacking(file, header, depth);
  if (backing === null && header.backing !== null) return null;
  if (backing !== null) undo.use(backing);
  const all = undo.move();
  return {
    size: header.virtualSize,
    read: (offset, length) => readGuest({ handle, header, backing }, offset, length),
    [Symbol.asyncDispose]: () => all.disposeAsync(),
  };
}

/** Opens an image that rests on no other: a file that somebody shows us must not show what is in files it names. */
export async function openLoneImage(file: string, format: Disk['format']): Promise<GuestBytes | null> {
  return openGuestBytes(file, format, longestChain - 1);
}

async function openBacking(
  file: string,
  { backing }: Qcow2Header,
  depth: number,
): Promise<GuestBytes | null> {
  if (backing === null || (backing.format !== 'raw' && backing.format !== 'qcow2')) return null;
  return openGuestBytes(resolve(dirname(file), backing.file), backing.format, depth + 1);
}

interface Layer {
  handle: FileHandle;
  header: Qcow2Header;
  backing: GuestBytes | null;
}

async function readGuest(layer: Layer, offset: number, length: number): Promise<Buffer> {
  if (length > longestRead) throw new RangeError(`${length} bytes at once`);
  const clusterSize = 2 ** layer.header.clusterBits;
  const parts: Buffer[] = [];
  for (let at = offset; at < offset + length;) {
    const inside = at % clusterSize;
    const wanted = Math.min(clusterSize - inside, offset + length - at);
    parts.push(await readInCluster(layer, at - inside, inside, wanted));
    at += wanted;
  }
  return Buffer.concat(parts);
}

// Bits of an entry of a second-level table, from docs/interop/qcow2.rst of QEMU's source.
const offsetMask = 0x00fffffffffffe00n;
const compressedBit = 1n << 62n;
const zeroBit = 1n;

async function readInCluster(
  { handle, header, backing }: Layer,
  cluster: number,
  inside: number,
  length: number,
): Promise<Buffer> {
  const clusterSize = 2 ** header.clusterBits;
  const entrySize = header.extendedL2 ? 16 : 8;
  const entriesPerTable = clusterSize / entrySize;
  const index = cluster / clusterSize;
  const below = async () => (await backing?.read(cluster + inside, length)) ?? Buffer.alloc(length);

  const l1Index = Math.floor(index / entriesPerTable);
  if (l1Index >= header.l1Size) return Buffer.alloc(length);
  const l1 = (await readAt(handle, header.l1Offset + l1Index * 8, 8)).readBigUInt64BE();
  const table = Number(l1 & offsetMask);
  if (table === 0) return below();
  const entry = (await readAt(handle, table + (index % entriesPerTable) * entrySize, 8)).readBigUInt64BE();
  if ((entry & compressedBit) !== 0n) {
    const whole = await readCompressed(handle, header, entry);
    return whole.subarray(inside, inside + length);
  }
  const place = Number(entry & offsetMask);
  // With extended tables bit 0 is reserved, and which parts are there stands behind the entry: too much for a glance.
  if (!header.extendedL2 && (entry & zeroBit) !== 0n) return Buffer.alloc(length);
  return place === 0 ? below() : readAt(handle, place + inside, length);
}

async function readCompressed(handle: FileHandle, header: Qcow2Header, entry: bigint): Promise<Buffer> {
  const clusterSize = 2 ** header.clusterBits;
  const offsetBits = BigInt(62 - (header.clusterBits - 8));
  const place = Number(entry & ((1n << offsetBits) - 1n));
  const sectors = Number((entry & (compressedBit - 1n)) >> offsetBits) + 1;
  const packed = await readAt(handle, place, sectors * 512 - (place % 512));
  // What stands behind the end of the packed cluster belongs to others, and a hostile one must not grow without end.
  const options = { maxOutputLength: clusterSize };
  const whole =
    header.compression === 'zstd'
      ? zstdDecompressSync(packed, options)
      : inflateRawSync(packed, { ...options, finishFlush: zlib.Z_SYNC_FLUSH });
  return Buffer.concat([whole], clusterSize);
}

/** Exactly so many bytes; zeros behind the end of the file. */
async function readAt(handle: FileHandle, position: number, length: number): Promise<Buffer> {
  return Buffer.concat([await readSome(handle, position, length)], length);
}
