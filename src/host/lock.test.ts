// SPDX-License-Identifier: Apache-2.0
//
// With real processes: what a kernel's lock is worth shows when its holder is killed.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { lockFile, lockHolder } from './lock.ts';

let directory = '';
let file = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
  file = join(directory, 'lock');
});
afterEach(() => rm(directory, { recursive: true }));

/** Another process that takes the lock, says whether it got it, and keeps it. */
async function otherProcess(): Promise<{ child: ChildProcess; said: string }> {
  const program = `
    const { lockFile } = await import(process.argv[1]);
    console.log(await lockFile(process.argv[2]) === null ? 'refused' : 'locked');
    process.stdin.resume();
  `;
  const module = new URL('lock.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program, module, file], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  return { child, said: chunk.toString().trim() };
}

async function kill(child: ChildProcess): Promise<void> {
  child.kill('SIGKILL');
  await once(child, 'close');
}

describe('a lock', () => {
  test('one that is let go of in a moment is waited for', async () => {
    const before = await lockFile(file);
    setTimeout(() => void before?.release(), 200);
    await using after = await lockFile(file);
    expect(after).not.toBeNull();
  });

  test('is held by one, also within a process, and names its holder', async () => {
    await using lock = await lockFile(file);
    expect(lock).not.toBeNull();
    expect(await lockFile(file)).toBeNull();
    expect(await lockHolder(file)).toBe(process.pid);
  });

  test('keeps other processes out', async () => {
    await using lock = await lockFile(file);
    expect(lock).not.toBeNull();
    const { child, said } = await otherProcess();
    await kill(child);
    expect(said).toBe('refused');
  });

  test('of a process that was killed is free at once', async () => {
    const { child, said } = await otherProcess();
    expect(said).toBe('locked');
    expect(await lockFile(file)).toBeNull();
    expect(await lockHolder(file)).toBe(child.pid);
    await kill(child);
    await using lock = await lockFile(file);
    expect(lock).not.toBeNull();
  });

  test('is not inherited by the processes its holder starts', async () => {
    const lock = await lockFile(file);
    const child = spawn('/bin/sh', ['-c', 'read line'], { stdio: ['pipe', 'ignore', 'ignore'] });
    await once(child, 'spawn');
    await lock?.release();
    await using again = await lockFile(file);
    expect(again).not.toBeNull();
    await kill(child);
  });

  test('can be released twice, and taken again', async () => {
    const lock = await lockFile(file);
    await lock?.release();
    await lock?.release();
    await using again = await lockFile(file);
    expect(again).not.toBeNull();
  });

  test('file is private, and a stale content stands in nobody’s way', async () => {
    await writeFile(file, '999999999\nand something longer\n', { mode: 0o600 });
    await using lock = await lockFile(file);
    expect(lock).not.toBeNull();
    expect(await lockHolder(file)).toBe(process.pid);
    expect((await stat(file)).mode & 0o077).toBe(0);
  });

  test('is not made through a link somebody else laid', async () => {
    await symlink(join(directory, 'elsewhere'), file);
    await expect(lockFile(file)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  test('nobody ever took has no holder', async () => {
    expect(await lockHolder(file)).toBeNull();
  });
});
