// SPDX-License-Identifier: Apache-2.0
//
// The two scripts of our own that run beside a Cloud Hypervisor, as real processes.
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, open, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startedAgain } from './again.ts';
import { runFiles } from './run-files.ts';
import { offerTerminal, planSerial } from './serial.ts';
import { report } from './testing.ts';

let run = '';
const started: ChildProcess[] = [];
beforeEach(async () => {
  run = await mkdtemp(join(tmpdir(), "ph-h,'-"));
});
afterEach(async () => {
  // Each has a process group of its own, as helpers of machines have.
  for (const { pid, exitCode, signalCode } of started.splice(0))
    if (pid !== undefined && exitCode === null && signalCode === null) process.kill(-pid, 'SIGKILL');
  await rm(run, { recursive: true, force: true });
});

function start(command: readonly string[], stdio: ('ignore' | number)[]): ChildProcess {
  const [file = '', ...words] = command;
  const child = spawn(file, words, { detached: true, stdio });
  started.push(child);
  return child;
}

test('a helper is started again as long as there is something to serve', async () => {
  const vmm = join(run, 'control');
  const count = join(run, 'count');
  await writeFile(vmm, '');
  const helper = ['/bin/sh', '-c', 'echo "$1" >>"$2"', 'helper', 'a  b;$(c)', count];
  const child = start(startedAgain('/bin/sh', vmm, helper), ['ignore', 'ignore', 'ignore']);
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const lines = async () =>
    (await readFile(count, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
  await expect.poll(async () => (await lines()).length).toBeGreaterThan(2);
  expect(new Set(await lines())).toEqual(new Set(['a  b;$(c)']));
  await rm(vmm);
  await ended;
});

/** A terminal as a VMM would have it: `script` holds its other side. */
async function openTerminal(): Promise<{ name: string; child: ChildProcess; heard(): string }> {
  const child = spawn('script', ['-qfc', 'stty raw -echo; tty; exec sleep 1000', '/dev/null'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  started.push(child);
  let heard = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => (heard += text));
  await expect.poll(() => heard).toMatch(/^\/dev\/pts\/\d+\n/);
  return { name: heard.split('\n')[0] as string, child, heard: () => heard };
}

test('what a guest writes goes to the log, what is typed goes to the guest, from one terminal to the next', async () => {
  const files = runFiles(run);
  const { helper } = planSerial(report().tools, { machine: run, run, logs: run });
  execFileSync('mkfifo', [`${files.serial}.in`]);
  const log = join(run, 'serial.log');
  await using output = await open(log, 'a');
  await using input = await open(`${files.serial}.in`, 'r+');
  const carrier = start(helper.command, [input.fd, output.fd, 'ignore']);

  for (const round of ['one', 'two']) {
    // Typed before there is a terminal: it waits.
    await writeFile(`${files.serial}.in`, `typed ${round}\n`);
    const { name, child, heard } = await openTerminal();
    await offerTerminal(files, name);
    child.stdin?.write(`guest ${round}\n`);
    await expect.poll(() => readFile(log, 'utf8')).toContain(`guest ${round}\n`);
    await expect.poll(() => heard()).toContain(`typed ${round}\n`);
    process.kill(-(child.pid as number), 'SIGKILL');
    // It has hung up: the link is used up (the link, not the terminal it names, which is gone a moment before).
    await expect.poll(() => readlink(files.openTerminal).catch(({ code }) => code)).toBe('ENOENT');
  }
  expect(await readFile(log, 'utf8')).toBe('guest one\nguest two\n');
  expect(carrier.exitCode).toBeNull();
});

test('a terminal that is read already is not offered twice', async () => {
  const files = runFiles(run);
  await symlink('/dev/pts/7', files.openTerminal);
  await offerTerminal(files, '/dev/pts/7');
  await expect(readFile(files.terminal)).rejects.toMatchObject({ code: 'ENOENT' });
});
