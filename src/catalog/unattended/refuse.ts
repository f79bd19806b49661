// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { Answers } from './answers.ts';

/** @throws PhyllomeError `answers-unusable` when the guest is to encrypt its disk, which these installers are not told how */
export function refuseEncryption({ passphrase }: Answers, who: string): void {
  if (passphrase === null) return;
  throw new PhyllomeError('answers-unusable', {
    reason: `${who} cannot be told to encrypt its disk. Phyllome itself can: "phyllome create --encrypt"`,
  });
}
