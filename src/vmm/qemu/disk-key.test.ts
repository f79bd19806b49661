// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { encryptedWith } from './disk-key.ts';

const layer = (name: string, encrypted: boolean, format = 'qcow2') => ({
  file: `/m/disks/${name}`,
  format,
  encrypted,
});
const encrypt = { format: 'luks', 'key-secret': 'disk-key' };
const file = (name: string) => ({ driver: 'file', filename: `/m/disks/${name}`, 'read-only': true });

test('a disk that is not encrypted is opened as before, with what it rests on', () => {
  expect(encryptedWith([])).toEqual({});
  expect(encryptedWith([layer('a', false), layer('b', false)])).toEqual({});
});

test('an encrypted one names the secret, for each encrypted image that it rests on, too', () => {
  expect(encryptedWith([layer('a', true)])).toEqual({ encrypt });
  // QEMU finds by itself what is not encrypted.
  expect(encryptedWith([layer('a', true), layer('b', false)])).toEqual({ encrypt });
  expect(encryptedWith([layer('a', true), layer('b', true), layer('c', false, 'raw')])).toEqual({
    encrypt,
    backing: {
      driver: 'qcow2',
      'read-only': true,
      file: file('b'),
      encrypt,
      backing: { driver: 'raw', 'read-only': true, file: file('c') },
    },
  });
});
