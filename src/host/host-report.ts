// SPDX-License-Identifier: Apache-2.0
import type { AcceleratorVerdict, HostReport } from '../contract/host.ts';
import { reasonOf } from '../contract/errors.ts';
import type { Architecture } from '../contract/machine.ts';
import { accelerator } from './accelerator.ts';
import { hostArchitecture } from './architecture.ts';
import { findBinary } from './binaries.ts';
import { cpuCounts, cpuModel, memorySizes } from './cpu-memory.ts';
import { kernelRelease } from './identity.ts';
import { readOsRelease } from './os-release.ts';
import { toolReports } from './tools.ts';

const architectures: readonly Architecture[] = ['x86_64', 'aarch64', 'riscv64'];

/**
 * What this PC is and can do. Never throws: what cannot be read is null, and a note says why.
 *
 * @param cacheDirectory where the verdict about KVM is kept
 * @param root folder in which /proc, /sys and /etc are found
 */
export async function hostReport(cacheDirectory: string, root = '/'): Promise<HostReport> {
  const notes: string[] = [];
  const attempt = async <Value>(
    what: string,
    read: () => Value | Promise<Value>,
    otherwise: Value,
  ): Promise<Value> => {
    try {
      return await read();
    } catch (error) {
      notes.push(`${what} could not be read: ${reasonOf(error)}`);
      return otherwise;
    }
  };
  const os = readOsRelease(root);
  if (os['ID'] === undefined) notes.push('The distribution could not be read: there is no os-release file.');

  return {
    cpu: {
      architecture: hostArchitecture(),
      model: await attempt('The model of the processor', () => cpuModel(root), null),
      ...(await attempt<Counts>('The number of processors', () => cpuCounts(root), {
        cores: null,
        threads: null,
      })),
    },
    memory: await attempt<Sizes>('The memory', () => memorySizes(root), {
      totalBytes: null,
      availableBytes: null,
    }),
    kernel: await attempt('The kernel release', () => kernelRelease(root), null),
    os: {
      id: os['ID'] ?? null,
      name: os['PRETTY_NAME'] ?? os['NAME'] ?? null,
      version: os['VERSION_ID'] ?? null,
    },
    accelerators: await attempt('Whether KVM works', () => verdicts(cacheDirectory, root), []),
    tools: await attempt('The installed programs', () => toolReports(root), []),
    notes,
  };
}

type Counts = Pick<HostReport['cpu'], 'cores' | 'threads'>;
type Sizes = HostReport['memory'];

function verdicts(cacheDirectory: string, root: string): Promise<AcceleratorVerdict[]> {
  const installed = architectures.flatMap((architecture) => {
    const binary = findBinary(`qemu-system-${architecture}`, root);
    return binary === null ? [] : [{ architecture, binary }];
  });
  return Promise.all(installed.map((vmm) => accelerator({ ...vmm, cacheDirectory, root })));
}
