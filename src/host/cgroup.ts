// SPDX-License-Identifier: Apache-2.0
//
// Where this process stands in the control groups of the kernel, and what they allow it. On a PC nothing is limited;
// in a container "the host" is what the container was given.
import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

export interface CgroupPlace {
  version: 1 | 2;
  /** Folder where the hierarchy is mounted, under the root that was asked for */
  mount: string;
  /** Our group in it, as an absolute path */
  group: string;
}

/** What the groups of a process allow it; null where nothing is limited. */
export interface CgroupLimits {
  /** Whole processors' worth of time; 1.5 means one and a half */
  processors: number | null;
  memoryBytes: number | null;
  /** What may still be taken of `memoryBytes`: cached files that nobody uses count as free */
  memoryAvailableBytes: number | null;
}

/**
 * Finds our group in the unified hierarchy (version 2), or in the hierarchy of one controller of version 1.
 * @returns a function of the controller, or of "unified"; null when there is no such hierarchy, or when it cannot be read
 */
export function cgroupPlaces(root = '/'): (controller: string) => CgroupPlace | null {
  const lines = (read(join(root, 'proc/self/cgroup')) ?? '')
    .split('\n')
    .map((text) => /^\d+:([^:]*):(.*)$/.exec(text));
  const mounted = mounts(root);
  return (controller) => {
    const line = lines.find((match) => match !== null && isOf(controller, match[1] ?? ''));
    const hierarchy = mounted.find(({ type, options }) =>
      controller === 'unified' ? type === 'cgroup2' : type === 'cgroup' && options.includes(controller),
    );
    if (line == null || hierarchy === undefined) return null;
    // A container may see only its own part of the hierarchy, and yet be told its place in the whole.
    const inside = relative(hierarchy.from, line[2] ?? '/');
    const mount = join(root, hierarchy.at);
    return {
      version: controller === 'unified' ? 2 : 1,
      mount,
      group: inside.startsWith('..') ? mount : join(mount, inside),
    };
  };
}

function isOf(controller: string, controllers: string): boolean {
  return controller === 'unified' ? controllers === '' : controllers.split(',').includes(controller);
}

/** The tightest limits of our group and of all groups around it. Never throws: what cannot be read limits nothing. */
export function cgroupLimits(root = '/'): CgroupLimits {
  const placeOf = cgroupPlaces(root);
  const levels = (controller: string): string[] => {
    const place = placeOf(controller);
    return place === null ? [] : upwards(place);
  };
  const [unified, cpu, memory] = [levels('unified'), levels('cpu'), levels('memory')];
  return {
    processors: least([...unified.map(processorsV2), ...cpu.map(processorsV1)]),
    memoryBytes: least([...unified.map(memoryV2), ...memory.map(memoryV1)]),
    memoryAvailableBytes: least([...unified.map(availableV2), ...memory.map(availableV1)]),
  };
}

/** The group and all groups around it, as far as they are mounted. */
function upwards({ mount, group }: CgroupPlace): string[] {
  const inside = relative(mount, group).split('/').filter(Boolean);
  return [mount, ...inside.map((_, index) => join(mount, ...inside.slice(0, index + 1)))];
}

function processorsV2(group: string): number | null {
  const [quota, period] = (read(join(group, 'cpu.max')) ?? '').split(/\s+/).map(Number);
  return ratio(quota, period);
}

function processorsV1(group: string): number | null {
  return ratio(number(join(group, 'cpu.cfs_quota_us')), number(join(group, 'cpu.cfs_period_us')));
}

// "max" and -1 mean no limit.
function ratio(quota: number | null | undefined, period: number | null | undefined): number | null {
  return quota != null && period != null && quota > 0 && period > 0 ? quota / period : null;
}

// Above memory.high a group is slowed down until it gives memory back, so that is its limit in practice.
const memoryV2 = (group: string): number | null =>
  least([number(join(group, 'memory.max')), number(join(group, 'memory.high'))]);

// Version 1 says "no limit" as the largest number of pages it can count.
const noLimitV1 = 2 ** 60;

function memoryV1(group: string): number | null {
  const limit = number(join(group, 'memory.limit_in_bytes'));
  return limit !== null && limit < noLimitV1 ? limit : null;
}

function availableV2(group: string): number | null {
  const used = number(join(group, 'memory.current'));
  return available(memoryV2(group), used, field(join(group, 'memory.stat'), 'inactive_file'));
}

function availableV1(group: string): number | null {
  const used = number(join(group, 'memory.usage_in_bytes'));
  return available(memoryV1(group), used, field(join(group, 'memory.stat'), 'total_inactive_file'));
}

function available(limit: number | null, used: number | null, cached: number): number | null {
  return limit === null || used === null ? null : Math.max(0, limit - Math.max(0, used - cached));
}

function field(file: string, name: string): number {
  return Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(read(file) ?? '')?.[1] ?? 0);
}

function number(file: string): number | null {
  const text = read(file)?.trim() ?? '';
  return /^-?\d+$/.test(text) ? Number(text) : null;
}

function least(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : Math.min(...known);
}

interface Mount {
  /** Which part of the hierarchy is mounted */
  from: string;
  at: string;
  type: string;
  options: string[];
}

/** Mounted hierarchies, from /proc/self/mountinfo: see proc_pid_mountinfo(5). */
function mounts(root: string): Mount[] {
  return (read(join(root, 'proc/self/mountinfo')) ?? '').split('\n').flatMap((line) => {
    const [own = '', other = ''] = line.split(' - ');
    const [, , , from, at] = own.split(' ').map(unescape);
    const [type = '', , options = ''] = other.split(' ');
    if (from === undefined || at === undefined || !type.startsWith('cgroup')) return [];
    return [{ from, at, type, options: options.split(',') }];
  });
}

// Blanks and backslashes in names are written as octal numbers.
const unescape = (text: string): string =>
  text.replaceAll(/\\([0-7]{3})/g, (_, octal: string) => String.fromCodePoint(Number.parseInt(octal, 8)));

function read(file: string): string | null {
  // Most of these files are missing on most PCs, and asking first costs a tenth of being refused.
  if (!existsSync(file)) return null;
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
}
