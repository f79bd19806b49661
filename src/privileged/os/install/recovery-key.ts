// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';

// Digits that lie on the same keys of nearly every keyboard, as Yubico chose them; systemd writes its recovery keys so, too.
const digits = 'cbdefghijklnrtuv';

/** 256 bits of chance as eight groups of eight letters: made to be written on paper, and typed where no layout is loaded. */
export function makeRecoveryKey(bytes: Uint8Array = randomBytes(32)): string {
  const text = [...bytes].map((byte) => `${digits[byte >> 4]}${digits[byte & 15]}`).join('');
  return (text.match(/.{8}/g) ?? []).join('-');
}
