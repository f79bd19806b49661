// SPDX-License-Identifier: Apache-2.0
//
// Disks of machines that do not run, with the real qemu-img: what the tests of this folder share.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Task } from '../../contract/task.ts';
import { createDefinitionEditor } from '../definition-editor.ts';
import { createEventStream } from '../event-stream.ts';
import { createHolds } from '../holds.ts';
import type { Runner } from '../runner.ts';
import { openStore, type StoredMachine } from '../store.ts';
import { createTasks } from '../tasks.ts';
import { putMachine, sandbox, someId } from '../testing.ts';
import { createDisks, type Disks } from './create-disks.ts';

export const MiB = 2 ** 20;

export const qemuImg = (...parameters: string[]): string =>
  execFileSync('qemu-img', parameters, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

/** Writes a pattern into an image, through its format. */
export const write = (file: string, format: string, command: string): string =>
  execFileSync('qemu-io', ['-f', format, '-c', command, file], { encoding: 'utf8' });

export function definition(disks: string, { id = someId, name = 'web' } = {}): string {
  return `# kept
formatVersion: 1
id: ${id}
name: ${name}
architecture: x86_64
memory: 512MiB # and this
boot: { type: uefi }
disks:
${disks}
`;
}

export interface Workshop {
  directory: string;
  disks: Disks;
  machine(): StoredMachine;
  /** @returns the task when it is done. @throws its error */
  finish(begun: Promise<Task>): Promise<Task>;
  abort(task: string): Promise<Task>;
  yaml(): Promise<string>;
  images(): Promise<string[]>;
  put(text: string, id: string): Promise<string>;
  /** A disk in disks/, made by qemu-img */
  make(name: string, format: string, size: string): string;
}

export async function openWorkshop(disksText: string, runner?: Runner): Promise<Workshop> {
  const place = await sandbox();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const directory = await putMachine(place.paths, definition(disksText));
  await mkdir(join(directory, 'disks'));
  const store = await openStore(place.paths);
  const events = createEventStream();
  const tasks = createTasks(events);
  const definitions = createDefinitionEditor(store, () => {});
  const stateOf = () => ({ name: runner === undefined ? 'stopped' : 'running' }) as never;
  const disks = createDisks({
    store,
    tasks,
    definitions,
    holds: createHolds(stateOf),
    running: { get: () => runner, stateOf },
    others: async () => store.list(),
    wordsOf: ({ name }) => name,
    warn: (_, text) => {
      throw new Error(text);
    },
  });
  return {
    directory,
    disks,
    machine: () => store.find(someId),
    async finish(begun) {
      const { id } = await begun;
      const ended = Promise.withResolvers<Task>();
      const look = (task: Task): void => {
        if (task.error !== null) ended.reject(Object.assign(new Error(task.error.message), task.error));
        else if (task.state === 'done') ended.resolve(task);
      };
      const leave = events.subscribe((event) => {
        if (event.type === 'task.changed' && event.task.id === id) look(event.task);
      });
      look(tasks.show(id));
      return ended.promise.finally(leave);
    },
    abort: (task) => tasks.abort(task),
    yaml: () => readFile(join(directory, 'machine.yaml'), 'utf8'),
    images: async () => (await readdir(join(directory, 'disks'))).toSorted(),
    async put(text, id) {
      const folder = await putMachine(place.paths, text, id);
      await mkdir(join(folder, 'disks'), { recursive: true });
      await writeFile(join(folder, 'lock'), '');
      return folder;
    },
    make(name, format, size) {
      const file = join(directory, 'disks', name);
      qemuImg('create', '-q', '-f', format, file, size);
      return file;
    },
  };
}
