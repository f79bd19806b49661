// SPDX-License-Identifier: Apache-2.0
//
// Update folders for tests, with real keys and signatures.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { updateFileNames, type Flavour } from './file-names.ts';

export const kiosk: Flavour = { edition: 'kiosk', distribution: 'debian', architecture: 'x86-64' };
const ids = { usr: '11111111-2222-4333-8444-555555555555', verity: '66666666-2222-4333-8444-555555555555' };

/** Names of a whole update. */
export const namesOf = (version: string, flavour: Flavour = kiosk): string[] =>
  Object.values(updateFileNames({ ...flavour, version }, ids));

/** The root of a PC that knows the key `updates`, and a second key that it does not know. */
export function createKeys() {
  const root = mkdtempSync(join(tmpdir(), 'ph-os-'));
  const home = join(root, 'gpg');
  mkdirSync(home, { mode: 0o700 });
  for (const folder of ['usr/bin', 'usr/lib/systemd', 'etc', 'run'])
    mkdirSync(join(root, folder), { recursive: true });
  symlinkSync('/usr/bin/gpg', join(root, 'usr/bin/gpg'));
  const gpg = (...args: string[]): Buffer =>
    execFileSync('gpg', ['--homedir', home, '--batch', '--yes', '--quiet', '--passphrase', '', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  for (const name of ['updates', 'stranger']) gpg('--quick-gen-key', name, 'ed25519', 'sign', 'never');
  writeFileSync(join(root, 'usr/lib/systemd/import-pubring.gpg'), gpg('--export', '=updates'));
  return {
    root,
    gpg,
    sign: (file: string, key = 'updates') =>
      void gpg('--local-user', `=${key}`, '--output', `${file}.gpg`, '--detach-sign', file),
    [Symbol.dispose]() {
      // What gpg left running in its home would keep it busy.
      execFileSync('gpgconf', ['--homedir', home, '--kill', 'all']);
      rmSync(root, { recursive: true, force: true });
    },
  };
}
export type Keys = ReturnType<typeof createKeys>;

/** A folder with these files, each holding `content`, and a signed list of them. */
export function makeFolder(keys: Keys, names: readonly string[], content = 'system') {
  const folder = mkdtempSync(join(keys.root, 'updates-'));
  const sum = createHash('sha256').update(content).digest('hex');
  for (const name of names) if (!name.includes('/')) writeFileSync(join(folder, name), content);
  const list = join(folder, 'SHA256SUMS');
  const write = (text: string | Buffer, key?: string): void => {
    writeFileSync(list, text);
    keys.sign(list, key);
  };
  write(names.map((name) => `${sum}  ${name}\n`).join(''));
  return {
    folder,
    list,
    url: pathToFileURL(folder).href,
    write,
    text: () => readFileSync(list, 'utf8'),
    sum,
  };
}
