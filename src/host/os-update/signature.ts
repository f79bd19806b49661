// SPDX-License-Identifier: Apache-2.0
//
// Whether a list of updates is signed by whoever made the system that runs. systemd-sysupdate asks gpg the same question, with
// the same keys and options, before it installs; asked here first, the answer can be explained.
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';

// The owner's own key wins over that of the image: with it he publishes his own updates (systemd-sysupdate's order).
const keyrings = ['etc/systemd/import-pubring.gpg', 'usr/lib/systemd/import-pubring.gpg'];
const longest = 20_000;

/**
 * @param from where the list is, for people
 * @param root "/" outside of tests
 * @throws PhyllomeError `os-update-unsigned`
 */
export async function requireSigned(
  list: Buffer,
  signature: Buffer,
  from: string,
  root: string,
): Promise<void> {
  const refuse = (reason: string): PhyllomeError => new PhyllomeError('os-update-unsigned', { from, reason });
  const keyring = keyrings.map((path) => join(root, path)).find((path) => existsSync(path));
  if (keyring === undefined) throw refuse('the system that runs knows no key of updates');
  const folder = await mkdtemp(join(tmpdir(), 'phyllome-signature-'));
  try {
    const [listFile, signatureFile] = [join(folder, 'list'), join(folder, 'list.gpg')];
    await writeFile(listFile, list, { mode: 0o600 });
    await writeFile(signatureFile, signature, { mode: 0o600 });
    const { code, status } = await gpg(root, [
      '--no-options',
      '--no-default-keyring',
      '--no-auto-key-locate',
      '--no-auto-check-trustdb',
      '--batch',
      '--trust-model=always',
      `--homedir=${folder}`,
      `--keyring=${keyring}`,
      '--status-fd=1',
      '--verify',
      signatureFile,
      listFile,
    ]);
    const problem = problemOf(code, status);
    if (problem !== null) throw refuse(problem);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

// Words of gpg's status lines (doc/DETAILS), the telling ones first.
const problems: readonly (readonly [word: string, reason: string])[] = [
  ['BADSIG', 'the list was changed after it was signed'],
  ['REVKEYSIG', 'the key that signed it was revoked'],
  ['EXPKEYSIG', 'the key that signed it has expired, or the clock of this PC is wrong'],
  ['EXPSIG', 'its signature has expired, or the clock of this PC is wrong'],
  ['NO_PUBKEY', 'it is signed with a key that the system that runs does not know'],
  ['ERRSIG', 'its signature cannot be checked'],
  ['NODATA', 'its signature is none'],
];

function problemOf(code: number | null, status: string): string | null {
  const words = new Set(status.split('\n').map((line) => /^\[GNUPG:\] ([A-Z_]+)/.exec(line)?.[1]));
  const known = problems.find(([word]) => words.has(word));
  if (known !== undefined) return known[1];
  if (code === 0 && words.has('GOODSIG') && words.has('VALIDSIG')) return null;
  return code === null ? 'gpg did not end' : 'its signature is none';
}

function gpg(root: string, args: readonly string[]): Promise<{ code: number | null; status: string }> {
  const options = {
    timeout: longest,
    maxBuffer: 2 ** 18,
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
  };
  return new Promise((resolve, reject) => {
    execFile(join(root, 'usr/bin/gpg'), [...args], options, (error, status) => {
      if (error === null) resolve({ code: 0, status });
      else if (typeof error.code === 'string')
        reject(new PhyllomeError('os-tool-failed', { tool: 'gpg', reason: error.message }, { cause: error }));
      else resolve({ code: error.code ?? null, status });
    });
  });
}
