// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  bootId,
  commandLine,
  kernelRelease,
  processesMentioning,
  processStartTime,
  sameProcess,
} from './identity.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
  await mkdir(join(root, 'proc'));
});
afterEach(() => rm(root, { recursive: true }));

interface Fake {
  name?: string;
  state?: string;
  startTime?: number;
  uid?: number;
  command?: string[];
}

async function addProcess(pid: number, fake: Fake): Promise<void> {
  const { name = 'qemu', state = 'S', startTime = 4711, uid = process.getuid?.() ?? 0, command = [] } = fake;
  const directory = join(root, 'proc', String(pid));
  await mkdir(directory, { recursive: true });
  // Fields 4 to 21 of proc(5), which do not matter here.
  const between = Array.from({ length: 18 }, (_, index) => index).join(' ');
  await writeFile(join(directory, 'stat'), `${pid} (${name}) ${state} ${between} ${startTime} 99 99\n`);
  await writeFile(join(directory, 'status'), `Name:\t${name}\nUid:\t${uid}\t${uid}\t${uid}\t${uid}\n`);
  await writeFile(join(directory, 'cmdline'), command.map((argument) => `${argument}\0`).join(''));
}

describe('one process, not another with its number', () => {
  test.each(['qemu', 'tmux: server', 'a) S 1 2 3', '((sd-pam))', ''])(
    'start time behind the name %j',
    async (name) => {
      await addProcess(7, { name, startTime: 123_456 });
      expect(processStartTime(7, root)).toBe('123456');
      expect(sameProcess({ pid: 7, startTime: '123456' }, root)).toBe(true);
      expect(sameProcess({ pid: 7, startTime: '123457' }, root)).toBe(false);
    },
  );

  test('a process that is gone, or only waits to be buried, is nobody', async () => {
    await addProcess(8, { state: 'Z' });
    expect(processStartTime(8, root)).toBeNull();
    expect(processStartTime(9, root)).toBeNull();
    expect(sameProcess({ pid: 9, startTime: '' }, root)).toBe(false);
    expect(commandLine(9, root)).toEqual([]);
  });

  test('works on this very process', () => {
    expect(processStartTime(process.pid)).toMatch(/^\d+$/);
    expect(sameProcess({ pid: process.pid, startTime: processStartTime(process.pid) ?? '' })).toBe(true);
    expect(bootId()).toMatch(/^[0-9a-f-]{36}$/);
    expect(kernelRelease()).not.toBe('');
  });
});

describe('processes that name a folder', () => {
  const path = '/run/user/1000/phyllome/ab12cd34';

  test.each([
    ['as an argument', path],
    ['a file in it', `${path}/qmp.sock`],
    ['as an option', `socket,id=mon0,path=${path}/qmp.sock,server=on`],
    ['as the end of an option', `ctrl,type=unixio,path=${path}`],
    ['inside JSON', JSON.stringify({ type: 'unix', path: `${path}/net.sock` })],
    ['at the end of JSON', JSON.stringify({ directory: path })],
    ['behind one that only looks like it', `${path}5/x:${path}/x`],
  ])('%s', async (_, argument) => {
    await addProcess(20, { command: ['qemu-system-x86_64', '-chardev', argument] });
    expect(processesMentioning(path, root)).toEqual([20]);
  });

  test.each([
    ['a longer name', `${path}5/qmp.sock`],
    ['a name with an ending', `${path}.old`],
    ['a folder elsewhere of the same name', `/backup${path}/qmp.sock`],
    ['only the end of the path', 'ab12cd34'],
  ])('not %s', async (_, argument) => {
    await addProcess(20, { command: ['qemu-system-x86_64', argument] });
    expect(processesMentioning(path, root)).toEqual([]);
  });

  test('paths with commas and quotes, in the spelling of QEMU options and of JSON', async () => {
    const odd = '/home/a,b"c/run/ab12cd34';
    await addProcess(20, { command: [`socket,path=${odd.replaceAll(',', ',,')}/qmp.sock`] });
    await addProcess(21, { command: [JSON.stringify({ path: `${odd}/net.sock` })] });
    expect(processesMentioning(odd, root)).toEqual([20, 21]);
  });

  test('not those of other users, nor this process', async () => {
    await addProcess(20, { command: [path], uid: 12_345 });
    await addProcess(process.pid, { command: [path] });
    expect(processesMentioning(path, root)).toEqual([]);
  });

  test('not what vanished while we looked', async () => {
    await mkdir(join(root, 'proc/30'));
    await mkdir(join(root, 'proc/self'));
    expect(processesMentioning(path, root)).toEqual([]);
  });

  test('finds a real process', async () => {
    const child = spawn('/bin/sh', ['-c', 'echo ready; read line', `${root}/deep`], {
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    await once(child.stdout, 'data');
    expect(processesMentioning(root)).toEqual([child.pid]);
    child.stdin.end();
    await once(child, 'close');
    expect(processesMentioning(root)).toEqual([]);
  });
});
