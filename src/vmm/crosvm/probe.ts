// SPDX-License-Identifier: Apache-2.0
import { access, constants, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { probePasst } from '../../host/passt.ts';
import { remembered } from '../answers-cache.ts';
import type { DriverDirectories } from '../drivers.ts';
import { findFlock, findVmm, probeKvm } from '../lean.ts';
import { askBinary, CrosvmAnswers } from './answers.ts';
import type { CrosvmReport } from './report.ts';
import { probeSandbox } from './sandbox.ts';

const source = 'built from https://chromium.googlesource.com/crosvm/crosvm, it has no releases';

/**
 * Finds out everything that plans rest on. What the program says about itself is remembered until it is another
 * build; what an administrator can change at any time is looked at anew.
 *
 * @throws PhyllomeError `vmm-not-found`, `vmm-too-old`, `vmm-probe-failed`
 */
export async function probe(
  architecture: Architecture,
  directories: DriverDirectories,
): Promise<CrosvmReport> {
  const { cacheDirectory, runtimeDirectory } = directories;
  const binary = findVmm('crosvm', { program: 'crosvm', source }, directories);
  const [answers, kvm, sandbox, passt, vhostVsock] = await Promise.all([
    rememberedAnswers(binary, cacheDirectory),
    probeKvm(architecture, cacheDirectory),
    probeSandbox(),
    probePasst(runtimeDirectory),
    mayUse('/dev/vhost-vsock'),
  ]);
  const { version } = answers;
  const flock = findFlock();
  return { vmm: 'crosvm', binary, version, architecture, answers, kvm, flock, sandbox, passt, vhostVsock };
}

/** Two builds may well have the same version, size and, in a reproducible build, time; they are two files, though. */
async function rememberedAnswers(binary: string, cacheDirectory: string): Promise<CrosvmAnswers> {
  const program = await realpath(binary);
  const { ino } = await stat(program);
  const file = join(cacheDirectory, 'crosvm.json');
  return remembered(file, CrosvmAnswers, [program, `${program} as inode ${ino}`], () => askBinary(binary));
}

async function mayUse(file: string): Promise<boolean> {
  return access(file, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}
