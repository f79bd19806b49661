// SPDX-License-Identifier: Apache-2.0
//
// When a firmware tidies its variables, it writes them to a spare place first and notes how far it came, so that a power
// cut loses nothing. While such a note is open, what is in the store may be half of it, and the firmware will write over
// it at its next start. Facts: EDK2's fault tolerant write, MdeModulePkg/Include/Guid/SystemNvDataGuid.h; flash is 1 where
// nothing was written, so a flag is set when its bit is 0.
import { guids, guidBytes } from './guids.ts';

const blockHeaderLength = 32;
const noteLength = 40;
const recordLength = 40;
const allocated = 0x01;
const complete = 0x04;

/** @param end of the store in the volume; the notes come behind it */
export function isWriteInterrupted(volume: Buffer, end: number): boolean {
  const block = volume.indexOf(guidBytes(guids.workingBlock), end);
  if (block === -1 || block + blockHeaderLength > volume.length) return false;
  const queue = Math.min(Number(volume.readBigUInt64LE(block + 24)), volume.length);
  const last = Math.min(block + blockHeaderLength + queue, volume.length);
  for (let at = block + blockHeaderLength; at + noteLength <= last;) {
    const flags = volume.readUInt8(at);
    if ((flags & allocated) !== 0) return false;
    if ((flags & complete) !== 0) return true;
    const writes = Number(volume.readBigUInt64LE(at + 24));
    const extra = Number(volume.readBigUInt64LE(at + 32));
    at += noteLength + writes * (recordLength + extra);
  }
  return false;
}
