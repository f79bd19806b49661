// SPDX-License-Identifier: Apache-2.0
//
// The answers as somebody fills them in, what is wrong with them, and what is sent. Pure.
import { sameName } from '../../contract/disk-name.ts';
import type { EncryptionAnswer, InstallAnswers, OsDisk } from '../../contract/os-install.ts';

export const installSteps = ['disk', 'you', 'protection', 'confirm'] as const;
export type InstallStep = (typeof installSteps)[number];

export interface InstallDraft {
  /** Id of the disk; empty: none yet */
  disk: string;
  hostname: string;
  user: string;
  password: string;
  repeat: string;
  keyboard: string;
  timezone: string;
  locale: string;
  wifi: string;
  wifiPassword: string;
  kind: EncryptionAnswer['kind'];
  tpm: boolean;
  passphrase: string;
  passphraseRepeat: string;
  confirmation: string;
}

export function newDraft(hasTpm: boolean, timezone: string): InstallDraft {
  return {
    disk: '',
    hostname: 'phyllome',
    user: '',
    password: '',
    repeat: '',
    keyboard: 'us',
    timezone,
    locale: 'C.UTF-8',
    wifi: '',
    wifiPassword: '',
    kind: 'none',
    tpm: hasTpm,
    passphrase: '',
    passphraseRepeat: '',
    confirmation: '',
  };
}

/** Fields whose content cannot be used; one that is still empty is in `missing`. */
export type Field =
  | 'disk'
  | 'hostname'
  | 'user'
  | 'password'
  | 'repeat'
  | 'wifiPassword'
  | 'passphrase'
  | 'passphraseRepeat'
  | 'opens'
  | 'confirmation';

/** What keeps a step from being left. Fields that hold nothing yet are wrong, too, but need no words. */
export function problemsOf(draft: InstallDraft, step: InstallStep, chosen: OsDisk | undefined): Field[] {
  const bad: Record<InstallStep, [Field, boolean][]> = {
    disk: [['disk', chosen === undefined || chosen.refused !== null]],
    you: [
      ['hostname', !/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(draft.hostname)],
      ['user', !/^[a-z][a-z0-9_-]{0,30}$/.test(draft.user)],
      ['password', draft.password.length < 10 || new Set(draft.password).size < 4],
      ['repeat', draft.password !== draft.repeat],
      ['wifiPassword', draft.wifi !== '' && draft.wifiPassword !== '' && draft.wifiPassword.length < 8],
    ],
    protection:
      draft.kind === 'none'
        ? []
        : [
            ['passphrase', draft.passphrase !== '' && draft.passphrase.length < 8],
            ['passphraseRepeat', draft.passphrase !== draft.passphraseRepeat],
            ['opens', !draft.tpm && draft.passphrase === ''],
          ],
    confirm: [['confirmation', chosen === undefined || !sameName(draft.confirmation, chosen.name)]],
  };
  return bad[step].filter(([, isBad]) => isBad).map(([field]) => field);
}

export function answersOf(draft: InstallDraft): InstallAnswers {
  const { kind, tpm, passphrase, wifi, wifiPassword } = draft;
  return {
    disk: { id: draft.disk, confirmation: draft.confirmation },
    hostname: draft.hostname,
    user: { name: draft.user, password: draft.password },
    keyboard: draft.keyboard,
    timezone: draft.timezone,
    locale: draft.locale,
    ...(kind !== 'none' && { encryption: { kind, tpm, ...(passphrase !== '' && { passphrase }) } }),
    ...(wifi !== '' && { wifi: { name: wifi, ...(wifiPassword !== '' && { password: wifiPassword }) } }),
    afterwards: 'nothing',
  };
}

/** Pieces of the picture of a disk, in their order; what nothing has in between is a piece, too. */
export function pictureOf({ partitions, size }: Pick<OsDisk, 'partitions' | 'size'>) {
  const pieces: { part: OsDisk['partitions'][number] | null; bytes: number }[] = [];
  // Gaps of alignment are nothing anybody would look for.
  const least = size / 200;
  let end = 0;
  for (const part of partitions) {
    if (part.start - end > least) pieces.push({ part: null, bytes: part.start - end });
    pieces.push({ part, bytes: part.size });
    end = Math.max(end, part.start + part.size);
  }
  if (size - end > least) pieces.push({ part: null, bytes: size - end });
  return pieces;
}
