// SPDX-License-Identifier: Apache-2.0
//
// Runs grub-fstest, GRUB's own readers of partition tables, LVM, ext2/3/4, XFS, Btrfs and FAT as a program: it opens the
// image for reading only and needs no rights. The disk is a guest's, so the tool may be led astray: it gets no
// network, no new privileges, and bounded memory, time and output.
import { spawn } from 'node:child_process';
import type { Writable } from 'node:stream';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { findBinary } from '../../host/binaries.ts';
import { installHint } from '../../host/install-hint.ts';

// Bounds of one run: address space (bytes), processor time (s), from its start to its end (ms).
const memory = 2 ** 30;
const processorSeconds = 60;
const patience = 120_000;
const mostComplaint = 4096;

export interface FstestRun {
  /** Absolute path of a raw image */
  image: string;
  words: readonly string[];
  /** Gets what the tool prints; a failure of it ends the tool */
  output: Writable;
  /** More than so many bytes are a failure */
  limit: number;
  signal?: AbortSignal | undefined;
}

export type FstestResult = { ok: true } | { ok: false; complaint: string };

/** @throws PhyllomeError `tool-missing` */
export function requireFstest(): string {
  const program = findBinary('grub-fstest') ?? findBinary('grub2-fstest');
  if (program !== null) return program;
  throw new PhyllomeError('tool-missing', {
    tool: 'grub-fstest',
    purpose: "reading the guest's kernel from its disk",
    install: installHint('grub-fstest'),
  });
}

/**
 * Runs the tool once.
 * @returns what it complained of when it failed
 * @throws PhyllomeError `tool-missing`, `guest-disk-unreadable` when it had to be stopped; the reason of the signal; what
 *   `output` failed with
 */
export async function runFstest(run: FstestRun): Promise<FstestResult> {
  const program = requireFstest();
  const first = await runOnce(program, run, isolated);
  // Where users may not make namespaces of their own, the rest has to do. Nothing was printed then.
  return first.ok || !first.complaint.startsWith('unshare:') ? first : runOnce(program, run, bounded);
}

/** Without network, in a namespace of users that has no rights outside of itself. */
function isolated(command: readonly string[]): string[] {
  const unshare = findBinary('unshare');
  return unshare === null ? bounded(command) : [unshare, '--user', '--net', ...bounded(command)];
}

function bounded(command: readonly string[]): string[] {
  const setpriv = findBinary('setpriv') ?? '/usr/bin/setpriv';
  const prlimit = findBinary('prlimit') ?? '/usr/bin/prlimit';
  const limits = [`--as=${memory}`, `--cpu=${processorSeconds}`, '--core=0', '--fsize=0', '--nofile=32'];
  // It dies with us, so that a killed service leaves nothing behind.
  return [setpriv, '--pdeathsig', 'KILL', '--no-new-privs', prlimit, ...limits, ...command];
}

async function runOnce(
  program: string,
  { image, words, output, limit, signal }: FstestRun,
  wrap: (command: readonly string[]) => string[],
): Promise<FstestResult> {
  signal?.throwIfAborted();
  const [file = '', ...parameters] = wrap([program, image, '--', ...words]);
  const child = spawn(file, parameters, {
    cwd: '/',
    env: { LC_ALL: 'C' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const kill = (): void => void child.kill('SIGKILL');
  const late = setTimeout(kill, patience);
  signal?.addEventListener('abort', kill, { once: true });
  let complaint = '';
  let printed = 0;
  let failure: unknown = null;
  const fail = (reason: unknown): void => {
    failure ??= reason;
    kill();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaint = (complaint + text).slice(0, mostComplaint);
  });
  output.on('error', fail);
  child.stdout.on('data', (bytes: Buffer) => {
    printed += bytes.length;
    if (printed > limit) return fail(unreadable(image, `more than ${limit} bytes were found`));
    if (failure !== null || output.write(bytes)) return;
    child.stdout.pause();
    output.once('drain', () => child.stdout.resume());
  });
  try {
    const end = await new Promise<number | NodeJS.Signals | null>((resolve) => {
      child.once('error', (error) => {
        complaint = reasonOf(error);
        resolve(null);
      });
      child.once('close', (code, killedBy) => resolve(code ?? killedBy));
    });
    signal?.throwIfAborted();
    if (failure !== null) throw failure;
    if (typeof end === 'string')
      throw unreadable(image, `grub-fstest had to be ended (${end}); the file system may be damaged`);
    if (end === 0) return { ok: true };
    return { ok: false, complaint: complaint.trim() || `grub-fstest ended with ${end}` };
  } finally {
    clearTimeout(late);
    signal?.removeEventListener('abort', kill);
    output.off('error', fail);
  }
}

export function unreadable(file: string, reason: string): PhyllomeError {
  return new PhyllomeError('guest-disk-unreadable', { file, reason });
}
