// SPDX-License-Identifier: Apache-2.0
//
// With the real tools and swtpm in place of the chip of this PC, where both are installed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { findBinary } from '../../host/binaries.ts';
import { createTpm } from './tpm.ts';

const missing = ['swtpm', 'tpm2_createprimary', 'tpm2_unseal'].filter((tool) => findBinary(tool) === null);
const why = missing.length === 0 ? '' : ` (not installed: ${missing.join(', ')})`;

async function startTpm(): Promise<AsyncDisposable & { tcti: string }> {
  const folder = await mkdtemp(join(tmpdir(), 'phtpm-'));
  const socket = join(folder, 'tpm');
  const words = ['socket', '--tpm2', '--tpmstate', `dir=${folder}`, '--flags', 'not-need-init,startup-clear'];
  const server = ['--server', `type=unixio,path=${socket}`, '--ctrl', `type=unixio,path=${socket}.ctrl`];
  const child = spawn('swtpm', [...words, ...server], { stdio: 'ignore' });
  while (!existsSync(socket)) await delay(10);
  return {
    tcti: `swtpm:path=${socket}`,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      child.kill();
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

test.skipIf(missing.length > 0)(
  `a TPM opens what it sealed, and no other does${why}`,
  { timeout: 60_000 },
  async () => {
    await using one = await startTpm();
    await using other = await startTpm();
    const key = Buffer.alloc(32, 9);
    const tpm = createTpm({ TPM2TOOLS_TCTI: one.tcti });
    const note = await tpm.keep(key, 'vault');
    expect(JSON.stringify(note)).not.toContain(key.toString('base64').slice(0, 20));
    expect(await tpm.fetch(note)).toEqual(key);
    await expect(createTpm({ TPM2TOOLS_TCTI: other.tcti }).fetch(note)).rejects.toMatchObject({
      code: 'key-holder-unavailable',
    });
  },
);

test.skipIf(missing.length > 0)('a PC without one is told so', async () => {
  await expect(
    createTpm({ TPM2TOOLS_TCTI: 'device:/dev/no-such-tpm' }).keep(Buffer.alloc(32), 'vault'),
  ).rejects.toMatchObject({
    code: 'key-holder-unavailable',
    hint: expect.stringContaining('TPM 2.0'),
  });
});
