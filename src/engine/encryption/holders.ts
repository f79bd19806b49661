// SPDX-License-Identifier: Apache-2.0
import type { KeyHolder } from '../../contract/encryption.ts';
import { createKeyring } from './keyring.ts';
import { createTpm } from './tpm.ts';

/**
 * Somebody who keeps a random key for a machine, so that it can start when nobody is there to type a passphrase. What is
 * kept opens key.json, and key.json the disks: each alone is worth nothing.
 */
export interface Holder {
  name: Exclude<KeyHolder, 'passphrase'>;
  /** @returns what is noted in key.json to find it again. @throws PhyllomeError `key-holder-unavailable` */
  keep(key: Uint8Array, machineName: string): Promise<Record<string, string>>;
  /** @returns null when it has no such key. @throws PhyllomeError `key-holder-unavailable` */
  fetch(note: Readonly<Record<string, string>>): Promise<Buffer | null>;
  /** Of a key that is not needed any more. @throws PhyllomeError `key-holder-unavailable` */
  forget(note: Readonly<Record<string, string>>): Promise<void>;
}

/** Those that this version knows. @param env of the service: where the session of its user is */
export function keyHolderList(env: Readonly<Record<string, string | undefined>>): Holder[] {
  return [createKeyring(env), createTpm(env)];
}
