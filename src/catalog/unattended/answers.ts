// SPDX-License-Identifier: Apache-2.0
//
// The answers that the templates are filled with: complete, and with the password hashed. What nobody said comes from
// the name of the machine and from this PC.
import type { Unattended } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Architecture } from '../../contract/machine.ts';

/** What this PC speaks and where it is. */
export interface Place {
  /** "fr_FR" */
  locale: string;
  keyboard: Keyboard;
  /** "Europe/Paris" */
  timezone: string;
}

/** As XKB names it. */
export interface Keyboard {
  layout: string;
  variant: string;
}

export interface Answers extends Place {
  user: {
    name: string;
    fullName: string;
    /** SHA-512 crypt; null: nobody logs in with a password */
    passwordHash: string | null;
    sshKeys: readonly string[];
  };
  hostname: string;
  desktop: boolean;
  /** The guest encrypts its own disk with it; no format takes it hashed */
  passphrase: string | null;
  /** Only for Windows, which knows no hashes */
  password: string | null;
  productKey: string | null;
  edition: string | null;
}

/** What a template knows besides the answers. */
export interface Facts {
  architecture: Architecture;
  /** Of the machine, while the installer runs too */
  firmware: 'uefi' | 'bios';
  /** Where the guest sees its first disk: "/dev/vda" */
  disk: string;
  /** Short id of the system, as in the catalogue */
  guestOs: string;
}

/** Where Linux sees the first serial port, on which an installer says how far it is. */
export function serialPort({ architecture }: Pick<Facts, 'architecture'>): string {
  return architecture === 'aarch64' ? '/dev/ttyAMA0' : '/dev/ttyS0';
}

/** One word of a POSIX shell, whatever is in it. Kickstart takes its words apart in the same way. */
export function shellWord(text: string): string {
  return `'${text.replaceAll("'", `'"'"'`)}'`;
}

/** How the answers get to an installer. */
export interface Delivery {
  /** To the installer's initrd (a path in it) or on a small ISO */
  by: 'initrd' | 'iso';
  /** Volume label of the ISO, by which the installer finds it */
  label: string;
  /** Text by path; parents are made */
  files: Readonly<Record<string, string>>;
  /** For the kernel of the installer. No secret is ever in it: everybody on the guest can read it */
  commandLine: string;
}

// crypt() in the installers, and openssl here, look at no more bytes than this; what follows would not count.
const mostPasswordBytes = 256;

/**
 * @param hash makes a SHA-512 crypt of a password
 * @throws PhyllomeError `answers-unusable`
 */
export async function completeAnswers(
  given: Unattended,
  machineName: string,
  place: Place,
  hash: (password: string) => Promise<string>,
): Promise<Answers> {
  const { user } = given;
  const password = user.password ?? null;
  if (password !== null && Buffer.byteLength(password) > mostPasswordBytes)
    throw unusable(`the password has more than ${mostPasswordBytes} bytes`);
  const sshKeys = (user.sshKeys ?? []).map((key) => key.trim());
  for (const key of sshKeys) requireSshKey(key);
  if (password === null && sshKeys.length === 0)
    throw unusable('without a password and without an SSH key nobody could log in');
  if (reservedNames.has(user.name)) throw unusable(`the user name "${user.name}" belongs to the system`);
  return {
    user: {
      name: user.name,
      // The field of /etc/passwd in which it ends has no room for these two.
      fullName: (user.fullName ?? '').replaceAll(/[:,]/g, ' ').trim() || user.name,
      passwordHash: password === null ? null : await hash(password),
      sshKeys,
    },
    hostname: given.hostname ?? hostnameOf(machineName),
    locale: given.locale ?? place.locale,
    keyboard: given.keyboard === undefined ? place.keyboard : readKeyboard(given.keyboard),
    timezone: given.timezone ?? place.timezone,
    desktop: given.packages === 'desktop',
    passphrase: given.diskEncryption?.passphrase ?? null,
    password,
    productKey: given.productKey ?? null,
    edition: given.edition ?? null,
  };
}

// Accounts that systems bring themselves: an installer refuses them in the middle of its work, or takes them over.
const reservedNames = new Set(
  (
    'root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc nobody messagebus sshd ' +
    'systemd-network systemd-resolve systemd-timesync polkitd adm shutdown halt operator ftp wheel sudo users staff ' +
    'admin'
  ).split(' '),
);

function requireSshKey(key: string): void {
  if (/^(ssh-|ecdsa-|sk-)[a-z0-9@.-]+ [A-Za-z0-9+/]+=*( .*)?$/.test(key)) return;
  const shown = key.length > 24 ? `${key.slice(0, 24)}...` : key;
  throw unusable(`"${shown}" is no public SSH key (a line such as "ssh-ed25519 AAAA... name")`);
}

function unusable(reason: string): PhyllomeError {
  return new PhyllomeError('answers-unusable', { reason });
}

/** The name of a machine as far as it can be that of a host: letters, digits and dashes. */
export function hostnameOf(machineName: string): string {
  const plain = machineName
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'machine' : plain;
}

/** "ch(fr)" has a variant, "de" has none. */
export function readKeyboard(text: string): Keyboard {
  const [, layout = 'us', variant = ''] = /^([a-z]+)(?:\(([^)]*)\))?$/.exec(text) ?? [];
  return { layout, variant };
}
