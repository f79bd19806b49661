// SPDX-License-Identifier: Apache-2.0
//
// A cgroup file system is played by plain files: what the kernel would be told stands in them.
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { getPriority, tmpdir } from 'node:os';
import { spawn } from 'node:child_process';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openEnforcement, type EnforcementParts } from './enforcement.ts';

const GiB = 2 ** 30;
// More processors are wanted than there are, so who is not held to the share has to give way.
const share = { vcpus: 3, wantedVcpus: 4, memoryBytes: 7 * GiB, mostMemoryBytes: 7.5 * GiB };

async function root(files: Record<string, string>) {
  const folder = await mkdtemp(join(tmpdir(), 'ph-cg-'));
  const put = async (name: string, content: string, mode = 0o644) => {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
    await chmod(join(folder, name), mode);
  };
  for (const [name, content] of Object.entries(files)) await put(name, content);
  return {
    folder,
    put,
    read: (name: string) => readFile(join(folder, name), 'utf8'),
    open: (more: Partial<EnforcementParts> = {}) =>
      openEnforcement({ root: folder, env: {}, uid: 1000, ...more }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A process that waits to be ended. */
function sleeper() {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  return { pid: child.pid as number, [Symbol.dispose]: () => void child.kill('SIGKILL') };
}

const unified = (group: string) => ({
  'proc/self/mountinfo': '29 23 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n',
  'proc/self/cgroup': `0::${group}\n`,
  'sys/fs/cgroup/cgroup.controllers': 'cpuset cpu io memory pids\n',
});

describe('a control group of our own', () => {
  test.each([
    ['beside the group we stand in', '/box/service', 'sys/fs/cgroup/box'],
    ['at the top, where we stand there', '/', 'sys/fs/cgroup'],
  ])('%s', async (_, own, parent) => {
    await using pc = await root({
      ...unified(own),
      [`${parent}/cgroup.procs`]: '',
      [`${parent}/cgroup.subtree_control`]: 'memory\n',
    });
    const enforcement = await pc.open();
    // What is missing is asked for, and nothing is limited before there is something to limit.
    expect(await pc.read(`${parent}/cgroup.subtree_control`)).toBe('+cpu');
    await enforcement.limit(share);
    await expect(pc.read(`${parent}/phyllome/cpu.max`)).rejects.toThrow('ENOENT');

    using vmm = sleeper();
    await enforcement.place('id', [vmm.pid], share);
    expect(await pc.read(`${parent}/phyllome/cpu.max`)).toBe('300000 100000');
    expect(await pc.read(`${parent}/phyllome/memory.high`)).toBe(String(7 * GiB));
    expect(await pc.read(`${parent}/phyllome/memory.max`)).toBe(String(7.5 * GiB));
    expect(await pc.read(`${parent}/phyllome/cgroup.procs`)).toBe(String(vmm.pid));
    expect(enforcement.describe()).toContain('at most 3 of its processors and 7.0 GiB of its memory');
    expect(getPriority(vmm.pid)).toBe(getPriority());

    await enforcement.limit({ ...share, vcpus: 2 });
    expect(await pc.read(`${parent}/phyllome/cpu.max`)).toBe('200000 100000');
  });

  test('a kernel that changes its mind stops no machine; the next one tries again', async () => {
    await using pc = await root({
      ...unified('/box/service'),
      'sys/fs/cgroup/box/cgroup.procs': '',
      'sys/fs/cgroup/box/cgroup.subtree_control': 'cpu memory\n',
      // Where a group should be made stands a file.
      'sys/fs/cgroup/box/phyllome': '',
    });
    const enforcement = await pc.open();
    using vmm = sleeper();
    await enforcement.place('id', [vmm.pid], share);
    expect(enforcement.describe()).toMatch(/^Admission only: .*EEXIST/);
    expect(getPriority(vmm.pid)).toBe(5);

    await rm(join(pc.folder, 'sys/fs/cgroup/box/phyllome'));
    await enforcement.place('id', [vmm.pid], share);
    expect(enforcement.describe()).toContain('at most 3 of its processors');
  });
});

test('a service of the system stands below its own group, and the systemd of the system is not asked', async () => {
  const own = 'sys/fs/cgroup/phyllome.slice/phyllome.service';
  await using pc = await root({
    ...unified('/phyllome.slice/phyllome.service/service'),
    'run/systemd/system/x': '',
    'usr/bin/systemctl': '',
    'usr/bin/busctl': '',
    [`${own}/cgroup.procs`]: '',
    [`${own}/cgroup.subtree_control`]: '\n',
  });
  for (const tool of ['systemctl', 'busctl']) await pc.put(`usr/bin/${tool}`, '#!/bin/false\n', 0o755);
  const enforcement = await pc.open({ env: { XDG_RUNTIME_DIR: '/run' } });
  expect(await pc.read(`${own}/cgroup.subtree_control`)).toBe('+cpu +memory');
  using vmm = sleeper();
  await enforcement.place('id', [vmm.pid], share);
  expect(await pc.read(`${own}/phyllome/memory.high`)).toBe(String(7 * GiB));
  expect(enforcement.describe()).toContain('at most 3 of its processors');
});

describe('admission only, and the reason is said', () => {
  test.each([
    ['no control groups', {}, 'no control groups of version 2'],
    [
      'version 1 has the controllers',
      { ...unified('/box/service'), 'sys/fs/cgroup/cgroup.controllers': 'hugetlb\n' },
      'have no cpu and memory here: version 1 has them',
    ],
    [
      'the top of a container',
      { ...unified('/'), 'sys/fs/cgroup/cgroup.type': 'domain\n' },
      'of this container is not ours to divide',
    ],
    ['nothing to write to', unified('/box/service'), 'is not ours to change'],
    [
      'systemd without the user in it',
      { 'run/systemd/system/x': '', 'usr/bin/systemctl': '', 'usr/bin/busctl': '' },
      'systemctl and busctl are not installed',
    ],
  ])('%s', async (_, files, reason) => {
    await using pc = await root(files);
    const enforcement = await pc.open();
    expect(enforcement.describe()).toMatch(/^Admission only: /);
    expect(enforcement.describe()).toContain(reason);
    using vmm = sleeper();
    await enforcement.limit(share);
    await enforcement.place('id', [vmm.pid], { ...share, wantedVcpus: 3 });
    expect(getPriority(vmm.pid)).toBe(getPriority());
    await enforcement.place('id', [vmm.pid], share);
    expect(getPriority(vmm.pid)).toBe(5);
  });
});

/** A program that notes what it was asked. */
const program = (log: string, answer: string) =>
  `#!/bin/sh\nprintf '%s\\n' "$(basename "$0") $*" >> ${log}\n${answer}\n`;

/** A PC on which systemd runs and answers like `systemctl`, a piece of shell. */
async function booted(systemctl = 'test "$2" != show || echo /user.slice/phyllome.slice') {
  const pc = await root({
    ...unified('/user.slice/app.scope'),
    'run/systemd/system/x': '',
    'run/user/1000/systemd/private': '',
    'sys/fs/cgroup/user.slice/phyllome.slice/cpu.max': '300000 100000\n',
    'sys/fs/cgroup/user.slice/phyllome.slice/memory.high': `${7 * GiB}\n`,
  });
  const log = join(pc.folder, 'asked');
  await pc.put('usr/bin/systemctl', program(log, systemctl), 0o755);
  await pc.put('usr/bin/busctl', program(log, ''), 0o755);
  return { ...pc, asked: async () => (await pc.read('asked')).trim().split('\n') };
}

describe('systemd', () => {
  test('limits a slice and gives each machine a scope in it', async () => {
    await using pc = await booted();
    const enforcement = await pc.open();
    using vmm = sleeper();
    await enforcement.place('0a1b2c3d-1111', [vmm.pid], share);
    expect(await pc.asked()).toEqual([
      `systemctl --user set-property --runtime phyllome.slice CPUQuota=300% MemoryHigh=${7 * GiB} MemoryMax=${7.5 * GiB}`,
      'systemctl --user start phyllome.slice',
      'systemctl --user show --property=ControlGroup --value phyllome.slice',
      'busctl --user --quiet call org.freedesktop.systemd1 /org/freedesktop/systemd1 org.freedesktop.systemd1.Manager ' +
        `StartTransientUnit ssa(sv)a(sa(sv)) phyllome-0a1b2c3d-${vmm.pid}.scope fail 4 PIDs au 1 ${vmm.pid} ` +
        'Slice s phyllome.slice Description s A machine of Phyllome OS CollectMode s inactive-or-failed 0',
    ]);
    expect(enforcement.describe()).toBe(
      "The kernel gives all guests together at most 3 of its processors and 7.0 GiB of its memory (systemd's phyllome.slice)",
    );
    // The next machine finds the limits there.
    await enforcement.place('0a1b2c3d-1111', [vmm.pid], share);
    expect(await pc.asked()).toHaveLength(5);
    // One that an earlier service placed stays where it is.
    await pc.put(`proc/${vmm.pid}/cgroup`, '0::/user.slice/phyllome.slice/phyllome-0a1b2c3d-1.scope\n');
    await enforcement.place('0a1b2c3d-1111', [vmm.pid], share);
    expect(await pc.asked()).toHaveLength(5);
  });

  test('what the kernel does not hold is not said to be held', async () => {
    await using pc = await booted();
    // The controller of processors was not given to this user.
    await rm(join(pc.folder, 'sys/fs/cgroup/user.slice/phyllome.slice/cpu.max'));
    const enforcement = await pc.open();
    using vmm = sleeper();
    await enforcement.place('0a1b2c3d-1111', [vmm.pid], share);
    expect(enforcement.describe()).toBe(
      "The kernel gives all guests together at most 7.0 GiB of its memory (systemd's phyllome.slice, the rest by admission only)",
    );
  });

  test('a systemd that refuses stops no machine', async () => {
    await using pc = await booted('echo "Access denied" >&2; exit 1');
    const enforcement = await pc.open();
    using vmm = sleeper();
    await enforcement.place('0a1b2c3d-1111', [vmm.pid], share);
    expect(enforcement.describe()).toMatch(/^Admission only: .*Access denied/s);
    // It has its scope nevertheless, and gives way to other programs.
    expect((await pc.asked()).at(-1)).toContain('StartTransientUnit');
    expect(getPriority(vmm.pid)).toBe(5);
  });
});
