// SPDX-License-Identifier: Apache-2.0
import type { MemoryReport } from '../../contract/host.ts';
import { cgroupLimits } from '../cgroup.ts';
import { numberIn, toNumber, type Tree } from '../tree.ts';

export function readMemory(tree: Tree, notes: string[]): MemoryReport {
  const info = tree.text('proc/meminfo') ?? '';
  const bytesOf = (key: string): number | null => {
    const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(info)?.[1];
    return kibibytes === undefined ? null : Number(kibibytes) * 1024;
  };
  const totalBytes = bytesOf('MemTotal');
  if (totalBytes === null) notes.push('The memory could not be read: /proc/meminfo has no MemTotal.');
  return {
    totalBytes,
    availableBytes: bytesOf('MemAvailable'),
    limitBytes: cgroupLimits(tree.root).memoryBytes,
    hugePages: readHugePages(tree),
    transparentHugePages: readTransparent(tree),
    ksm: readKsm(tree),
    swap: readSwap(tree),
  };
}

function readHugePages(tree: Tree): MemoryReport['hugePages'] {
  const directory = 'sys/kernel/mm/hugepages';
  return tree.list(directory).flatMap((name) => {
    const kibibytes = /^hugepages-(\d+)kB$/.exec(name)?.[1];
    if (kibibytes === undefined) return [];
    const total = numberIn(tree, `${directory}/${name}/nr_hugepages`) ?? 0;
    const free = numberIn(tree, `${directory}/${name}/free_hugepages`) ?? 0;
    return [{ sizeBytes: Number(kibibytes) * 1024, total, free }];
  });
}

function readTransparent(tree: Tree): MemoryReport['transparentHugePages'] {
  // The chosen one stands in brackets.
  const chosen = /\[(\w+)\]/.exec(tree.text('sys/kernel/mm/transparent_hugepage/enabled') ?? '')?.[1];
  return chosen === 'always' || chosen === 'madvise' || chosen === 'never' ? chosen : null;
}

// Pages of x86 and nearly every arm kernel. The exact size only changes how much is shown as saved.
const pageBytes = 4096;

function readKsm(tree: Tree): MemoryReport['ksm'] {
  const run = numberIn(tree, 'sys/kernel/mm/ksm/run');
  const sharing = numberIn(tree, 'sys/kernel/mm/ksm/pages_sharing');
  return {
    running: run === null ? null : run === 1,
    savedBytes: sharing === null ? null : sharing * pageBytes,
  };
}

// Filename Type Size Used Priority, in KiB; spaces in names are written \040.
function readSwap(tree: Tree): MemoryReport['swap'] {
  const lines = (tree.text('proc/swaps') ?? '').split('\n').slice(1);
  return lines.flatMap((line) => {
    const [path = '', type = '', size, used] = line.trim().split(/\s+/);
    const sizeKib = toNumber(size);
    if (sizeKib === null) return [];
    const kind = /^\/dev\/zram\d+$/.test(path) ? 'zram' : type === 'file' ? 'file' : 'partition';
    return [{ path, kind, sizeBytes: sizeKib * 1024, usedBytes: (toNumber(used) ?? 0) * 1024 }] as const;
  });
}
