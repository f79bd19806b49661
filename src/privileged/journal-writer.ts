// SPDX-License-Identifier: Apache-2.0
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { FixPlan } from '../contract/fix.ts';
import { systemJournal } from '../contract/paths.ts';
import { sync } from '../host/files.ts';
import { foldersOf, nodeAt } from '../host/fixes/tree.ts';
import type { Effects } from './effects.ts';
import { lookAt, requireSafeFolders, stateOf, touchedFiles, type FileState } from './file-state.ts';
import { entryFolder, type Note, type Record } from './journal.ts';

/** How the files of a step were: `saved/<index>` holds the bytes. */
export interface Saved {
  path: string;
  state: FileState;
}

/** Makes the folder of the journal. Programs run in the meantime hold its lock. */
export async function makeJournal(root: string): Promise<string> {
  requireSafeFolders(root, join(systemJournal, 'x'));
  const folder = join(root, systemJournal);
  await mkdir(folder, { recursive: true, mode: 0o755 });
  for (const name of readdirSync(folder))
    if (name.startsWith('.new-')) await rm(join(folder, name), { recursive: true, force: true });
  return folder;
}

/** Writes down what is going to be done and how everything is now. It counts from the last rename on. @returns its id */
export async function beginStep(root: string, plan: FixPlan, now: Date): Promise<string> {
  const stamp = now.toISOString().replaceAll(/[-:]/g, '').replace('T', '-').slice(0, 15);
  let id = `${stamp}-${plan.id}`;
  for (let count = 2; existsSync(join(root, entryFolder(id))); count += 1)
    id = `${stamp}-${plan.id}-${count}`;
  const fresh = join(root, systemJournal, `.new-${id}`);
  await mkdir(join(fresh, 'saved'), { recursive: true, mode: 0o755 });
  // Bytes of files that not everybody may read, such as gshadow.
  await chmod(join(fresh, 'saved'), 0o700);

  const saved: Saved[] = [];
  const paths = [
    ...plan.files.map(({ path }) => path),
    ...touchedFiles(
      root,
      plan.commands.flatMap(({ touches }) => touches),
    ),
  ];
  for (const path of new Set(paths)) {
    const { state, content } = lookAt(root, path);
    if (content !== null) await writeDurable(join(fresh, 'saved', String(saved.length)), content, 0o600);
    saved.push({ path, state });
  }
  await writeDurable(join(fresh, 'saved/before.json'), JSON.stringify(saved, null, 1), 0o600);
  const folders = new Set(plan.files.flatMap(({ path }) => foldersOf(path)));
  const record: Record = {
    formatVersion: 1,
    id,
    at: now.toISOString(),
    plan,
    folders: [...folders].filter((folder) => nodeAt(join(root, folder)) === null),
  };
  await writeDurable(join(fresh, 'log'), '', 0o644);
  await writeDurable(join(fresh, 'entry.json'), JSON.stringify(record, null, 1), 0o644);
  await sync(join(fresh, 'saved'));
  await sync(fresh);
  await rename(fresh, join(root, entryFolder(id)));
  await sync(join(root, systemJournal));
  return id;
}

/** Adds a line to the log of a step, durably. */
export async function note(effects: Effects, id: string, what: WithoutTime<Note>): Promise<void> {
  const line = JSON.stringify({ at: new Date().toISOString(), ...what });
  // A half-written line of an earlier run must not swallow this one.
  await effects.append(join(entryFolder(id), 'log'), `\n${line}\n`);
}
type WithoutTime<Of> = Of extends unknown ? Omit<Of, 'at'> : never;

/** Remembers how a command left the files that it touches, before the log says that it has ended. */
export async function saveAfter(
  root: string,
  id: string,
  command: number,
  touches: readonly string[],
): Promise<void> {
  const states = touchedFiles(root, touches).map((path): Saved => ({ path, state: stateOf(root, path) }));
  const file = join(root, entryFolder(id), 'saved', `after-${command}.json`);
  await writeDurable(file, JSON.stringify(states, null, 1), 0o600);
  await sync(dirname(file));
}

export function savedBefore(root: string, id: string): Saved[] {
  return JSON.parse(readFileSync(join(root, entryFolder(id), 'saved/before.json'), 'utf8')) as Saved[];
}

/** Null when the command has not ended in our time. */
export function savedAfter(root: string, id: string, command: number): Saved[] | null {
  const file = join(root, entryFolder(id), 'saved', `after-${command}.json`);
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Saved[]) : null;
}

export function savedContent(root: string, id: string, index: number): Buffer {
  return readFileSync(join(root, entryFolder(id), 'saved', String(index)));
}

/** Keeps a copy of a file that an undo is going to replace. @returns where */
export async function keepCopy(root: string, id: string, path: string): Promise<string | null> {
  const { content } = lookAt(root, path);
  if (content === null) return null;
  const folder = join(entryFolder(id), 'kept');
  await mkdir(join(root, folder), { recursive: true, mode: 0o700 });
  for (let count = 0; ; count += 1) {
    const copy = join(folder, `${path.slice(1).replaceAll('/', '+')}${count === 0 ? '' : `.${count}`}`);
    if (existsSync(join(root, copy))) {
      // An undo that was interrupted and begins again need not keep the same twice.
      if (readFileSync(join(root, copy)).equals(content)) return copy;
      continue;
    }
    await writeDurable(join(root, copy), content, 0o600);
    await sync(join(root, folder));
    return copy;
  }
}

async function writeDurable(file: string, content: Uint8Array | string, mode: number): Promise<void> {
  await using handle = await open(file, 'w', mode);
  await handle.writeFile(content);
  await handle.chmod(mode);
  await handle.sync();
}
