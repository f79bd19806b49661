// SPDX-License-Identifier: Apache-2.0
import { guidBytes } from './guids.ts';
import {
  added,
  aligned,
  startOfVariable,
  storeHeaderLength,
  variableHeaderLength,
  type Variable,
  type VariableStore,
} from './variable-store.ts';

/**
 * The volume with these variables in place of those it has, one behind the other, as the firmware writes them when it
 * tidies. Everything outside the store stays as it is.
 * @returns a sentence without its end when there is no room for them
 */
export function writeVariables(
  volume: Buffer,
  { offset, size }: Pick<VariableStore, 'offset' | 'size'>,
  variables: readonly Variable[],
): Buffer | string {
  const changed = Buffer.from(volume);
  const store = changed.subarray(offset, offset + size);
  store.fill(0xff, storeHeaderLength);
  let at = storeHeaderLength;
  for (const variable of variables) {
    const name = Buffer.from(`${variable.name}\0`, 'utf16le');
    const end = at + variableHeaderLength + name.length + variable.data.length;
    // The firmware needs room for a last header to see where they end.
    if (aligned(end) + variableHeaderLength > store.length) return 'its store has no room for more';
    store.writeUInt16LE(startOfVariable, at);
    store.writeUInt8(added, at + 2);
    store.writeUInt8(0, at + 3);
    store.writeUInt32LE(variable.attributes, at + 4);
    store.writeBigUInt64LE(variable.monotonicCount, at + 8);
    variable.timestamp.copy(store, at + 16, 0, 16);
    store.writeUInt32LE(variable.publicKeyIndex, at + 32);
    store.writeUInt32LE(name.length, at + 36);
    store.writeUInt32LE(variable.data.length, at + 40);
    guidBytes(variable.vendor).copy(store, at + 44);
    name.copy(store, at + variableHeaderLength);
    variable.data.copy(store, at + variableHeaderLength + name.length);
    at = aligned(end);
  }
  return changed;
}
