// SPDX-License-Identifier: Apache-2.0
import { chmodSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fixIds, type FixId } from '../../contract/doctor.ts';
import { systemJournal } from '../../contract/paths.ts';
import { planFix, planFixes } from './plan.ts';
import { amd, kvmGid, makePc, release, scenarios } from './testing.ts';
import { openTree, type Node, type Tree } from './tree.ts';

type Files = Parameters<typeof makePc>[1];

function plan(
  scenario: string,
  more: Files = {},
  change: (tree: Tree) => Tree = (tree) => tree,
  user = 'ada',
) {
  using pc = makePc(scenario, more);
  const fix = scenarios[scenario]?.fix as FixId;
  return planFix(fix, { tree: change(openTree(pc.root)), user });
}

const withNode =
  (path: string, node: Node | null) =>
  (tree: Tree): Tree => ({ ...tree, node: (asked) => (asked === path ? node : tree.node(asked)) });

test.each(Object.keys(scenarios))('%s: says what it would do, and does nothing', (scenario) => {
  const found = plan(scenario);
  expect(found.state).toBe('applicable');
  expect(found.explanation).not.toBe('');
  expect(found.files.length + found.commands.length).toBeGreaterThan(0);
  expect(found.digest).toMatch(/^[0-9a-f]{64}$/);
  // Equal PCs give equal plans: root makes them again.
  expect(plan(scenario)).toEqual(found);
  for (const { path, mode } of found.files) {
    expect(mode).toBe(0o644);
    expect(found.diff).toContain(`+++ b${path}\n`);
  }
  for (const { argv } of found.commands) expect(argv[0]).toMatch(/^\/usr\//);
});

test('every fix has a scenario, and a PC without anything has answers to all of them', () => {
  expect(new Set(Object.values(scenarios).map(({ fix }) => fix))).toEqual(new Set(fixIds));
  const nothing = planFixes({ tree: openTree('/nonexistent'), user: null });
  expect(nothing.map(({ state }) => state)).not.toContain('applicable');
  for (const { explanation, next, state } of nothing)
    expect([state, explanation !== '', next !== '']).toEqual(['refused', true, true]);
});

test('on Phyllome OS a fix that would change something says that the image has it instead', () => {
  const image: Files = { '/etc/os-release': 'ID=debian\nIMAGE_ID=phyllome\nIMAGE_VERSION=3\n' };
  for (const scenario of Object.keys(scenarios)) {
    const found = plan(scenario, image);
    expect(found).toMatchObject({ state: 'refused', files: [], commands: [] });
    expect(found.explanation).toContain('this image is wrong');
    expect(found.next).toContain('phyllome os update');
  }
  // What is in order says so, as everywhere.
  expect(plan('kvm-group', image, (tree) => tree, 'eve').state).toBe('done');
});

test('docs/fixes.md explains every fix and names every file that one writes', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/fixes.md'), 'utf8');
  for (const id of fixIds) expect(page).toContain(`| \`${id}\` |`);
  const files = Object.keys(scenarios).flatMap((scenario) => plan(scenario).files.map(({ path }) => path));
  const ours = files.filter((path) => path.includes('phyllome'));
  expect(ours.length).toBeGreaterThan(5);
  for (const path of ours) expect(page).toContain(`\`${path}\``);
  expect(page).toContain(systemJournal);
});

describe('kvm-group', () => {
  test('shows the line of the group, and what helps until the next login', () => {
    const { diff, commands, notes, needsLogin } = plan('kvm-group');
    expect(diff).toContain(`-kvm:x:${kvmGid}:eve\n+kvm:x:${kvmGid}:eve,ada\n`);
    expect(commands.map(({ argv, undo }) => [argv, undo])).toEqual([
      [
        ['/usr/sbin/gpasswd', '-a', 'ada', 'kvm'],
        ['/usr/sbin/gpasswd', '-d', 'ada', 'kvm'],
      ],
    ]);
    expect(notes[0]).toContain('sg kvm -c "phyllome up"');
    expect(needsLogin).toBe(true);
  });

  test('already a member, by the list or as their own group', () => {
    expect(plan('kvm-group', { '/etc/group': `kvm:x:${kvmGid}:ada\n` }).state).toBe('done');
    const own = plan('kvm-group', { '/etc/passwd': `ada:x:1000:${kvmGid}::/:/bin/sh\n` });
    expect(own.state).toBe('done');
    expect(own.notes[0]).toContain('log out and in again');
  });

  test.each([
    ['there is no /dev/kvm', null, 'refused', 'phyllome doctor'],
    [
      'it belongs to the group of root',
      { kind: 'device', mode: 0o660, uid: 0, gid: 0 },
      'refused',
      'kvm-udev',
    ],
    ['its group may not use it', { kind: 'device', mode: 0o600, uid: 0, gid: kvmGid }, 'refused', 'kvm-udev'],
    ['everybody may', { kind: 'device', mode: 0o666, uid: 0, gid: 0 }, 'done', ''],
  ] as [string, Node | null, string, string][])('%s', (_, node, state, next) => {
    const found = plan('kvm-group', {}, withNode('/dev/kvm', node));
    expect(found.state).toBe(state);
    expect(found.next).toContain(next);
    expect(found.commands).toEqual([]);
  });

  test('a name is no option and no list of a file', () => {
    for (const name of ['-M', 'a,b', 'a:b', 'a b', 'a\nb', '']) {
      const found = plan('kvm-group', {}, undefined, name);
      expect([found.state, found.commands]).toEqual(['refused', []]);
    }
  });
});

describe('kvm-module', () => {
  test('a blacklist that somebody wrote is switched off in their file, the rest of which stays', () => {
    const { files, explanation } = plan('kvm-module');
    expect(files[0]).toMatchObject({
      path: '/etc/modprobe.d/mine.conf',
      after: '# VirtualBox wants it so\n# by Phyllome: blacklist kvm-intel\nblacklist floppy',
    });
    expect(files[1]).toMatchObject({ path: '/etc/modules-load.d/phyllome-kvm.conf', before: null });
    expect(files[1]?.after).toMatch(/^# .*\nkvm_intel\n$/);
    expect(explanation).toContain('/etc/modprobe.d/mine.conf');
  });

  test('the processor decides which', () => {
    const modules = `/lib/modules/${release}/modules.dep`;
    expect(
      plan('kvm-module', { '/proc/cpuinfo': amd, [modules]: 'kernel/kvm-amd.ko:\n' }).commands[0]?.argv,
    ).toEqual(['/usr/sbin/modprobe', 'kvm_amd']);
    expect(plan('kvm-module', { '/proc/cpuinfo': amd }).explanation).toContain('has no module kvm_amd');
    expect(plan('kvm-module', { '/proc/cpuinfo': 'flags : fpu\n' }).next).toContain('firmware');
  });

  test('a file that is not what it seems is not changed', () => {
    using pc = makePc('kvm-module');
    const draft = () => planFix('kvm-module', { tree: openTree(pc.root), user: 'ada' });
    rmSync(pc.path('/etc/modprobe.d/mine.conf'));
    expect(draft().state).toBe('applicable');
    mkdirSync(pc.path('/elsewhere'));
    mkdirSync(pc.path('/etc/modules-load.d'));
    const ours = pc.path('/etc/modules-load.d/phyllome-kvm.conf');
    symlinkSync(pc.path('/elsewhere/file'), ours);
    expect(draft()).toMatchObject({
      state: 'refused',
      explanation: expect.stringContaining('symbolic link'),
    });
    rmSync(ours);
    writeFileSync(ours, Buffer.from([0xff, 0xfe]));
    expect(draft()).toMatchObject({ state: 'refused', explanation: expect.stringContaining('as text') });
    writeFileSync(ours, 'secret\n');
    chmodSync(ours, 0o600);
    expect(draft()).toMatchObject({ state: 'refused', explanation: expect.stringContaining('by everybody') });
    rmSync(pc.path('/etc/modules-load.d'), { recursive: true });
    symlinkSync(pc.path('/elsewhere'), pc.path('/etc/modules-load.d'));
    expect(draft()).toMatchObject({
      state: 'refused',
      explanation: expect.stringContaining('no folder of its own'),
    });
  });
});

const programsOf = (scenario: string) =>
  plan(scenario).commands.map(({ argv }) => argv.slice(0, 2).join(' '));

describe('kvm-udev', () => {
  test('makes the group when there is none', () => {
    expect(programsOf('kvm-udev')).toEqual(['/usr/bin/udevadm control', '/usr/bin/udevadm trigger']);
    expect(programsOf('kvm-udev without the group')[0]).toBe('/usr/sbin/groupadd --system');
  });

  test('a rule that is there and does not help is not written again', () => {
    const rule = plan('kvm-udev').files[0]?.after ?? '';
    const found = plan('kvm-udev', { '/etc/udev/rules.d/phyllome-kvm.rules': rule });
    expect(found).toMatchObject({
      state: 'refused',
      explanation: expect.stringContaining('phyllome-kvm.rules'),
    });
  });
});

describe('vhost-modules', () => {
  test('only what is missing; lines of others in our file stay', () => {
    const { files } = plan('vhost-modules');
    expect(files[0]?.after).toBe('# mine\nvhost_net\nvhost_vsock\n');
    const one = plan('vhost-modules', { '/sys/module/vhost_net/x': '' });
    expect(one.commands.map(({ argv }) => argv[1])).toEqual(['vhost_vsock']);
  });
});

const withoutTable = (tree: Tree): Tree => ({
  ...tree,
  names: (path) => (path === '/sys/firmware/acpi/tables' ? ['DSDT'] : tree.names(path)),
});
const stateWithKernel = (version: string) =>
  plan('iommu with GRUB of Debian', { '/proc/sys/kernel/osrelease': `${version}\n` }).state;

describe('iommu-kernel-argument', () => {
  const debian = 'iommu with GRUB of Debian';

  test('each boot loader by its own tool', () => {
    expect(plan(debian).files[0]).toMatchObject({
      path: '/etc/default/grub.d/phyllome.cfg',
      after: expect.stringContaining(
        '\nGRUB_CMDLINE_LINUX_DEFAULT="$GRUB_CMDLINE_LINUX_DEFAULT intel_iommu=on"\n',
      ),
    });
    expect(plan('iommu with grubby').commands[0]?.argv).toEqual([
      '/usr/bin/grubby',
      '--update-kernel=ALL',
      '--args=intel_iommu=on',
    ]);
    const boot = plan('iommu with systemd-boot');
    expect(boot.files[0]).toMatchObject({
      path: '/etc/kernel/cmdline',
      after: 'root=/dev/sda1 quiet intel_iommu=on\n',
    });
    expect(boot.commands[0]?.argv).toEqual([
      '/usr/bin/kernel-install',
      'add',
      release,
      `/lib/modules/${release}/vmlinuz`,
    ]);
  });

  test.each([
    ['AMD needs none', { '/proc/cpuinfo': amd }, 'firmware'],
    ['ARM has none', { '/proc/cpuinfo': 'processor : 0\n' }, 'firmware'],
    ['it was set, without effect', { '/proc/cmdline': 'quiet intel_iommu=on\n' }, 'firmware'],
    [
      'the kernel does so by itself',
      { [`/boot/config-${release}`]: 'CONFIG_INTEL_IOMMU_DEFAULT_ON=y\n' },
      'firmware',
    ],
    ['somebody wants it off', { '/proc/cmdline': 'intel_iommu=off\n' }, 'Take "intel_iommu=off" out'],
    [
      'an image decides (ostree)',
      { '/run/ostree-booted': '' },
      'rpm-ostree kargs --append-if-missing=intel_iommu=on',
    ],
  ] as [string, Files, string][])('%s: not touched', (_, files, next) => {
    const found = plan(debian, files);
    expect([found.state, found.files, found.commands]).toEqual(['refused', [], []]);
    expect(found.next).toContain(next);
  });

  test('no DMAR table: the firmware has it off', () => {
    expect(plan(debian, {}, withoutTable)).toMatchObject({
      state: 'refused',
      explanation: expect.stringContaining('DMAR'),
    });
  });

  test('an unknown boot loader: the argument to add by hand', () => {
    using pc = makePc(debian);
    for (const tool of ['/usr/sbin/update-grub', '/usr/bin/grubby']) rmSync(pc.path(tool));
    const found = planFix('iommu-kernel-argument', { tree: openTree(pc.root), user: 'ada' });
    expect(found.state).toBe('refused');
    expect(found.next).toContain('"intel_iommu=on"');
  });

  test('judged by effect: groups are what counts', () => {
    const found = plan(debian, { '/sys/kernel/iommu_groups/0/type': 'DMA\n' });
    expect(found).toMatchObject({ state: 'done', explanation: expect.stringContaining('has 1 group') });
  });

  test('set, and not restarted yet', () => {
    const found = plan(debian, { '/etc/default/grub': 'GRUB_CMDLINE_LINUX="intel_iommu=on"\n' });
    expect(found).toMatchObject({ state: 'done', notes: ['Takes effect when the PC restarts.'] });
    const comment = plan(debian, { '/etc/default/grub': '# try intel_iommu=on one day\n' });
    expect(comment.state).toBe('applicable');
  });

  test('without the config of the kernel, its version decides', () => {
    expect(['6.7.12', '6.8.0', '7.0.1', '5.15.0'].map(stateWithKernel)).toEqual([
      'applicable',
      'refused',
      'refused',
      'applicable',
    ]);
  });
});

describe('memlock-limit', () => {
  test.each([
    ['ada - memlock unlimited', 'done'],
    ['@kvm - memlock unlimited', 'applicable'],
    ['@users hard memlock unlimited\n* soft memlock infinity', 'done'],
    ['ada hard memlock unlimited', 'applicable'],
    ['#ada - memlock unlimited', 'applicable'],
    ['ada - memlock 65536', 'applicable'],
  ])('limits.conf says %j: %s', (text, state) => {
    const files = {
      '/etc/security/limits.conf': `${text}\n`,
      '/etc/group': 'kvm:x:104:eve\nusers:x:100:ada\n',
    };
    expect(plan('memlock-limit', files).state).toBe(state);
  });
});

describe('nested-kvm', () => {
  test('what somebody switched off is switched on where they did', () => {
    const { files } = plan('nested-kvm that was switched off');
    expect(files.map(({ path, after }) => [path, after])).toEqual([
      ['/etc/modprobe.d/kvm.conf', 'options kvm-intel nested=1 ept=1\n'],
    ]);
  });

  test('on already, or only to be restarted, or not to be asked', () => {
    const parameter = '/sys/module/kvm_intel/parameters/nested';
    expect(plan('nested-kvm', { [parameter]: 'Y\n' }).state).toBe('done');
    expect(plan('nested-kvm', { [parameter]: '1\n' }).state).toBe('done');
    const set = plan('nested-kvm', { '/etc/modprobe.d/x.conf': 'options kvm_intel nested=1\n' });
    expect(set).toMatchObject({ state: 'done', notes: [expect.stringContaining('modprobe -r kvm_intel')] });
    expect(plan('nested-kvm', { '/proc/cpuinfo': amd }).state).toBe('refused');
  });
});
