// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { PhyllomeError } from '../../contract/errors.ts';

/**
 * SHA-512 crypt with a salt of its own, which every installer takes. By openssl, which is on every PC that has HTTPS;
 * the password goes through its standard input, so no list of processes shows it.
 * @throws PhyllomeError `tool-missing`
 */
export async function hashPassword(password: string): Promise<string> {
  const child = spawn('openssl', ['passwd', '-6', '-stdin', '-noverify', '-quiet'], {
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'ENOENT'
          ? new PhyllomeError('tool-missing', {
              tool: 'openssl',
              purpose: 'hashing the password',
              install: 'openssl',
            })
          : cause,
      ),
    );
    child.once('close', resolve);
  });
  // One that ended early says so by its code.
  child.stdin.on('error', () => {}).end(`${password}\n`);
  const [output, code] = await Promise.all([text(child.stdout), ended]);
  const hash = output.trim();
  if (code !== 0 || !/^\$6\$[./0-9A-Za-z]+\$[./0-9A-Za-z]{86}$/.test(hash))
    throw new PhyllomeError('internal-error', {
      reason: `openssl could not hash a password (code ${String(code)})`,
    });
  return hash;
}
