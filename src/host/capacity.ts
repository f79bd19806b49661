// SPDX-License-Identifier: Apache-2.0
//
// What this PC, or the container we run in, has to share between itself and its guests.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { cgroupLimits } from './cgroup.ts';
import { cpuCounts, memorySizes } from './cpu-memory.ts';

export interface Capacity {
  /** Hardware threads we may use */
  threads: number;
  /** Threads of its largest core: 2 with SMT (Hyper-Threading), else 1 */
  threadsPerCore: number;
  memoryBytes: number;
}

export interface FreeMemory {
  /** What programs can take without anything being swapped out */
  availableBytes: number;
  /** What could still be swapped out: taking it slows the PC down, but kills nothing */
  swapBytes: number;
}

/**
 * What this PC has: its threads and memory, less what a container or an administrator (taskset, cpu.max,
 * memory.max) keeps from us.
 * @param root folder in which /proc and /sys are found
 * @throws Error when /proc/meminfo cannot be read; there is no PC without one
 */
export function hostCapacity(root = '/'): Capacity {
  const limits = cgroupLimits(root);
  const allowed = allowedThreads(root);
  const { threads, threadsPerCore } = topology(root, allowed);
  const { totalBytes } = memorySizes(root);
  // Half a processor is none for a guest, but there is always one to share.
  const time = limits.processors === null ? Infinity : Math.max(1, Math.floor(limits.processors));
  return {
    threads: Math.min(threads, allowed ?? Infinity, time),
    threadsPerCore,
    memoryBytes: Math.min(totalBytes, limits.memoryBytes ?? Infinity),
  };
}

/** What of the memory is free at this moment. @throws Error when /proc/meminfo cannot be read */
export function freeMemory(root = '/'): FreeMemory {
  const limits = cgroupLimits(root);
  const { availableBytes } = memorySizes(root);
  const onHost = availableBytes + zfsCache(root);
  const inGroup = limits.memoryAvailableBytes;
  if (inGroup !== null && inGroup < onHost) return { availableBytes: inGroup, swapBytes: 0 };
  return { availableBytes: onHost, swapBytes: swapFree(root) };
}

function topology(root: string, allowed: number | null): { threads: number; threadsPerCore: number } {
  try {
    const { cores, threads } = cpuCounts(root);
    // Rounded up: processors with large and small cores have two threads on some cores only, and keeping "a core"
    // keeps a large one.
    if (threads > 0) return { threads, threadsPerCore: Math.ceil(threads / cores) };
  } catch {
    // Some containers hide /sys; what we may run on is still known.
  }
  return { threads: allowed ?? 1, threadsPerCore: 1 };
}

/** How many threads the scheduler may put us on: "0-3,8" are five. Null when unknown. */
function allowedThreads(root: string): number | null {
  const list = /^Cpus_allowed_list:\s*([\d,-]+)$/m.exec(read(join(root, 'proc/self/status')))?.[1];
  if (list === undefined) return null;
  const counts = list.split(',').map((range) => {
    const [first, last] = range.split('-').map(Number) as [number, number?];
    return (last ?? first) - first + 1;
  });
  return counts.reduce((sum, count) => sum + count, 0);
}

// ZFS keeps a cache that Linux does not count as available, although it gives it back when memory is wanted.
function zfsCache(root: string): number {
  const text = read(join(root, 'proc/spl/kstat/zfs/arcstats'));
  const value = (name: string): number =>
    Number(new RegExp(`^${name}\\s+\\d+\\s+(\\d+)$`, 'm').exec(text)?.[1] ?? 0);
  return Math.max(0, value('size') - value('c_min'));
}

function swapFree(root: string): number {
  return Number(/^SwapFree:\s+(\d+) kB$/m.exec(read(join(root, 'proc/meminfo')))?.[1] ?? 0) * 1024;
}

function read(file: string): string {
  if (!existsSync(file)) return '';
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}
