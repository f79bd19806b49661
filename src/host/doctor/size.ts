// SPDX-License-Identifier: Apache-2.0
import type { Finding } from '../../contract/doctor.ts';
import type { HostReport } from '../../contract/host.ts';
import { finding, seen, type Check } from './finding.ts';

const GiB = 2 ** 30;
/** What makers call a GB of memory. */
const GB = 1e9;

/**
 * "A PC with so many GB": the kernel, the firmware and a graphics card in the processor take their part before Linux
 * counts, up to a tenth and a bit.
 */
export function hasMemory(bytes: number, gigabytes: number): boolean {
  return bytes >= gigabytes * GB * 0.87;
}

/** Memory that we may use: a container may have less than its PC. */
export function usableMemory({ memory }: HostReport): number | null {
  if (memory.totalBytes === null) return memory.limitBytes;
  return Math.min(memory.totalBytes, memory.limitBytes ?? Infinity);
}

export const gibibytes = (bytes: number): string => `${Math.round((bytes / GiB) * 10) / 10} GiB`;

export const checkSize: Check = (report) => [...cores(report), ...memory(report), ...swap(report)];

function cores({ cpu }: HostReport): Finding[] {
  const count = cpu.cores ?? cpu.threads;
  if (count === null || count >= 2) return [];
  return [
    finding({
      id: 'few-cores',
      severity: 'warning',
      title: 'This PC has one core.',
      explanation: 'Host and guests take turns on it. Two cores are the least for work with a guest.',
      evidence: [
        seen(
          '/sys/devices/system/cpu',
          `${cpu.cores ?? 'unknown'} cores, ${cpu.threads ?? 'unknown'} threads`,
        ),
      ],
    }),
  ];
}

function memory(report: HostReport): Finding[] {
  const findings: Finding[] = [];
  const bytes = usableMemory(report);
  const { totalBytes, hugePages } = report.memory;
  if (bytes !== null && !hasMemory(bytes, 8)) {
    findings.push(
      finding({
        id: 'little-memory',
        severity: hasMemory(bytes, 2) ? 'warning' : 'problem',
        title: `There is little memory: ${gibibytes(bytes)}.`,
        explanation: `The host keeps 1 GiB, so guests share ${gibibytes(Math.max(0, bytes - GiB))}. Small Linux systems need 1 GiB, desktops and Windows 11 need 4 GiB.`,
        evidence: [
          seen('/proc/meminfo MemTotal', totalBytes === null ? null : gibibytes(totalBytes)),
          seen(
            'cgroup limit',
            report.memory.limitBytes === null ? null : gibibytes(report.memory.limitBytes),
          ),
        ],
        next: [
          'Give guests little memory, and run one at a time.',
          'More memory is the cheapest way to a better PC for guests.',
        ],
      }),
    );
  }
  const reserved = hugePages.reduce((sum, { sizeBytes, total }) => sum + sizeBytes * total, 0);
  if (totalBytes !== null && reserved * 2 >= totalBytes) {
    findings.push(
      finding({
        id: 'memory-in-huge-pages',
        severity: 'warning',
        title: `${gibibytes(reserved)} of memory is reserved as huge pages.`,
        explanation: 'Nothing but programs that ask for huge pages can use it; machines of Phyllome do not.',
        evidence: hugePages
          .filter(({ total }) => total > 0)
          .map(({ sizeBytes, total, free }) =>
            seen(
              `/sys/kernel/mm/hugepages/hugepages-${sizeBytes / 1024}kB`,
              `${total} reserved, ${free} free`,
            ),
          ),
        next: ['Look for hugepages= in /proc/cmdline and vm.nr_hugepages in /etc/sysctl.d, and take it out.'],
      }),
    );
  }
  return findings;
}

// With much memory, nobody misses it.
const enoughWithoutSwap = 32;

function swap(report: HostReport): Finding[] {
  const bytes = usableMemory(report);
  if (bytes === null || report.memory.swap.length > 0 || hasMemory(bytes, enoughWithoutSwap)) return [];
  if (report.virtualised.container !== null) return [];
  return [
    finding({
      id: 'no-swap',
      severity: 'advice',
      title: 'There is no swap.',
      explanation:
        'When memory runs short the kernel has no place for what nobody uses, and ends programs instead, guests among them.',
      evidence: [seen('/proc/swaps', 'empty')],
      next: [
        'Install zram-tools (Debian, Ubuntu) or zram-generator (Fedora, Arch): compressed swap in memory, without wear on disks.',
      ],
    }),
  ];
}
