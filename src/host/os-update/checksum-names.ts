// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';

// What sha256sum writes: 64 digits, a blank, a blank or "*", the name. Names of ours have nothing else in them.
const line = /^[0-9a-f]{64} [ *]([A-Za-z0-9._~^-][A-Za-z0-9._~^+-]{0,254})$/;

/**
 * The names in SHA256SUMS. The sums themselves are systemd-sysupdate's business.
 * @param from where the list is, for people
 * @throws PhyllomeError `os-update-unusable` when a single line is not what it should be
 */
export function checksumNames(bytes: Buffer, from: string): string[] {
  const lines = bytes.toString('latin1').split('\n');
  if (lines.pop() !== '') throw unusable(from, 'its end is missing');
  const names = lines.map((text, index) => {
    const name = line.exec(text)?.[1];
    if (name === undefined || name === '.' || name === '..')
      throw unusable(from, `line ${index + 1} is not a checksum and a plain name`);
    return name;
  });
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw unusable(from, `it names ${twice} twice`);
  return names;
}

const unusable = (from: string, reason: string): PhyllomeError =>
  new PhyllomeError('os-update-unusable', { from, reason });
