// SPDX-License-Identifier: Apache-2.0
import { access, constants, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Architecture } from '../../contract/machine.ts';
import { rootSocket } from '../../contract/paths.ts';
import { accelerator } from '../../host/accelerator.ts';
import { findBinary } from '../../host/binaries.ts';
import { kernelRelease } from '../../host/identity.ts';
import { installHint } from '../../host/install-hint.ts';
import { probePasst } from '../../host/passt.ts';
import { remembered } from '../answers-cache.ts';
import { findTool } from '../tool.ts';
import { askVirtiofsd } from '../virtiofsd.ts';
import { askBinary, BinaryAnswers } from './binary-answers.ts';
import { probeConfidential } from './confidential-host.ts';
import { probeHostTpm } from './host-tpm.ts';
import { firmwareDirectories, readFirmware } from './firmware.ts';
import type { QemuReport } from './report.ts';

export interface ProbeDirectories {
  /** What was found out once is kept here */
  cacheDirectory: string;
  /** Parent of the run folders; passt has to be able to make sockets in it */
  runtimeDirectory: string;
}

/**
 * Finds out everything that plans rest on. What a program says about itself is remembered until the program
 * changes; what an administrator can change at any time (firmware, tools, permissions) is looked at anew.
 *
 * @throws PhyllomeError `vmm-missing`, `vmm-too-old`, `vmm-probe-failed`
 */
export async function probe(architecture: Architecture, directories: ProbeDirectories): Promise<QemuReport> {
  const { cacheDirectory, runtimeDirectory } = directories;
  const program = `qemu-system-${architecture}` as const;
  const binary = findBinary(program);
  if (binary === null)
    throw new PhyllomeError('vmm-missing', { binary: program, install: installHint(program) });
  const tools = {
    env: { path: findBinary('env') ?? '/usr/bin/env', install: '' },
    flock: findTool('flock'),
    swtpm: findTool('swtpm'),
    swtpmSetup: { path: findBinary('swtpm_setup'), install: installHint('swtpm') },
    virtiofsd: findTool('virtiofsd'),
  };
  const [answers, verdict, firmware, passt, virtiofsd, vhostVsock, vhostNet, root, hostTpm, confidential] =
    await Promise.all([
      rememberedAnswers(binary, architecture, cacheDirectory),
      accelerator({ binary, architecture, cacheDirectory }),
      readFirmware(firmwareDirectories(process.env)),
      probePasst(runtimeDirectory),
      askVirtiofsd(tools.virtiofsd.path, cacheDirectory),
      mayUse('/dev/vhost-vsock'),
      mayUse('/dev/vhost-net'),
      mayUse(rootSocket),
      probeHostTpm(),
      probeConfidential(architecture === 'x86_64' ? binary : null),
    ]);
  return {
    vmm: 'qemu',
    binary,
    version: answers.version,
    architecture,
    answers,
    accelerator: verdict,
    firmware: { ...firmware, install: installHint(`uefi-${architecture}`) },
    tools,
    passt,
    virtiofsd,
    hostTpm,
    kernel: kernelRelease('/'),
    cables: root ? null : 'Only on Phyllome OS does root plug machines into bridges so far.',
    vhostNet,
    vhostVsock,
    confidential,
  };
}

async function rememberedAnswers(
  binary: string,
  architecture: Architecture,
  cacheDirectory: string,
): Promise<BinaryAnswers> {
  const file = join(cacheDirectory, `qemu-${architecture}.json`);
  const watched = [await realpath(binary), ...moduleDirectories(binary)];
  return remembered(file, BinaryAnswers, watched, () => askBinary(binary, architecture));
}

/** Where distributions put the modules of QEMU: a package that adds one adds devices to the binary. */
function moduleDirectories(binary: string): string[] {
  const prefix = dirname(dirname(binary));
  const libraries = [
    'lib',
    'lib64',
    'lib/x86_64-linux-gnu',
    'lib/aarch64-linux-gnu',
    'lib/riscv64-linux-gnu',
  ];
  return libraries.map((directory) => join(prefix, directory, 'qemu'));
}

async function mayUse(file: string): Promise<boolean> {
  return access(file, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
}
