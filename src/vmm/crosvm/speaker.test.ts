// SPDX-License-Identifier: Apache-2.0
//
// With real processes: whether the kernel still runs a program whose file is gone is for the kernel to say.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { findBinary } from '../../host/binaries.ts';
import { findCrosvm, speakerFor } from './speaker.ts';
import { fakePc } from './testing.ts';

const name = 'trial';

/** A program of its own file that stays: "sh" called crosvm, which reads what never comes. */
async function startProgram(binary: string, socket: string) {
  await copyFile(findBinary('sh') ?? '/bin/sh', binary);
  const args = ['-c', 'read line', 'run', '--socket', socket, '--name', 'x'];
  const child = spawn(binary, args, { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  return {
    child,
    async [Symbol.asyncDispose]() {
      const gone = once(child, 'exit');
      if (child.exitCode === null && child.signalCode === null) {
        child.kill('SIGKILL');
        await gone;
      }
    },
  };
}

test('the program itself, while it is the one that runs', async () => {
  await using pc = await fakePc();
  const socket = join(pc.paths.run, 'control');
  await using program = await startProgram(pc.binary, socket);
  const found = findCrosvm(pc.paths.run, socket);
  expect(found?.pid).toBe(program.child.pid);
  expect(await speakerFor(found!, { name, binary: pc.binary })).toBe(pc.binary);
});

test.for(['replaced', 'removed'])('what the kernel holds, once the program is %s', async (how) => {
  await using pc = await fakePc();
  const socket = join(pc.paths.run, 'control');
  await using program = await startProgram(pc.binary, socket);
  if (how === 'removed') await rm(pc.binary);
  else {
    await writeFile(`${pc.binary}.new`, '#!/bin/sh\necho another build\n', { mode: 0o755 });
    await rename(`${pc.binary}.new`, pc.binary);
  }
  const speaker = await speakerFor(findCrosvm(pc.paths.run, socket)!, { name, binary: pc.binary });
  expect(speaker).toBe(`/proc/${program.child.pid}/exe`);
  const { stdout } = await promisify(execFile)(speaker, ['-c', 'echo the same build']);
  expect(stdout).toBe('the same build\n');
});

test('a process that ended has no program', async () => {
  await using pc = await fakePc();
  const socket = join(pc.paths.run, 'control');
  await using program = await startProgram(pc.binary, socket);
  const found = findCrosvm(pc.paths.run, socket)!;
  await program[Symbol.asyncDispose]();
  expect(findCrosvm(pc.paths.run, socket)).toBeNull();
  await expect(speakerFor(found, { name, binary: pc.binary })).rejects.toMatchObject({ code: 'vmm-gone' });
});

test('another machine, and a verb that is under way, are not meant', async () => {
  await using pc = await fakePc();
  const socket = join(pc.paths.run, 'control');
  await using _other = await startProgram(pc.binary, join(pc.paths.run, 'control-2'));
  expect(findCrosvm(pc.paths.run, socket)).toBeNull();
});
