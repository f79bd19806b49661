// SPDX-License-Identifier: Apache-2.0
//
// The answers that an installer would ask for, as somebody types them. They hold passwords, so they live in one view only
// and go nowhere but into the request.
import { Unattended, type CatalogMedium } from '../../../contract/catalog.ts';
import { completeValue } from '../../../contract/validate.ts';
import { fold } from '../../text/fold.ts';

export type AnswerFormat = NonNullable<CatalogMedium['unattended']>;

export interface Answers {
  fullName: string;
  /** null: made of the full name */
  userName: string | null;
  password: string;
  repeated: string;
  /** null: made of the name of the machine */
  hostname: string | null;
  locale: string;
  /** Empty: that of this PC */
  keyboard: string;
  timezone: string;
  packages: 'minimal' | 'desktop';
  encrypt: boolean;
  passphrase: string;
  repeatedPassphrase: string;
  /** One a line */
  sshKeys: string;
  edition: string;
  productKey: string;
}

/** What is asked beyond user and place: not every way of installing can do everything. */
interface Offers {
  packages: boolean;
  encryption: boolean;
  /** Edition and product key */
  windows: boolean;
  /** The longest name of a computer; that of Windows has to fit into NetBIOS */
  hostnameLength: number;
}

const linux: Offers = { packages: true, encryption: true, windows: false, hostnameLength: 63 };
const image: Offers = { packages: false, encryption: false, windows: false, hostnameLength: 63 };
export const offers: Record<AnswerFormat, Offers> = {
  preseed: linux,
  autoinstall: linux,
  kickstart: linux,
  autoyast: linux,
  agama: linux,
  'cloud-init': image,
  ignition: image,
  autounattend: { packages: false, encryption: false, windows: true, hostnameLength: 15 },
};

export function firstAnswers(locale: string, timezone: string): Answers {
  return {
    fullName: '',
    userName: null,
    password: '',
    repeated: '',
    hostname: null,
    locale,
    keyboard: '',
    timezone,
    packages: 'desktop',
    encrypt: false,
    passphrase: '',
    repeatedPassphrase: '',
    sshKeys: '',
    edition: '',
    productKey: '',
  };
}

/** The same without anything secret, for when the request has gone. */
export function withoutSecrets(answers: Answers): Answers {
  return {
    ...answers,
    password: '',
    repeated: '',
    passphrase: '',
    repeatedPassphrase: '',
    productKey: '',
  };
}

/** Ada Lovelace -> ada; Élodie -> elodie */
export function userNameFrom(fullName: string): string {
  const words = fold(fullName)
    .split(/[^a-z0-9_-]+/)
    .map((word) => word.replace(/^[0-9-]+/, ''));
  return (words.find((word) => word !== '') ?? '').slice(0, 32);
}

/** My PC 2 -> my-pc-2 */
export function hostnameFrom(machineName: string, length: number): string {
  const name = fold(machineName)
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replace(/^-+/, '')
    .slice(0, length)
    .replace(/-+$/, '');
  return name === '' ? 'machine' : name;
}

export function userNameOf({ userName, fullName }: Answers): string {
  return userName ?? userNameFrom(fullName);
}

export function keysOf({ sshKeys }: Answers): string[] {
  return sshKeys
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

export type AnswerField = keyof Answers;
export type AnswerProblem =
  | 'userNameNeeded'
  | 'userNameBad'
  | 'userNameReserved'
  | 'fullNameBad'
  | 'passwordNeeded'
  | 'passwordBad'
  | 'notTheSame'
  | 'hostnameBad'
  | 'hostnameLong'
  | 'passphraseShort'
  | 'keyBad'
  | 'productKeyBad';

// Names that systems have for themselves; the service refuses them, too.
const reserved = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody messagebus sshd ' +
    'systemd-network systemd-resolve systemd-timesync polkitd adm shutdown halt operator ftp wheel sudo users staff admin'
  ).split(' '),
);
const reservedByWindows = new Set(['administrator', 'guest', 'defaultaccount', 'system', 'none']);

const control = /\p{Cc}/u;

/** What is wrong with the answers, by field. */
export function problemsOf(
  answers: Answers,
  format: AnswerFormat,
): Partial<Record<AnswerField, AnswerProblem>> {
  const offer = offers[format];
  const problems: Partial<Record<AnswerField, AnswerProblem>> = {};
  const user = userNameOf(answers);
  if (user === '') problems.userName = 'userNameNeeded';
  else if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(user)) problems.userName = 'userNameBad';
  else if ((offer.windows ? reservedByWindows : reserved).has(user)) problems.userName = 'userNameReserved';
  if (control.test(answers.fullName)) problems.fullName = 'fullNameBad';

  const keys = keysOf(answers);
  if (answers.password === '' && (offer.windows || keys.length === 0)) problems.password = 'passwordNeeded';
  else if (control.test(answers.password)) problems.password = 'passwordBad';
  if (answers.password !== answers.repeated) problems.repeated = 'notTheSame';
  if (keys.some((key) => !/^(?:ssh|ecdsa|sk)-[a-z0-9@.-]+ [A-Za-z0-9+/=]{16,}(?: .*)?$/.test(key)))
    problems.sshKeys = 'keyBad';

  const { hostname } = answers;
  if (hostname !== null && !/^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(hostname))
    problems.hostname = 'hostnameBad';
  else if (hostname !== null && hostname.length > offer.hostnameLength) problems.hostname = 'hostnameLong';

  if (offer.encryption && answers.encrypt) {
    if (answers.passphrase.length < 8) problems.passphrase = 'passphraseShort';
    else if (control.test(answers.passphrase)) problems.passphrase = 'passwordBad';
    if (answers.passphrase !== answers.repeatedPassphrase) problems.repeatedPassphrase = 'notTheSame';
  }
  if (
    offer.windows &&
    answers.productKey !== '' &&
    !/^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$/.test(answers.productKey)
  )
    problems.productKey = 'productKeyBad';
  return problems;
}

/** The answers as the service takes them. */
export function unattendedFrom(answers: Answers, format: AnswerFormat, machineName: string): Unattended {
  const offer = offers[format];
  const { fullName, password, locale, keyboard, timezone, passphrase, edition, productKey } = answers;
  const sshKeys = keysOf(answers);
  const result: Unattended = {
    user: {
      name: userNameOf(answers),
      ...(fullName.trim() !== '' && { fullName: fullName.trim() }),
      ...(password !== '' && { password }),
      ...(sshKeys.length > 0 && { sshKeys }),
    },
    hostname: answers.hostname ?? hostnameFrom(machineName, offer.hostnameLength),
    locale,
    ...(keyboard !== '' && { keyboard }),
    timezone,
    ...(offer.packages && { packages: answers.packages }),
    ...(offer.encryption && answers.encrypt && { diskEncryption: { passphrase } }),
    ...(offer.windows && edition !== '' && { edition }),
    ...(offer.windows && productKey !== '' && { productKey }),
  };
  // What our own checks let through the service takes, too.
  const { problems } = completeValue(Unattended, result);
  if (problems[0] !== undefined) throw new Error(`an answer is wrong at ${problems[0].path.join('.')}`);
  return result;
}
