// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { FixResult } from '../contract/fix.ts';
import { systemJournal } from '../contract/paths.ts';
import { planFix } from '../host/fixes/plan.ts';
import { kvmGid, makePc, scenarios, writeFiles, type TestPc } from '../host/fixes/testing.ts';
import { openTree } from '../host/fixes/tree.ts';
import type { Effects } from './effects.ts';
import { listJournal } from './journal.ts';
import { rootProgram } from './root-program.ts';
import { snapshot } from './testing.ts';
import { planUndo } from './undo-plan.ts';

const fixOf = (scenario: string) => scenarios[scenario]?.fix ?? 'kvm-group';
const planOf = ({ root }: TestPc, scenario: string) =>
  planFix(fixOf(scenario), { tree: openTree(root), user: 'ada' });

function run({ root }: TestPc, words: string[], effects: (real: Effects) => Effects = (real) => real) {
  return rootProgram({ words, root, caller: 'ada', effects });
}

function apply(pc: TestPc, scenario: string, effects?: (real: Effects) => Effects): Promise<FixResult> {
  const { id, digest } = planOf(pc, scenario);
  return run(pc, ['apply', id, '--user', 'ada', '--digest', digest], effects);
}

async function undo(pc: TestPc, entry: string, ...more: string[]): Promise<FixResult> {
  return await run(pc, ['undo', entry, '--digest', planUndo(pc.root, entry).digest, ...more]);
}

const read = (pc: TestPc, path: string): string => readFileSync(pc.path(path), 'utf8');
const code = (name: string) => expect.objectContaining({ code: name });

// From the first program on nothing works any more, and what was begun is not undone either.
const dead = (real: Effects): Effects => ({
  ...real,
  run: () => Promise.reject(new Error('dead')),
  append: (path, line) =>
    line.includes('undo') ? Promise.reject(new Error('dead')) : real.append(path, line),
});

describe('applying', () => {
  test.each(Object.keys(scenarios))(
    '%s: then there is nothing left to do, and undo brings all back',
    async (scenario) => {
      using pc = makePc(scenario);
      const start = snapshot(pc.root);
      const { entry } = await apply(pc, scenario);
      expect(planOf(pc, scenario)).toMatchObject({ state: 'done', files: [], commands: [], diff: '' });
      expect(listJournal(pc.root)).toMatchObject([
        { id: entry, fix: fixOf(scenario), user: 'ada', state: 'applied' },
      ]);
      await undo(pc, entry);
      expect(snapshot(pc.root)).toEqual(start);
      expect(listJournal(pc.root)).toMatchObject([{ id: entry, state: 'undone' }]);
      await expect(undo(pc, entry)).rejects.toEqual(code('undo-not-found'));
    },
  );

  test('only what was shown: anything that changed in between is refused', async () => {
    using pc = makePc('kvm-module');
    const { digest } = planOf(pc, 'kvm-module');
    appendFileSync(pc.path('/etc/modprobe.d/mine.conf'), '\nblacklist kvm\n');
    const start = snapshot(pc.root);
    const late = run(pc, ['apply', 'kvm-module', '--user', 'ada', '--digest', digest]);
    await expect(late).rejects.toEqual(code('fix-changed'));
    expect(snapshot(pc.root)).toEqual(start);
    expect(listJournal(pc.root)).toEqual([]);
  });

  test('a file that changes at the last moment stays as it is', async () => {
    using pc = makePc('kvm-module');
    const mine = pc.path('/etc/modprobe.d/mine.conf');
    let notes = 0;
    const late = apply(pc, 'kvm-module', (real) => ({
      ...real,
      append: async (path, line) => {
        if ((notes += 1) === 1) writeFileSync(mine, 'theirs\n');
        await real.append(path, line);
      },
    }));
    await expect(late).rejects.toEqual(code('fix-unfinished'));
    expect(readFileSync(mine, 'utf8')).toBe('theirs\n');
    expect(existsSync(pc.path('/etc/modules-load.d'))).toBe(false);
  });

  test('a program that fails: everything is undone, and its words are shown', async () => {
    using pc = makePc('kvm-module');
    writeFiles(pc, {
      '/usr/sbin/modprobe': { text: '#!/bin/sh\necho "Operation not supported" >&2; exit 1\n', mode: 0o755 },
    });
    const start = snapshot(pc.root);
    const failure = await apply(pc, 'kvm-module').catch((error: unknown) => error);
    expect(failure).toMatchObject({
      code: 'fix-failed',
      message: expect.stringContaining('Operation not supported'),
    });
    expect(snapshot(pc.root)).toEqual(start);
    expect(listJournal(pc.root)).toMatchObject([{ state: 'undone' }]);
  });

  test('programs get no part of our environment, and nothing of a shell', async () => {
    using pc = makePc('kvm-module');
    const text = `#!/bin/sh\nenv > ${pc.root}/env; for word; do echo "$word"; done > ${pc.root}/words\n`;
    writeFiles(pc, { '/usr/sbin/modprobe': { text, mode: 0o755 } });
    process.env['PHYLLOME_TEST_SECRET'] = 'x';
    await apply(pc, 'kvm-module').finally(() => delete process.env['PHYLLOME_TEST_SECRET']);
    expect(read(pc, '/env')).not.toContain('SECRET');
    expect(read(pc, '/env')).toContain('PATH=/usr/sbin:/usr/bin:/sbin:/bin\n');
    expect(read(pc, '/words')).toBe('kvm_intel\n');
  });

  test('an interrupted step has to be undone before another begins', async () => {
    using pc = makePc('kvm-group');
    await expect(apply(pc, 'kvm-group', dead)).rejects.toEqual(code('fix-unfinished'));
    await expect(apply(pc, 'kvm-group')).rejects.toEqual(code('fix-interrupted'));
    await undo(pc, listJournal(pc.root)[0]?.id ?? '');
    await apply(pc, 'kvm-group');
  });

  test('owner and mode of a file stay', async () => {
    using pc = makePc('nested-kvm that was switched off');
    chmodSync(pc.path('/etc/modprobe.d/kvm.conf'), 0o664);
    await apply(pc, 'nested-kvm that was switched off');
    expect(statSync(pc.path('/etc/modprobe.d/kvm.conf')).mode & 0o777).toBe(0o664);
  });
});

describe('undoing what somebody has changed since', () => {
  test('a file of ours: refused with its name; by force, with a copy of what was there', async () => {
    using pc = makePc('vhost-modules');
    const start = snapshot(pc.root);
    const { entry } = await apply(pc, 'vhost-modules');
    appendFileSync(pc.path('/etc/modules-load.d/phyllome-vhost.conf'), 'mine\n');
    const edited = read(pc, '/etc/modules-load.d/phyllome-vhost.conf');
    const changed = snapshot(pc.root);
    expect(planUndo(pc.root, entry).changed).toEqual(['/etc/modules-load.d/phyllome-vhost.conf']);
    const refusal = await undo(pc, entry).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'undo-refused',
      message: expect.stringContaining('phyllome-vhost.conf'),
    });
    expect(snapshot(pc.root)).toEqual(changed);
    const { kept } = await undo(pc, entry, '--force');
    expect(snapshot(pc.root)).toEqual(start);
    expect(kept.map((copy) => read(pc, copy))).toEqual([edited]);
  });

  test('the list of groups: by force only our member goes, and the work of others stays', async () => {
    using pc = makePc('kvm-group');
    const { entry } = await apply(pc, 'kvm-group');
    appendFileSync(pc.path('/etc/group'), 'new:x:2000:ada\n');
    const refusal = await undo(pc, entry).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'undo-refused',
      facts: {
        changed: ['/etc/group'],
        next: expect.stringContaining('runs "/usr/sbin/gpasswd -d ada kvm"'),
      },
    });
    await undo(pc, entry, '--force');
    expect(read(pc, '/etc/group')).toBe(`root:x:0:\nkvm:x:${kvmGid}:eve\nusers:x:100:\nnew:x:2000:ada\n`);
  });

  test('a menu that is made anew with every kernel: made anew', async () => {
    using pc = makePc('iommu with GRUB of Debian');
    const { entry } = await apply(pc, 'iommu with GRUB of Debian');
    expect(read(pc, '/boot/grub/grub.cfg')).toContain('intel_iommu=on');
    chmodSync(pc.path('/boot/grub/grub.cfg'), 0o600);
    appendFileSync(pc.path('/boot/grub/grub.cfg'), 'a new kernel with intel_iommu=on\n');
    await undo(pc, entry);
    expect(read(pc, '/boot/grub/grub.cfg')).toBe('GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n');
    expect(existsSync(pc.path('/etc/default/grub.d'))).toBe(false);
  });

  test('an entry of a kernel that came since loses the argument as well', async () => {
    using pc = makePc('iommu with grubby');
    const { entry } = await apply(pc, 'iommu with grubby');
    writeFiles(pc, { '/boot/loader/entries/c.conf': 'options root=/dev/sda1 intel_iommu=on\n' });
    await undo(pc, entry);
    for (const name of ['a', 'b', 'c'])
      expect(read(pc, `/boot/loader/entries/${name}.conf`)).not.toContain('iommu');
  });

  test('an opposite that fails: said, and undone by a second try', async () => {
    using pc = makePc('iommu with GRUB of Debian');
    const { entry } = await apply(pc, 'iommu with GRUB of Debian');
    const tool = pc.path('/usr/sbin/update-grub');
    chmodSync(pc.path('/boot/grub/grub.cfg'), 0o600);
    writeFileSync(pc.path('/boot/grub/grub.cfg'), 'theirs\n');
    renameSync(tool, `${tool}.real`);
    writeFiles(pc, { '/usr/sbin/update-grub': { text: '#!/bin/sh\necho no disk; exit 1\n', mode: 0o755 } });
    const failure = await undo(pc, entry).catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'undo-incomplete', message: expect.stringContaining('no disk') });
    expect(listJournal(pc.root)[0]?.state).toBe('interrupted');
    renameSync(`${tool}.real`, tool);
    await undo(pc, entry);
    expect(read(pc, '/boot/grub/grub.cfg')).toBe('GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n');
  });

  test('what an interrupted program left counts as ours only for as long as it may have run', async () => {
    using pc = makePc('kvm-group');
    const halfDead = (real: Effects): Effects => ({
      ...dead(real),
      run: async (argv) => {
        writeFileSync(join(pc.root, 'half'), '');
        await real.run(argv);
        throw new Error('dead');
      },
    });
    await expect(apply(pc, 'kvm-group', halfDead)).rejects.toEqual(code('fix-unfinished'));
    const entry = listJournal(pc.root)[0]?.id ?? '';
    const tomorrow = Date.now() / 1000 + 86_400;
    utimesSync(pc.path('/etc/group'), tomorrow, tomorrow);
    await expect(undo(pc, entry)).rejects.toEqual(code('undo-refused'));
    utimesSync(pc.path('/etc/group'), tomorrow - 86_400, tomorrow - 86_400);
    const { kept } = await undo(pc, entry);
    expect(kept.map((copy) => read(pc, copy)).join('')).toContain('eve,ada');
    expect(read(pc, '/etc/group')).not.toContain('ada');
  });

  test('a folder of ours into which somebody put something stays', async () => {
    using pc = makePc('memlock-limit');
    const { entry } = await apply(pc, 'memlock-limit');
    writeFiles(pc, { '/etc/security/limits.d/theirs.conf': '' });
    const { notes } = await undo(pc, entry);
    expect(notes.join()).toContain('/etc/security/limits.d stays');
    expect(existsSync(pc.path('/etc/security/limits.d/phyllome-memlock.conf'))).toBe(false);
  });
});

describe('hostile callers', () => {
  test.each([
    [],
    ['apply'],
    ['apply', 'kvm-group'],
    ['sh', '-c', 'id'],
    ['apply', 'kvm-group', 'more', '--digest', 'x'],
    ['apply', 'kvm-group', '--digest', 'x', '--root', '/tmp'],
    ['undo', 'x', '--digest', 'y', '--user', 'eve'],
  ])('%j %j %j: not understood', async (...words) => {
    using pc = makePc('kvm-group');
    await expect(run(pc, words)).rejects.toEqual(code('usage-error'));
    expect(existsSync(pc.path(systemJournal))).toBe(false);
  });

  test('there are no other fixes and no other entries than ours', async () => {
    using pc = makePc('kvm-group');
    await expect(run(pc, ['apply', '../x', '--digest', 'x'])).rejects.toEqual(code('fix-not-found'));
    for (const id of [
      '../../../tmp/x',
      '20260101-000000-kvm-group/../x',
      '20260101-000000-shell',
      '20260101-000000-kvm-group',
    ])
      await expect(run(pc, ['undo', id, '--digest', 'x'])).rejects.toEqual(code('undo-not-found'));
  });

  test('a plan that nobody was shown is not carried out, whatever is asked for', async () => {
    using pc = makePc('kvm-group');
    await expect(
      run(pc, ['apply', 'kvm-group', '--user', 'ada', '--digest', '0'.repeat(64)]),
    ).rejects.toEqual(code('fix-changed'));
    const { entry } = await apply(pc, 'kvm-group');
    await expect(run(pc, ['undo', entry, '--digest', '0'.repeat(64)])).rejects.toEqual(code('fix-changed'));
  });

  test('whoever calls sudo gives rights to nobody else', async () => {
    using pc = makePc('kvm-group');
    const { digest } = planFix('kvm-group', { tree: openTree(pc.root), user: 'mallory' });
    const words = ['apply', 'kvm-group', '--user', 'mallory', '--digest', digest];
    await expect(run(pc, words)).rejects.toEqual(code('usage-error'));
    await rootProgram({ words, root: pc.root, caller: undefined });
    expect(read(pc, '/etc/group')).toContain('eve,mallory');
  });

  test('folders in which others may write are not trusted', async () => {
    using pc = makePc('kvm-module');
    const { digest } = planOf(pc, 'kvm-module');
    chmodSync(pc.path('/etc/modprobe.d'), 0o777);
    const words = ['apply', 'kvm-module', '--user', 'ada', '--digest', digest];
    await expect(run(pc, words)).rejects.toEqual(code('unsafe-directory'));
    chmodSync(pc.path('/etc/modprobe.d'), 0o755);
    chmodSync(pc.path('/var/lib/phyllome'), 0o777);
    await expect(run(pc, words)).rejects.toEqual(code('unsafe-directory'));
  });

  test('bytes that only root may read stay with root', async () => {
    using pc = makePc('kvm-group');
    const { entry } = await apply(pc, 'kvm-group');
    const folder = join(systemJournal, entry);
    expect(statSync(pc.path(join(folder, 'saved'))).mode & 0o777).toBe(0o700);
    for (const name of ['entry.json', 'log']) {
      expect(statSync(pc.path(join(folder, name))).mode & 0o777).toBe(0o644);
      expect(read(pc, join(folder, name))).not.toContain('!');
    }
  });
});

describe('the journal', () => {
  test('a damaged entry is listed as damaged, and the others are still there', async () => {
    using pc = makePc('kvm-group');
    const { entry } = await apply(pc, 'kvm-group');
    for (const [name, text] of [
      ['20260101-000000-kvm-module', '{"formatVersion": 1'],
      ['20260101-000001-kvm-module', '{"formatVersion": 9, "id": "x"}'],
    ] as const)
      writeFiles(pc, {
        [join(systemJournal, name, 'entry.json')]: text,
        [join(systemJournal, name, 'log')]: '',
      });
    mkdirSync(pc.path(join(systemJournal, 'something else')));
    expect(listJournal(pc.root).map(({ id, state }) => [id, state])).toEqual([
      [entry, 'applied'],
      ['20260101-000001-kvm-module', 'damaged'],
      ['20260101-000000-kvm-module', 'damaged'],
    ]);
    expect(() => planUndo(pc.root, '20260101-000000-kvm-module')).toThrow(code('journal-damaged'));
    rmSync(pc.path(systemJournal), { recursive: true });
    expect(listJournal(pc.root)).toEqual([]);
  });

  test('while a program that we started still runs, nobody undoes beside it', async () => {
    using pc = makePc('kvm-group');
    await apply(pc, 'kvm-group');
    // What is left of a killed root part: a program that inherited the lock.
    const orphan = spawn('flock', [pc.path(join(systemJournal, 'lock')), 'cat'], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    orphan.stdin.write('x');
    await once(orphan.stdout, 'data');
    await expect(undo(pc, listJournal(pc.root)[0]?.id ?? '')).rejects.toEqual(code('fix-busy'));
    orphan.stdin.end();
    await once(orphan, 'close');
    await undo(pc, listJournal(pc.root)[0]?.id ?? '');
  });

  test('programs that we start hold the lock', async () => {
    using pc = makePc('kvm-module');
    const lock = pc.path(join(systemJournal, 'lock'));
    const text = `#!/bin/sh\nif flock -n ${lock} true; then echo free; else echo held; fi > ${pc.root}/answer\n`;
    writeFiles(pc, { '/usr/sbin/modprobe': { text, mode: 0o755 } });
    await apply(pc, 'kvm-module');
    expect(read(pc, '/answer')).toBe('held\n');
  });

  test('an undo shows what it will do: the same, the other way round', async () => {
    using pc = makePc('kvm-module');
    const { diff } = planOf(pc, 'kvm-module');
    const { entry } = await apply(pc, 'kvm-module');
    const plan = planUndo(pc.root, entry);
    expect(diff).toContain('+# by Phyllome: blacklist kvm-intel\n');
    expect(plan.diff).toContain('-# by Phyllome: blacklist kvm-intel\n+blacklist kvm-intel\n');
    expect(plan.commands).toEqual([['/usr/sbin/modprobe', '-r', 'kvm_intel']]);
    const group = makePc('kvm-group');
    const joined = await apply(group, 'kvm-group');
    expect(planUndo(group.root, joined.entry)).toMatchObject({
      diff: expect.stringContaining(`-kvm:x:${kvmGid}:eve,ada\n+kvm:x:${kvmGid}:eve\n`),
      restores: expect.arrayContaining(['/etc/gshadow']),
      commands: [],
    });
    group[Symbol.dispose]();
  });
});
