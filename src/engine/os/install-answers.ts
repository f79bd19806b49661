// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { InstallAnswers, InstallOffer } from '../../contract/os-install.ts';

// Names that the system has already, or that would be taken for something else.
const taken = new Set(
  `root daemon bin sys adm nobody sync mail lp news proxy backup list kvm disk tty video audio input render sudo wheel users
  games man phyllome kiosk gdm sshd messagebus polkitd tss avahi rtkit halt shutdown`.split(/\s+/),
);

/**
 * What no schema can say of answers.
 * @throws PhyllomeError `install-answer-unusable`
 */
export function requireUsableAnswers(
  { user, encryption }: Pick<InstallAnswers, 'user' | 'encryption'>,
  { tpm }: Pick<InstallOffer, 'tpm'>,
): void {
  if (taken.has(user.name) || user.name.startsWith('systemd-'))
    throw refuse('user name', `${user.name} is a name of the system itself`);
  if (encryption === undefined || encryption.kind === 'none') return;
  if (encryption.tpm && !tpm) throw refuse('encryption', 'this PC has no TPM 2.0 that could keep the key');
  if (!encryption.tpm && encryption.passphrase === undefined)
    throw refuse('encryption', 'nothing would open it: it needs a passphrase, the TPM, or both');
}

const refuse = (question: string, reason: string): PhyllomeError =>
  new PhyllomeError('install-answer-unusable', { question, reason });
