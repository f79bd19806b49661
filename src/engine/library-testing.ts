// SPDX-License-Identifier: Apache-2.0
//
// What the tests of the library share.
import { readdir } from 'node:fs/promises';
import { vi } from 'vitest';
import type { PhyllomeEvent } from '../contract/event.ts';
import type { Task } from '../contract/task.ts';
import { openBin, type Bin } from './bin.ts';
import { createEventStream } from './event-stream.ts';
import { openLibrary, type Library } from './images.ts';
import { openStore, type Store } from './store.ts';
import { createTasks, type Tasks } from './tasks.ts';
import { sandbox, type Sandbox } from './testing.ts';

export interface LibrarySandbox extends Sandbox {
  library: Library;
  tasks: Tasks;
  store: Store;
  bin: Bin;
  heard: PhyllomeEvent[];
  /** Everything in the folder, hidden files included */
  files(): Promise<string[]>;
  /** How a task ended */
  ended(id: string): Promise<Task>;
}

export async function librarySandbox(): Promise<LibrarySandbox> {
  const box = await sandbox();
  const { paths } = box;
  const events = createEventStream();
  const heard: PhyllomeEvent[] = [];
  events.subscribe((event) => heard.push(event));
  const store = await openStore(paths);
  const bin = openBin(paths, store);
  const library = await openLibrary({ paths, store, bin, events });
  const tasks = createTasks(events);
  return {
    ...box,
    library,
    tasks,
    store,
    bin,
    heard,
    files: async () => (await readdir(paths.images)).toSorted(),
    ended: (id) =>
      vi.waitUntil(() => (tasks.show(id).state === 'running' ? null : tasks.show(id)), { timeout: 20_000 }),
  };
}

/** Bytes as they come, piece by piece. */
export async function* pieces(bytes: Uint8Array, size = 10_000): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
