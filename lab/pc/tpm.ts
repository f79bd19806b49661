// SPDX-License-Identifier: Apache-2.0
import type { ChildProcess } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { pcFiles } from './arguments.ts';
import type { Tools } from './tools.ts';

/** Starts the TPM 2.0 of a PC. It ends with the QEMU that connects to it; what it keeps stays in `folder`. */
export async function startTpm(tools: Tools, folder: string): Promise<ChildProcess> {
  const state = join(folder, 'tpm');
  const socket = join(folder, pcFiles.tpm);
  await mkdir(state, { recursive: true });
  const args = ['socket', '--tpm2', '--tpmstate', `dir=${state}`, '--ctrl', `type=unixio,path=${socket}`];
  const child = tools.start('swtpm', [...args, '--terminate'], 'ignore');
  while (!existsSync(socket)) {
    if (child.exitCode !== null) throw new Error(`swtpm ended with ${child.exitCode}`);
    await delay(20);
  }
  return child;
}
