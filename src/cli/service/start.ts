// SPDX-License-Identifier: Apache-2.0
//
// Starts the service when it is not running.
import { closeSync, fstatSync, mkdirSync, openSync, readSync } from 'node:fs';
import type { Socket } from 'node:net';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Paths } from '../../contract/paths.ts';
import { unreachable } from './client.ts';
import { requireOwnDirectory } from './own-directory.ts';

type Env = Readonly<Record<string, string | undefined>>;

interface Patience {
  milliseconds: number;
  tries: number;
}

// How often a starting service is tried, and for how long: 20 s, an age even on a busy, slow PC.
const ours: Patience = { milliseconds: 15, tries: 1300 };
// One that systemd starts comes up with the whole PC: five minutes, for a PC that is itself emulated.
const systemds: Patience = { milliseconds: 250, tries: 1200 };
/** With this code a service ends that found another one looking after the same data. */
const alreadyServedCode = 3;
// What is shown of the log when the start fails.
const logBytes = 4096;
const logLines = 8;

// The service outlives this terminal, so it gets what it needs to work and nothing of this session's secrets.
const passedOn =
  /^(PATH|HOME|USER|LOGNAME|SHELL|LANG|LANGUAGE|LC_\w+|TZ|TMPDIR|XDG_(DATA|STATE|CACHE|CONFIG|RUNTIME)_\w+|(https?|ftp|no|all)_proxy|NODE_(EXTRA_CA_CERTS|COMPILE_CACHE)|SSL_CERT_(FILE|DIR)|DBUS_SESSION_BUS_ADDRESS|OSINFO_(SYSTEM|LOCAL|USER)_DIR)$/i;

// A small nursery for young objects: the service rests most of the time, and this way it rests in 10 to 30 MB less.
export const nodeOptions = ['--max-semi-space-size=1'];

const ourProgram = fileURLToPath(new URL('../../daemon/main.ts', import.meta.url));

/**
 * Does somebody answer on the socket of the service?
 * @throws PhyllomeError `unsafe-directory`
 */
export async function isRunning(paths: Pick<Paths, 'serviceSocket'>): Promise<boolean> {
  requireOwnDirectory(dirname(paths.serviceSocket));
  return new Promise((resolve) => {
    const socket: Socket = process.getBuiltinModule('node:net').connect(paths.serviceSocket);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/**
 * Starts the service unless it runs, and waits until it answers. Of two callers at once, both get the one
 * service: the second to start ends by itself when it finds the first.
 * @param options of the service, e.g. --port
 * @returns whether it was started
 * @throws PhyllomeError `service-start-failed` with the last lines of its log, `service-unreachable`
 */
export async function ensureService(
  paths: Paths,
  env: Env,
  options: readonly string[] = [],
  program: string = ourProgram,
): Promise<boolean> {
  if (await isRunning(paths)) return false;
  // On Phyllome OS it is systemd that starts it: one of ours would be in the control group of whoever asked, and end with it.
  if (env['PHYLLOME_SERVICE'] === 'systemd') {
    await untilItAnswers(paths, () => null, systemds);
    return false;
  }
  const { spawn } = await import('node:child_process');
  const log = openLog(paths.serviceLog);
  try {
    const child = spawn(process.execPath, [...nodeOptions, program, ...options], {
      cwd: '/',
      detached: true,
      env: serviceEnv(env),
      stdio: ['ignore', log.descriptor, log.descriptor],
    });
    let ended: string | null = null;
    child.once('error', (error) => (ended = error.message));
    child.once('exit', (code, signal) => {
      if (code !== alreadyServedCode) ended = `it ended with ${signal ?? `code ${code}`}.`;
    });
    child.unref();
    await untilItAnswers(paths, () => (ended === null ? null : log.added() || ended), ours);
    return true;
  } finally {
    closeSync(log.descriptor);
  }
}

export function serviceEnv(env: Env): Record<string, string> {
  const kept = Object.entries(env).filter(([name, value]) => value !== undefined && passedOn.test(name));
  return Object.fromEntries(kept) as Record<string, string>;
}

/** @param failed why the service ended, as long as it goes on null */
async function untilItAnswers(
  paths: Paths,
  failed: () => string | null,
  { milliseconds, tries }: Patience,
): Promise<void> {
  for (let attempt = 0; attempt < tries; attempt += 1) {
    if (await isRunning(paths)) return;
    const reason = failed();
    if (reason !== null) throw new PhyllomeError('service-start-failed', { reason, log: paths.serviceLog });
    await delay(milliseconds);
  }
  throw unreachable(paths);
}

/** Opens the log for appending; `added` reads back the last lines that came since. */
function openLog(file: string): { descriptor: number; added: () => string } {
  let descriptor: number;
  try {
    mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
    descriptor = openSync(file, 'a+', 0o600);
  } catch (error) {
    throw new PhyllomeError('service-start-failed', { reason: (error as Error).message, log: file });
  }
  const before = fstatSync(descriptor).size;
  return {
    descriptor,
    added() {
      const { size } = fstatSync(descriptor);
      const start = Math.max(before, size - logBytes);
      const bytes = Buffer.alloc(Math.max(0, size - start));
      readSync(descriptor, bytes, 0, bytes.length, start);
      const lines = bytes.toString('utf8').trim().split('\n');
      // Why it ends the service says in plain words; its records (JSON) are for who wants more.
      const words = lines.filter((line) => !line.startsWith('{'));
      return (words.length > 0 ? words : lines).slice(-logLines).join('\n');
    },
  };
}
