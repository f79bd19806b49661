// SPDX-License-Identifier: Apache-2.0
//
// The variables of a UEFI firmware, as EDK2 lays them out in flash: a firmware volume, in it a store, in it one variable
// behind the other, each with a byte that says whether it counts. Facts: UEFI PI volume 3 (firmware volumes) and EDK2's
// MdeModulePkg/Include/Guid/VariableFormat.h. Nothing of the bytes is believed: a guest can write them.
import { guids, readGuid } from './guids.ts';
import { isWriteInterrupted } from './interrupted-write.ts';

export interface Variable {
  vendor: string;
  name: string;
  attributes: number;
  monotonicCount: bigint;
  /** EFI_TIME, 16 bytes: of the last authenticated change */
  timestamp: Buffer;
  publicKeyIndex: number;
  data: Buffer;
}

export interface VariableStore {
  /** Of the store's header in the volume */
  offset: number;
  /** With its header */
  size: number;
  /** Those that count, in the order of the flash */
  variables: Variable[];
}

/** More than any volume of variables has (those of OVMF 528 KiB, of AAVMF 768 KiB). */
export const longestVolume = 4 * 2 ** 20;

const volumeHeaderLength = 56;
export const storeHeaderLength = 28;
export const variableHeaderLength = 60;
export const startOfVariable = 0x55aa;
/** States are flash: bits only go from 1 to 0. */
export const added = 0x3f;
// Its successor is being written: it counts as long as that one does not.
const beingReplaced = 0x3e;
const erased = 0xffffffff;

/**
 * Reads a volume.
 * @param bytes from its beginning; may go on behind its end
 * @returns null when no firmware has written to it yet; a sentence without its end when it cannot be understood
 */
export function readVariables(bytes: Buffer): VariableStore | string | null {
  if (bytes.every((byte) => byte === 0) || bytes.every((byte) => byte === 0xff)) return null;
  if (bytes.length < volumeHeaderLength || bytes.toString('latin1', 40, 44) !== '_FVH')
    return 'it is no firmware volume';
  if (readGuid(bytes, 16) !== guids.variableVolume) return 'it is a firmware volume for something else';
  const length = Number(bytes.readBigUInt64LE(32));
  const offset = bytes.readUInt16LE(48);
  if (length > bytes.length || length > longestVolume) return 'its volume is longer than the flash';
  if (offset < volumeHeaderLength || offset % 4 !== 0 || offset + storeHeaderLength > length)
    return 'the header of its volume is damaged';
  if (checksum(bytes.subarray(0, offset)) !== 0) return 'the checksum of its volume is wrong';
  const volume = bytes.subarray(0, length);
  if (readGuid(volume, offset) !== guids.authenticatedStore)
    return 'its variables are laid out in another way than authenticated ones';
  const size = volume.readUInt32LE(offset + 16);
  if (size < storeHeaderLength || offset + size > length) return 'its store is longer than its volume';
  if (volume.readUInt8(offset + 20) !== 0x5a || volume.readUInt8(offset + 21) !== 0xfe)
    return 'its store is not formatted';
  if (isWriteInterrupted(volume, offset + size))
    return 'its firmware was interrupted while it rewrote them, and has to finish that first';
  const variables = variablesIn(volume.subarray(offset, offset + size));
  return typeof variables === 'string' ? variables : { offset, size, variables };
}

function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at + 1 < bytes.length; at += 2) sum = (sum + bytes.readUInt16LE(at)) & 0xffff;
  return sum;
}

export const aligned = (offset: number): number => (offset + 3) & ~3;

function variablesIn(store: Buffer): Variable[] | string {
  const counting = new Map<string, { state: number; variable: Variable }>();
  let at = storeHeaderLength;
  while (at + variableHeaderLength <= store.length && store.readUInt16LE(at) === startOfVariable) {
    const state = store.readUInt8(at + 2);
    const [attributes, nameSize, dataSize] = [4, 36, 40].map((place) => store.readUInt32LE(at + place));
    if (attributes === undefined || nameSize === undefined || dataSize === undefined)
      throw new Error('three numbers were read');
    const isWritten = ![state === 0xff ? erased : 0, attributes, nameSize, dataSize].includes(erased);
    const dataAt = at + variableHeaderLength + (isWritten ? nameSize : 0);
    const end = dataAt + (isWritten ? dataSize : 0);
    if (end > store.length) return 'a variable reaches beyond the end of its store';
    if (state === added || state === beingReplaced) {
      const name = nameIn(store.subarray(at + variableHeaderLength, dataAt));
      if (name === null) return 'a variable has no proper name';
      const variable: Variable = {
        vendor: readGuid(store, at + 44),
        name,
        attributes,
        monotonicCount: store.readBigUInt64LE(at + 8),
        timestamp: Buffer.from(store.subarray(at + 16, at + 32)),
        publicKeyIndex: store.readUInt32LE(at + 32),
        data: Buffer.from(store.subarray(dataAt, end)),
      };
      const key = `${variable.vendor} ${name}`;
      const before = counting.get(key);
      // As the firmware does it: the first that is whole, else the one whose successor never came.
      if (before === undefined || (before.state === beingReplaced && state === added))
        counting.set(key, { state, variable });
    }
    at = aligned(end);
  }
  return [...counting.values()].map(({ variable }) => variable);
}

/** UTF-16 with a zero at its end; null when that is missing. */
function nameIn(bytes: Buffer): string | null {
  if (bytes.length < 2 || bytes.length % 2 !== 0 || bytes.readUInt16LE(bytes.length - 2) !== 0) return null;
  return bytes.toString('utf16le', 0, bytes.length - 2);
}
