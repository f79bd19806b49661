// SPDX-License-Identifier: Apache-2.0
import type { Engine } from '../engine.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Machine } from '../../contract/api.ts';
import type { StoredMachine } from '../store.ts';
import { decryptMachine, encryptMachine, type EncryptionParts } from './change-encryption.ts';

export interface EncryptionFunctionParts extends EncryptionParts {
  view(machine: StoredMachine): Machine;
}

/** What people do with the encryption of a machine as a whole. */
export function createEncryption(
  parts: EncryptionFunctionParts,
): Pick<Engine, 'encryptMachine' | 'decryptMachine' | 'changePassphrase'> {
  const { store, diskKeys, definitions, view } = parts;
  return {
    encryptMachine: (ref, { passphrase, key = 'passphrase' }) =>
      encryptMachine(parts, store.find(ref), passphrase, key),
    decryptMachine: (ref, { passphrase }) => decryptMachine(parts, store.find(ref), passphrase),
    async changePassphrase(ref, { passphrase, newPassphrase, key }) {
      const machine = store.find(ref);
      if (newPassphrase === undefined && key === undefined)
        throw new PhyllomeError('bad-request', {
          reason: 'it changes neither the passphrase nor who keeps the key',
        });
      await diskKeys.change(machine, passphrase, { newPassphrase, holder: key });
      if (key === undefined) return view(machine);
      return view(await definitions.adapt(machine, () => [{ path: ['encryption', 'key'], value: key }]));
    },
  };
}
