// SPDX-License-Identifier: Apache-2.0
//
// The answers of an installation without a person, from options and from whoever sits at the terminal. No secret is ever
// an argument: every user of this PC can read those of all processes.
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import type { Unattended } from '../contract/catalog.ts';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { Option } from './command.ts';
import type { Context } from './context.ts';
import { usageError } from './failure.ts';
import type { Input } from './parse.ts';
import { canAsk, newPassphrase, passphraseFromFile } from './terminal/ask-secret.ts';

export const unattendedOptions = {
  unattended: { summary: 'Install the system without questions; asks for a password first' },
  user: { summary: 'With --unattended: whom to make (default: you)', value: 'NAME' },
  'full-name': { summary: 'With --unattended: the name people read', value: 'TEXT' },
  'password-file': {
    summary: 'With --unattended: file with the password; "-": standard input',
    value: 'FILE',
    complete: 'file',
  },
  'ssh-key': {
    summary: 'With --unattended: file with public keys that may log in',
    value: 'FILE',
    many: true,
    complete: 'file',
  },
  hostname: { summary: "With --unattended: default the machine's name", value: 'NAME' },
  locale: { summary: 'With --unattended: e.g. fr_FR (default as on this PC)', value: 'LOCALE' },
  keyboard: { summary: 'With --unattended: e.g. us, ch(fr) (default as on this PC)', value: 'LAYOUT' },
  timezone: { summary: 'With --unattended: e.g. Europe/Paris (default as on this PC)', value: 'ZONE' },
  desktop: { summary: 'With --unattended: with a desktop (default: as little as possible)' },
  'encrypt-disk-file': {
    summary: 'With --unattended: passphrase of its own encryption',
    value: 'FILE',
    complete: 'file',
  },
  'product-key-file': {
    summary: 'With --unattended, Windows: the product key from a file',
    value: 'FILE',
    complete: 'file',
  },
  edition: { summary: 'With --unattended, Windows: e.g. "Windows 11 Pro"', value: 'NAME' },
} as const satisfies Record<string, Option>;

/** undefined: it was not asked for. @throws PhyllomeError `usage-error`, `file-unreadable` */
export async function readUnattended(
  context: Context,
  input: Input,
  command: string,
): Promise<Unattended | undefined> {
  if (!input.flag('unattended')) {
    const stray = Object.keys(unattendedOptions).find(
      (name) =>
        name !== 'unattended' && (name === 'desktop' ? input.flag(name) : input.texts(name).length > 0),
    );
    if (stray !== undefined) throw usageError(`--${stray} goes with --unattended.`, command);
    return undefined;
  }
  const sshKeys = (await Promise.all(input.texts('ssh-key').map(readKeys))).flat();
  const name = input.text('user') ?? ownName();
  const fullName = input.text('full-name');
  const password = await readPassword(context, input, command, sshKeys.length > 0);
  const passphrase = await passphraseFromFile(input, 'encrypt-disk-file');
  const productKey = (await passphraseFromFile(input, 'product-key-file'))?.trim();
  return {
    user: {
      name,
      ...(fullName !== undefined && { fullName }),
      ...(password !== undefined && { password }),
      ...(sshKeys.length > 0 && { sshKeys }),
    },
    ...given(input, ['hostname', 'locale', 'keyboard', 'timezone', 'edition']),
    ...(input.flag('desktop') && { packages: 'desktop' as const }),
    ...(passphrase !== undefined && { diskEncryption: { passphrase } }),
    ...(productKey !== undefined && { productKey }),
  };
}

type Words = 'hostname' | 'locale' | 'keyboard' | 'timezone' | 'edition';

function given(input: Input, names: readonly Words[]): Partial<Record<Words, string>> {
  return Object.fromEntries(
    names.flatMap((name) => {
      const text = input.text(name);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/** Nobody is asked who gave a key and has no terminal: then keys are the only way in. */
async function readPassword(
  context: Context,
  input: Input,
  command: string,
  hasKeys: boolean,
): Promise<string | undefined> {
  if (input.text('password-file') === undefined && hasKeys && !canAsk(context)) return undefined;
  return newPassphrase(context, input, command, 'password-file');
}

/** A file of public keys, one a line, as in ~/.ssh/*.pub or authorized_keys. */
async function readKeys(file: string): Promise<string[]> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').map((line) => line.trim());
    return lines.filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'SSH key', file, reason: reasonOf(error) });
  }
}

/** Our own name, as far as a guest takes it. */
function ownName(): string {
  const name = userInfo()
    .username.toLowerCase()
    .replaceAll(/[^a-z0-9_-]/g, '')
    .replace(/^[^a-z_]+/, '')
    .slice(0, 32);
  return name === '' || name === 'root' ? 'user' : name;
}
