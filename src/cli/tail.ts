// SPDX-License-Identifier: Apache-2.0
import { watch } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename, dirname } from 'node:path';

// A log is read from its end in one piece of this size (bytes).
const tailBytes = 256 * 1024;

interface Position {
  /** Inode: another file of the same name began anew */
  file: number;
  offset: number;
}

/** The last lines of a file, and where it ended; none when it does not exist. */
export async function lastLines(
  file: string,
  count: number,
): Promise<{ lines: string[]; position: Position }> {
  const { text, position } = await readFrom(file, null);
  const lines = text.split('\n');
  // What follows the last line break is not a whole line yet: it is read again.
  const rest = lines.pop() ?? '';
  return {
    lines: lines.slice(-count),
    position: { ...position, offset: position.offset - Buffer.byteLength(rest) },
  };
}

/**
 * The last lines of a file and every line that is added to it, until `signal` aborts. A file that is emptied,
 * or replaced by another of its name, is read from its start.
 */
export async function* followLines(file: string, count: number, signal: AbortSignal): AsyncGenerator<string> {
  // The watch begins before the first look, so that nothing falls between the two.
  using watcher = watchFile(file, signal);
  let { lines, position } = await lastLines(file, count);
  let rest = '';
  for (;;) {
    yield* lines;
    if (!(await watcher.changed())) return;
    const next = await readFrom(file, position);
    if (next.position.file !== position.file) rest = '';
    position = next.position;
    lines = (rest + next.text).split('\n');
    rest = lines.pop() ?? '';
  }
}

/** Tells of changes one after the other; those that come between two questions count as one. */
function watchFile(file: string, signal: AbortSignal): Disposable & { changed(): Promise<boolean> } {
  let dirty = false;
  let wake: (() => void) | undefined;
  // The folder is watched, because the file may not exist yet or be replaced.
  const watcher = watch(dirname(file), { signal }, (_event, name) => {
    if (name !== basename(file)) return;
    dirty = true;
    wake?.();
  });
  signal.addEventListener('abort', () => wake?.());
  return {
    async changed() {
      if (!dirty && !signal.aborted) await new Promise<void>((resolve) => (wake = resolve));
      dirty = false;
      return !signal.aborted;
    },
    [Symbol.dispose]: () => watcher.close(),
  };
}

async function readFrom(file: string, from: Position | null): Promise<{ text: string; position: Position }> {
  try {
    await using handle = await open(file, 'r');
    const { ino, size } = await handle.stat();
    const continues = from !== null && from.file === ino && from.offset <= size;
    const start = from === null ? Math.max(0, size - tailBytes) : continues ? from.offset : 0;
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
    return {
      text: buffer.toString('utf8', 0, bytesRead),
      position: { file: ino, offset: start + bytesRead },
    };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return { text: '', position: from ?? { file: 0, offset: 0 } };
  }
}
