// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ToolFailed, runTool } from '../../catalog/tiny/tool.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { InstallerFiles } from './answers-folder.ts';
import type { KernelOnMedium } from './job.ts';
import { installerFiles } from './once.ts';

/**
 * Copies kernel and initrd out of an ISO image, which is only read.
 * @param folder is made
 * @throws PhyllomeError `tool-missing`, `unattended-unknown`; the reason of the signal
 */
export async function extractKernel(
  { medium, kernel, initrd, commandLine }: KernelOnMedium,
  folder: string,
  signal: AbortSignal,
): Promise<InstallerFiles> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const files = {
    kernel: join(folder, installerFiles.kernel),
    initrd: join(folder, installerFiles.initrd),
  };
  const extract = ['-extract', `/${kernel}`, files.kernel, '-extract', `/${initrd}`, files.initrd];
  try {
    await runTool('xorriso', ['-osirrox', 'on', '-indev', `stdio:${medium}`, ...extract], {
      purpose: "reading the installer's kernel from its medium",
      install: 'apt install xorriso',
      signal,
    });
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    throw new PhyllomeError(
      'unattended-unknown',
      { what: medium, reason: `its kernel is not where such media have it (${kernel}, ${initrd})` },
      { cause: error },
    );
  }
  // On a medium nothing may be written, and so it is with copies of it.
  await chmod(files.kernel, 0o600);
  await chmod(files.initrd, 0o600);
  return { ...files, commandLine };
}
