// SPDX-License-Identifier: Apache-2.0
//
// A machine with real images and the snapshots of it, without a VMM.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Task } from '../../contract/task.ts';
import { openGuestBytes } from '../../disk/guest-bytes.ts';
import { createDefinitionEditor } from '../definition-editor.ts';
import { createEventStream } from '../event-stream.ts';
import { createHolds } from '../holds.ts';
import { openStore, type StoredMachine } from '../store.ts';
import { createTasks } from '../tasks.ts';
import { putMachine, sandbox, someId } from '../testing.ts';
import { createSnapshots } from './create-snapshots.ts';

/** What of a machine a snapshot keeps, in a form that can be compared. */
export interface Content {
  disks: string[];
  firmware: string | null;
  tpm: string | null;
  memory: number;
}

const MiB = 2 ** 20;

export interface Bench extends AsyncDisposable {
  directory: string;
  snapshots: ReturnType<typeof createSnapshots>;
  warnings: string[];
  machine(): StoredMachine;
  /** Writes this byte over a part of the head of a disk */
  write(disk: number, at: number, length: number, byte: number): void;
  setMemory(mebibytes: number): Promise<void>;
  setState(folder: 'firmware' | 'tpm', text: string | null): void;
  /** What the machine is now */
  content(): Promise<Content>;
  /** What a disk image shows, read without QEMU */
  checksum(file: string, format: 'qcow2' | 'raw'): Promise<string>;
  /** The same, as QEMU reads it */
  checksumByQemu(file: string, format: string): string;
  /** Waits until a task has ended and nothing is tidied any more. @throws the error of the task */
  finish(task: Promise<Task> | Task): Promise<void>;
  settle(): Promise<void>;
  files(): string[];
}

const stateOf = () => ({ name: 'stopped' as const, since: '' });

/** @param formats of its disks, 4 MiB each */
export async function openBench(formats: readonly ('qcow2' | 'raw')[] = ['qcow2', 'raw']): Promise<Bench> {
  const place = await sandbox();
  const disks = formats.map((format, index) => ({ file: `disks/d${index}.${format}`, format }));
  const text = `# kept
formatVersion: 1
id: ${someId}
name: web
architecture: x86_64
memory: 512MiB
boot: { type: uefi }
disks:
${disks.map(({ file, format }) => `  - { file: ${file}, format: ${format} } # ${format}`).join('\n')}
`;
  const directory = await putMachine(place.paths, text);
  mkdirSync(join(directory, 'disks'));
  for (const { file, format } of disks)
    execFileSync('qemu-img', ['create', '-q', '-f', format, join(directory, file), String(4 * MiB)]);
  const store = await openStore(place.paths);
  const events = createEventStream();
  const tasks = createTasks(events);
  const warnings: string[] = [];
  const definitions = createDefinitionEditor(store, () => {});
  const snapshots = createSnapshots({
    store,
    tasks,
    holds: createHolds(stateOf),
    definitions,
    running: {
      stateOf,
      get: () => undefined,
      judge: () => Promise.reject(new Error('nothing is judged here')),
      start: () => Promise.reject(new Error('nothing is started here')),
    },
    all: async () => store.list(),
    warn: (_, words) => warnings.push(words),
    changed: () => {},
  });
  const machine = (): StoredMachine => store.find(someId);
  const checksumByQemu = (file: string, format: string): string => {
    const raw = join(place.root, 'raw');
    execFileSync('qemu-img', ['convert', '-f', format, '-O', 'raw', file, raw]);
    const sum = createHash('sha256').update(readFileSync(raw)).digest('hex').slice(0, 16);
    rmSync(raw);
    return sum;
  };
  const stateFile = (folder: string): string => join(directory, folder, 'state');
  const bench: Bench = {
    directory,
    snapshots,
    warnings,
    machine,
    write(disk, at, length, byte) {
      const head = machine().definition?.disks[disk];
      const command = `write -q -P ${byte} ${at} ${length}`;
      execFileSync('qemu-io', ['-f', head?.format ?? '', '-c', command, join(directory, head?.file ?? '')]);
    },
    setMemory: async (mebibytes) => {
      await definitions.adapt(machine(), () => [{ path: ['memory'], value: mebibytes * MiB }]);
    },
    setState(folder, words) {
      rmSync(join(directory, folder), { recursive: true, force: true });
      if (words === null) return;
      mkdirSync(join(directory, folder));
      writeFileSync(stateFile(folder), words);
    },
    async content() {
      const { definition } = machine();
      return {
        disks: await Promise.all(
          (definition?.disks ?? []).map(({ file, format }) => checksum(join(directory, file), format)),
        ),
        firmware: textOf(stateFile('firmware')),
        tpm: textOf(stateFile('tpm')),
        memory: (definition?.memory ?? 0) / MiB,
      };
    },
    checksum,
    checksumByQemu,
    async finish(given) {
      const { id } = await given;
      while (tasks.show(id).state === 'running') await new Promise((next) => setImmediate(next));
      await bench.settle();
      const { error } = tasks.show(id);
      if (error !== null) throw PhyllomeError.fromReport(error);
    },
    async settle() {
      await snapshots.idle();
    },
    files: () => readdirSync(join(directory, 'disks')).sort(),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
  return bench;
}

async function checksum(file: string, format: 'qcow2' | 'raw'): Promise<string> {
  await using guest = await openGuestBytes(file, format);
  if (guest === null) throw new Error(`${file} cannot be read`);
  const hash = createHash('sha256');
  for (let at = 0; at < guest.size; at += 2 ** 20)
    hash.update(await guest.read(at, Math.min(2 ** 20, guest.size - at)));
  return hash.digest('hex').slice(0, 16);
}

const textOf = (file: string): string | null => (existsSync(file) ? readFileSync(file, 'utf8') : null);
