// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findBinary } from './binaries.ts';
import { errorCode } from './files.ts';

// How often we look whether somebody reads (ms). A program opens it some 20 ms after its start.
const lookInterval = 5;

export interface SecretPipe extends AsyncDisposable {
  /** What the other program reads as if it were a file */
  path: string;
}

/**
 * Hands a secret to a program that wants it in a file: by a named pipe that only we may open, so that the secret is in no
 * argument, no environment and never on a disk. The first reader gets it, and the pipe is gone.
 * @param path where; left out: in a folder of its own
 */
export async function offerSecret(secret: string, path?: string): Promise<SecretPipe> {
  await using undo = new AsyncDisposableStack();
  const directory = path === undefined ? await mkdtemp(join(tmpdir(), 'phyllome-')) : null;
  if (directory !== null) undo.defer(() => rm(directory, { recursive: true, force: true }));
  const pipe = path ?? join(directory as string, 'secret');
  // Node cannot make named pipes; coreutils can.
  await promisify(execFile)(findBinary('mkfifo') ?? '/usr/bin/mkfifo', ['--mode=600', pipe]);
  undo.defer(() => rm(pipe, { force: true }));
  const over = new AbortController();
  const served = serve(pipe, secret, over.signal);
  // Told when it is waited for.
  served.catch(() => {});
  undo.defer(async () => {
    over.abort();
    await served;
  });
  const all = undo.move();
  return { path: pipe, [Symbol.asyncDispose]: () => all.disposeAsync() };
}

async function serve(pipe: string, secret: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const writer = await openWhenRead(pipe);
    if (writer === null) {
      await delay(lookInterval);
      continue;
    }
    await using _ = writer;
    // Nobody else is to open it; who has it open reads on.
    await rm(pipe, { force: true });
    await writer.writeFile(secret);
    return;
  }
}

/** null: nobody reads yet. To wait in open() instead would take one of Node's few threads. */
async function openWhenRead(pipe: string): Promise<FileHandle | null> {
  try {
    return await open(pipe, constants.O_WRONLY | constants.O_NONBLOCK);
  } catch (error) {
    if (errorCode(error) === 'ENXIO') return null;
    throw error;
  }
}
