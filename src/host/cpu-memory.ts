// SPDX-License-Identifier: Apache-2.0
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** How many processors the kernel schedules on, and how many physical cores they share. */
export function cpuCounts(root: string): { cores: number; threads: number } {
  const directory = join(root, 'sys/devices/system/cpu');
  // A processor that is switched off has a folder, but no topology.
  const siblings = readdirSync(directory)
    .filter((name) => /^cpu\d+$/.test(name))
    .flatMap((name) => readIfPresent(join(directory, name, 'topology/thread_siblings_list')) ?? []);
  return { cores: new Set(siblings).size, threads: siblings.length };
}

export function memorySizes(root: string): { totalBytes: number; availableBytes: number } {
  const text = readFileSync(join(root, 'proc/meminfo'), 'utf8');
  const bytesOf = (key: string): number => {
    const kibibytes = new RegExp(`^${key}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1];
    if (kibibytes === undefined) throw new Error(`/proc/meminfo has no ${key}`);
    return Number(kibibytes) * 1024;
  };
  return { totalBytes: bytesOf('MemTotal'), availableBytes: bytesOf('MemAvailable') };
}

function readIfPresent(file: string): string | null {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return null;
  }
}
