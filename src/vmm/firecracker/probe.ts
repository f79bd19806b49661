// SPDX-License-Identifier: Apache-2.0
import { realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { findBinary } from '../../host/binaries.ts';
import { probePasta } from '../../host/pasta.ts';
import { remembered } from '../answers-cache.ts';
import type { DriverDirectories } from '../drivers.ts';
import { findFlock, findVmm, probeKvm } from '../lean.ts';
import { askBinary, FirecrackerAnswers } from './answers.ts';
import type { FirecrackerReport } from './report.ts';

const what = {
  program: 'firecracker',
  source: 'a release of https://github.com/firecracker-microvm/firecracker, renamed to firecracker',
};

/**
 * Finds out everything that plans rest on. What the program says about itself is remembered until it changes; what an
 * administrator can change at any time is looked at anew.
 *
 * @throws PhyllomeError `vmm-not-found`, `vmm-too-old`, `vmm-probe-failed`
 */
export async function probe(
  architecture: Architecture,
  directories: DriverDirectories,
): Promise<FirecrackerReport> {
  const { cacheDirectory, runtimeDirectory } = directories;
  const binary = findVmm('firecracker', what, directories);
  const [answers, kvm, pasta] = await Promise.all([
    answersOf(binary, cacheDirectory),
    probeKvm(architecture, cacheDirectory),
    probePasta(runtimeDirectory),
  ]);
  return {
    vmm: 'firecracker',
    binary,
    version: answers.version,
    architecture,
    answers,
    kvm,
    flock: findFlock(),
    pasta,
    cat: findBinary('cat') ?? '/bin/cat',
  };
}

/** The same, without asking anybody else. @throws as `probe` */
export function probeBinary(directories: DriverDirectories): Promise<FirecrackerAnswers> {
  return answersOf(findVmm('firecracker', what, directories), directories.cacheDirectory);
}

async function answersOf(binary: string, cacheDirectory: string): Promise<FirecrackerAnswers> {
  const file = join(cacheDirectory, 'firecracker.json');
  return remembered(file, FirecrackerAnswers, [await realpath(binary)], () => askBinary(binary));
}
