// SPDX-License-Identifier: Apache-2.0
//
// A lock that the kernel keeps: it is free again the moment its holder dies, however that happens, and no stale file
// can pretend otherwise. Node has no flock(2), so util-linux does it for us on a file that we opened: the lock belongs to
// the open file, not to the process that asked for it.
import { spawn } from 'node:child_process';
import { close, constants, ftruncate, open, readFile, write } from 'node:fs';
import { promisify } from 'node:util';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { findBinary } from './binaries.ts';
import { errorCode } from './files.ts';
import { installHint } from './install-hint.ts';

export interface Lock extends AsyncDisposable {
  /** The open file that is locked: a process that inherits it holds the lock as well, until it ends */
  readonly fd: number;
  release(): Promise<void>;
}

// Whoever lets go of a lock may still have it for a moment: a child process that is just being made has every open file
// of ours until its own program begins, and a process that ends has them until the kernel has cleared it away (s).
const moment = 2;

// What flock(1) returns when somebody else has the lock; any other code is a failure.
const conflict = 75;

/**
 * Takes a lock, or returns null when another process, or another part of this one, has it. The file is made if it is
 * missing and stays when the lock is released: removing it would let two hold "the" lock at once.
 *
 * The file descriptor is not inherited by child processes, so a lock ends with this process at the latest.
 *
 * @throws PhyllomeError `tool-missing`; `file-unreadable` when the file cannot be made or its file system has no locks
 */
export async function lockFile(path: string): Promise<Lock | null> {
  const fd = await openLockFile(path);
  try {
    if (!(await flock(fd, path))) {
      await promisify(close)(fd);
      return null;
    }
    await noteHolder(fd);
  } catch (error) {
    await promisify(close)(fd);
    throw error;
  }
  let held = true;
  const release = async (): Promise<void> => {
    // Closing twice could close whatever got the same number in the meantime.
    if (held) {
      held = false;
      await promisify(close)(fd);
    }
  };
  return { fd, release, [Symbol.asyncDispose]: release };
}

/** For the words of an error, no more: on a full disk the lock is held all the same, and perhaps taken to free some space. */
async function noteHolder(fd: number): Promise<void> {
  try {
    await promisify(ftruncate)(fd, 0);
    await promisify(write)(fd, `${process.pid}\n`, 0, 'utf8');
  } catch (error) {
    const code = errorCode(error);
    if (code !== 'ENOSPC' && code !== 'EDQUOT') throw error;
  }
}

/** The process that last took a lock, for the words of an error; null when nobody did. */
export async function lockHolder(path: string): Promise<number | null> {
  const text = await promisify(readFile)(path, 'utf8').catch(() => '');
  const pid = Number.parseInt(text, 10);
  return Number.isNaN(pid) ? null : pid;
}

async function openLockFile(path: string): Promise<number> {
  // A plain number, not a FileHandle: that one would close, and unlock, when the garbage collector finds it.
  const flags = constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW;
  try {
    return await promisify(open)(path, flags, 0o600);
  } catch (error) {
    throw new PhyllomeError(
      'file-unreadable',
      { what: 'lock', file: path, reason: reasonOf(error) },
      { cause: error },
    );
  }
}

function flock(fd: number, path: string): Promise<boolean> {
  const binary = findBinary('flock');
  if (binary === null) {
    const install = installHint('flock');
    throw new PhyllomeError('tool-missing', {
      tool: 'flock',
      purpose: 'keeping two services apart',
      install,
    });
  }
  return new Promise((resolve, reject) => {
    const parameters = [
      '--exclusive',
      '--timeout',
      String(moment),
      '--conflict-exit-code',
      String(conflict),
      '3',
    ];
    const child = spawn(binary, parameters, { stdio: ['ignore', 'ignore', 'pipe', fd] });
    let words = '';
    child.stderr?.on('data', (chunk: Buffer) => (words += chunk.toString('utf8')));
    child.once('error', reject);
    child.once('close', (code) => {
      if (code === 0 || code === conflict) resolve(code === 0);
      else
        reject(
          new PhyllomeError('file-unreadable', {
            what: 'lock',
            file: path,
            reason: words.trim() || `flock ended with ${code}`,
          }),
        );
    });
  });
}
