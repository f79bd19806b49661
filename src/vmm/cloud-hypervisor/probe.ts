// SPDX-License-Identifier: Apache-2.0
import { readFile, realpath } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { findBinary } from '../../host/binaries.ts';
import { installHint } from '../../host/install-hint.ts';
import { kernelRelease } from '../../host/identity.ts';
import { atLeastRelease } from '../../host/kernel-version.ts';
import { probePasst } from '../../host/passt.ts';
import { remembered } from '../answers-cache.ts';
import type { DriverDirectories } from '../drivers.ts';
import { findFlock, findVmm, probeKvm } from '../lean.ts';
import { findTool, type Tool } from '../tool.ts';
import { askVirtiofsd } from '../virtiofsd.ts';
import { askBinary, CloudHypervisorAnswers } from './answers.ts';
import { findFirmware, firmwareHint } from './firmware.ts';
import type { CloudHypervisorReport } from './report.ts';

const what = {
  program: 'cloud-hypervisor',
  source: 'a release of https://github.com/cloud-hypervisor/cloud-hypervisor',
};

// It insists on the third version of Landlock, which came with this kernel.
const landlockKernel = '6.2';

/**
 * Finds out everything that plans rest on. What the program says about itself is remembered until it changes; what an
 * administrator can change at any time is looked at anew.
 *
 * @throws PhyllomeError `vmm-not-found`, `vmm-too-old`, `vmm-probe-failed`
 */
export async function probe(
  architecture: Architecture,
  directories: DriverDirectories,
): Promise<CloudHypervisorReport> {
  const { cacheDirectory, runtimeDirectory } = directories;
  const binary = findVmm('cloud-hypervisor', what, directories);
  const virtiofsd = findTool('virtiofsd');
  const [answers, kvm, passt, virtiofsdAnswers, landlock] = await Promise.all([
    remembered(
      join(cacheDirectory, 'cloud-hypervisor.json'),
      CloudHypervisorAnswers,
      [await realpath(binary)],
      () => askBinary(binary),
    ),
    probeKvm(architecture, cacheDirectory),
    probePasst(runtimeDirectory),
    askVirtiofsd(virtiofsd.path, cacheDirectory),
    hasLandlock('/'),
  ]);
  return {
    vmm: 'cloud-hypervisor',
    binary,
    version: answers.version,
    architecture,
    answers,
    kvm,
    flock: findFlock(),
    firmware: {
      found: findFirmware(architecture, { own: directories.vmmDirectory(), binary }),
      install: firmwareHint(architecture),
    },
    passt,
    tools: {
      env: basic('env', '/usr/bin/env'),
      sh: basic('sh', '/bin/sh'),
      cat: basic('cat', '/bin/cat'),
      swtpm: findTool('swtpm'),
      swtpmSetup: { path: findBinary('swtpm_setup'), install: installHint('swtpm') },
      virtiofsd,
    },
    virtiofsd: virtiofsdAnswers,
    landlock: landlock && answers.options.includes('--landlock'),
  };
}

/** Programs that every Linux has. */
function basic(name: string, usual: string): Tool {
  return { path: findBinary(name) ?? usual, install: '' };
}

/** False also where it cannot be found out: without /sys/kernel/security a start that insists on it could fail. */
export async function hasLandlock(root: string): Promise<boolean> {
  if (atLeastRelease(kernelRelease(root), landlockKernel) !== true) return false;
  const modules = await readFile(join(root, 'sys/kernel/security/lsm'), 'utf8').catch(() => '');
  return modules.trim().split(',').includes('landlock');
}
