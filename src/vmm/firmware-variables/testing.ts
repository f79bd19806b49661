// SPDX-License-Identifier: Apache-2.0
import { guidBytes, guids } from './guids.ts';
import type { Variable } from './variable-store.ts';

/** A volume as a firmware formats it, with a store of this size and some room behind it. */
export function emptyVolume(size: number): Buffer {
  const header = 72;
  const volume = Buffer.alloc(header + size + 1024, 0xff);
  volume.fill(0, 0, header);
  guidBytes(guids.variableVolume).copy(volume, 16);
  volume.writeBigUInt64LE(BigInt(volume.length), 32);
  volume.write('_FVH', 40, 'latin1');
  volume.writeUInt16LE(header, 48);
  let sum = 0;
  for (let at = 0; at < header; at += 2) sum += volume.readUInt16LE(at);
  volume.writeUInt16LE(-sum & 0xffff, 50);
  guidBytes(guids.authenticatedStore).copy(volume, header);
  volume.writeUInt32LE(size, header + 16);
  volume.fill(0, header + 20, header + 28);
  volume.writeUInt16LE(0xfe5a, header + 20);
  return volume;
}

export function someVariable(name: string, text: string): Variable {
  return {
    vendor: guids.global,
    name,
    attributes: 0x27,
    monotonicCount: 0n,
    timestamp: Buffer.alloc(16),
    publicKeyIndex: 0,
    data: Buffer.from(text),
  };
}
