// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { freeMemory, hostCapacity } from './capacity.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** A PC as files: cores of `threadsPerCore` threads, and whatever else is given. */
async function pc(cores: number, threadsPerCore: number, files: Record<string, string> = {}) {
  const root = await mkdtemp(join(tmpdir(), 'ph-pc-'));
  const all: Record<string, string> = {
    'proc/meminfo': `MemTotal:       ${8 * 2 ** 20} kB\nMemAvailable:   ${6 * 2 ** 20} kB\nSwapFree:       ${2 ** 20} kB\n`,
    ...Object.fromEntries(
      Array.from({ length: cores * threadsPerCore }, (_, thread) => {
        const siblings = Array.from({ length: threadsPerCore }, (__, at) => (thread % cores) + at * cores);
        return [
          `sys/devices/system/cpu/cpu${thread}/topology/thread_siblings_list`,
          `${siblings.join(',')}\n`,
        ];
      }),
    ),
    ...files,
  };
  for (const [name, content] of Object.entries(all)) {
    await mkdir(dirname(join(root, name)), { recursive: true });
    await writeFile(join(root, name), content);
  }
  return { root, [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }) };
}

const unified = {
  'proc/self/mountinfo':
    '29 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate,memory_recursiveprot\n',
  'proc/self/cgroup': '0::/pods/box\n',
};

test('a PC without limits has what it has', async () => {
  await using host = await pc(4, 2);
  expect(hostCapacity(host.root)).toEqual({ threads: 8, threadsPerCore: 2, memoryBytes: 8 * GiB });
  expect(freeMemory(host.root)).toEqual({ availableBytes: 6 * GiB, swapBytes: GiB });
});

test('a core of a processor with large and small cores is a large one', async () => {
  const small = Object.fromEntries(
    [4, 5, 6, 7].map((thread) => [
      `sys/devices/system/cpu/cpu${thread}/topology/thread_siblings_list`,
      `${thread}\n`,
    ]),
  );
  await using host = await pc(2, 2, small);
  expect(hostCapacity(host.root)).toMatchObject({ threads: 8, threadsPerCore: 2 });
});

test('in a container (version 2) the tightest group around us counts', async () => {
  await using host = await pc(8, 1, {
    ...unified,
    'sys/fs/cgroup/pods/cpu.max': '250000 100000\n',
    'sys/fs/cgroup/pods/memory.max': 'max\n',
    'sys/fs/cgroup/pods/box/cpu.max': 'max 100000\n',
    'sys/fs/cgroup/pods/box/memory.max': `${2 * GiB}\n`,
    'sys/fs/cgroup/pods/box/memory.current': `${GiB}\n`,
    'sys/fs/cgroup/pods/box/memory.stat': `anon 1\ninactive_file ${256 * MiB}\n`,
  });
  expect(hostCapacity(host.root)).toEqual({ threads: 2, threadsPerCore: 1, memoryBytes: 2 * GiB });
  // Nothing is swapped out beyond what the container may have.
  expect(freeMemory(host.root)).toEqual({ availableBytes: GiB + 256 * MiB, swapBytes: 0 });
});

test('in a container (version 1) that sees only its own part', async () => {
  await using host = await pc(8, 1, {
    'proc/self/mountinfo':
      '33 31 0:30 /docker/ab /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n' +
      '35 31 0:32 /docker/ab /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n',
    'proc/self/cgroup': '4:memory:/docker/ab\n3:cpu,cpuacct:/docker/ab\n',
    'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us': '50000\n',
    'sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us': '100000\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': `${3 * GiB}\n`,
    'sys/fs/cgroup/memory/memory.usage_in_bytes': `${GiB}\n`,
  });
  expect(hostCapacity(host.root)).toEqual({ threads: 1, threadsPerCore: 1, memoryBytes: 3 * GiB });
  expect(freeMemory(host.root)).toEqual({ availableBytes: 2 * GiB, swapBytes: 0 });
});

test('no limit looks like a number in version 1', async () => {
  await using host = await pc(2, 1, {
    'proc/self/mountinfo': '35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n',
    'proc/self/cgroup': '4:memory:/\n1:cpu:/\n',
    'sys/fs/cgroup/memory/memory.limit_in_bytes': '9223372036854771712\n',
  });
  expect(hostCapacity(host.root).memoryBytes).toBe(8 * GiB);
});

test('taskset and cpusets count', async () => {
  await using host = await pc(8, 1, { 'proc/self/status': 'Name:\tnode\nCpus_allowed_list:\t0-2,6\n' });
  expect(hostCapacity(host.root).threads).toBe(4);
});

test('a container without /sys, and files full of nonsense', async () => {
  await using bare = await pc(0, 1, { 'proc/self/status': 'Cpus_allowed_list:\t0-3\n' });
  expect(hostCapacity(bare.root)).toEqual({ threads: 4, threadsPerCore: 1, memoryBytes: 8 * GiB });
  await using odd = await pc(2, 1, {
    ...unified,
    'proc/self/cgroup': 'what?\n\n0::/../../etc\n',
    'sys/fs/cgroup/cpu.max': 'a lot\n',
    'sys/fs/cgroup/memory.max': '-5e9\n',
    'proc/self/status': 'Cpus_allowed_list:\tall\n',
  });
  expect(hostCapacity(odd.root)).toEqual({ threads: 2, threadsPerCore: 1, memoryBytes: 8 * GiB });
});

test('the cache of ZFS can be had, though Linux does not say so', async () => {
  const arc = `name type data\nsize 4 ${2 * GiB}\nc_min 4 ${GiB / 2}\n`.replaceAll(' ', '    ');
  await using host = await pc(2, 1, { 'proc/spl/kstat/zfs/arcstats': arc });
  expect(freeMemory(host.root).availableBytes).toBe(7.5 * GiB);
});
