// SPDX-License-Identifier: Apache-2.0
//
// Encrypted disks: who can open them, and what is asked for to encrypt, open and decrypt them.
import { Type, type Static } from './schema.ts';

/** Who has what opens the key of a machine's disks. A passphrase always opens it, too. */
const keyHolders = ['passphrase', 'keyring', 'tpm'] as const;
export type KeyHolder = (typeof keyHolders)[number];

export const KeyHolderChoice = Type.Unsafe<KeyHolder>({
  type: 'string',
  enum: [...keyHolders],
  description:
    'passphrase: asked at each start; keyring: the keyring of your desktop keeps it; tpm: the TPM of this PC does',
});

/** Without a rule of its own: what breaks one is shown to whoever sent it, and this must not be. Checked where it is used. */
const Passphrase = Type.Unsafe<string>({
  description: 'Of the encrypted disks; at least 8 characters when it is a new one',
});

export const StartRequest = Type.Object(
  { passphrase: Type.Optional(Passphrase) },
  { additionalProperties: false, title: 'StartRequest' },
);
export type StartRequest = Static<typeof StartRequest>;

export const EncryptRequest = Type.Object(
  {
    passphrase: Passphrase,
    key: Type.Optional(KeyHolderChoice),
  },
  { additionalProperties: false, title: 'EncryptRequest' },
);
export type EncryptRequest = Static<typeof EncryptRequest>;

export const DecryptRequest = Type.Object(
  { passphrase: Type.Optional(Passphrase) },
  { additionalProperties: false, title: 'DecryptRequest' },
);
export type DecryptRequest = Static<typeof DecryptRequest>;

export const ChangePassphrase = Type.Object(
  {
    passphrase: Type.Optional(Passphrase),
    newPassphrase: Type.Optional(Passphrase),
    key: Type.Optional(KeyHolderChoice),
  },
  { additionalProperties: false, title: 'ChangePassphrase' },
);
export type ChangePassphrase = Static<typeof ChangePassphrase>;
