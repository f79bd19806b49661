// SPDX-License-Identifier: Apache-2.0
//
// Machines with real images, and everything that clones them, for the tests of this room.
import { execFile, execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Clone, CloneRequest } from '../../contract/clone.ts';
import type { Task } from '../../contract/task.ts';
import { locate } from '../../disk/locate.ts';
import { openBin, type Bin } from '../bin.ts';
import { createDefinitionEditor, type DefinitionEditor } from '../definition-editor.ts';
import { createEventStream } from '../event-stream.ts';
import { createHolds, type Holds } from '../holds.ts';
import { openStore, type Store, type StoredMachine } from '../store.ts';
import { createTasks, type Tasks } from '../tasks.ts';
import { definitionText, putMachine, someId, type Sandbox } from '../testing.ts';
import { createCloning } from './clone-machine.ts';
import { holdForTemplate } from './template.ts';

export interface CloneBench {
  store: Store;
  bin: Bin;
  holds: Holds;
  tasks: Tasks;
  definitions: DefinitionEditor;
  begin(ref: string, request: CloneRequest): Promise<Clone>;
  /** Clones, waits for the end, and gives the new machine. @throws the error of the task */
  clone(ref: string, name: string, request?: Partial<CloneRequest>): Promise<StoredMachine>;
  finished(task: Task): Promise<Task>;
}

/** @param state what the machines are: stopped, unless said */
export async function cloneBench({ paths }: Sandbox, state = 'stopped'): Promise<CloneBench> {
  const store = await openStore(paths);
  const bin = openBin(paths, store);
  const events = createEventStream();
  const tasks = createTasks(events);
  const holds = createHolds(() => ({ name: state as 'stopped' }));
  const definitions = createDefinitionEditor(
    store,
    () => {},
    (machine, after) => holdForTemplate(holds, machine, after),
  );
  const cloning = createCloning({
    store,
    tasks,
    events,
    holds,
    definitions,
    machines: paths.machines,
    deleted: bin.machines,
    settle: async () => {},
  });
  const finished = async (begun: Task): Promise<Task> => {
    for await (const _ of ticks()) {
      const task = tasks.show(begun.id);
      if (task.state !== 'running') return task;
    }
    throw new Error('unreachable');
  };
  const begin = (ref: string, request: CloneRequest): Promise<Clone> => cloning(store.find(ref), request);
  return {
    store,
    bin,
    holds,
    tasks,
    definitions,
    begin,
    finished,
    async clone(ref, name, request = {}) {
      const task = await finished((await begin(ref, { name, ...request })).task);
      if (task.error !== null) throw Object.assign(new Error(task.error.message), task.error);
      return store.find(name);
    },
  };
}

/** Ends with the task: each step waits for the event loop, not for a time. */
async function* ticks(): AsyncGenerator<void> {
  for (;;) {
    await new Promise(setImmediate);
    yield;
  }
}

export interface DiskWish {
  file: string;
  format: 'qcow2' | 'raw';
  keys?: string;
}

/** A machine with these disks of 4 MiB, each with something on it. @returns its folder */
export async function putDiskMachine(
  place: Sandbox,
  disks: readonly DiskWish[] = [{ file: 'disks/system.qcow2', format: 'qcow2' }],
  keys = '',
): Promise<string> {
  const entries = disks.map(
    ({ file, format, keys: more = '' }) =>
      `  - file: ${file} # where the system is\n    format: ${format}\n${more}`,
  );
  const list = disks.length === 0 ? '' : `disks:\n${entries.join('')}`;
  const directory = await putMachine(place.paths, definitionText() + list + keys, someId);
  await mkdir(join(directory, 'disks'), { recursive: true });
  for (const [index, { file, format }] of disks.entries()) {
    image('qemu-img', 'create', '-q', '-f', format, join(directory, file), '4M');
    write(join(directory, file), format, index + 1);
  }
  return directory;
}

function image(tool: 'qemu-img' | 'qemu-io', ...parameters: string[]): string {
  return execFileSync(tool, parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Lets the guest of a disk write a pattern, 64 KiB at this MiB. */
export function write(file: string, format: string, pattern: number, mebibyte = 1): void {
  const words = image('qemu-io', '-f', format, '-c', `write -P ${pattern} ${mebibyte}M 64k`, file);
  if (!/^wrote 65536/m.test(words)) throw new Error(words);
}

/**
 * What a guest sees on a disk, as a checksum: what is not written reads as zeros, whatever the format. Not waited for in
 * one go: a test that holds up its own event loop loses its connections to the service.
 */
async function seen(file: string, format: string): Promise<string> {
  if (format === 'raw') return checksum(file);
  const copy = `${file}.seen`;
  try {
    await promisify(execFile)('qemu-img', ['convert', '-f', format, '-O', 'raw', file, copy]);
    return await checksum(copy);
  } finally {
    await rm(copy, { force: true });
  }
}

const checksum = async (file: string): Promise<string> =>
  createHash('sha256')
    .update(await readFile(file))
    .digest('hex');

/** What the guest of a machine sees on its disks, one after the other. */
export async function seenBy({ directory, definition }: StoredMachine): Promise<string[]> {
  const sums: string[] = [];
  for (const { file, format } of definition?.disks ?? [])
    sums.push(await seen(locate(directory, file), format));
  return sums;
}

/** Lets the guest of a machine write to one of its disks. */
export function writeAs(
  { directory, definition }: StoredMachine,
  disk: number,
  pattern: number,
  mebibyte = 1,
): void {
  const { file, format } = definition?.disks[disk] ?? { file: '', format: '' };
  write(locate(directory, file), format, pattern, mebibyte);
}
