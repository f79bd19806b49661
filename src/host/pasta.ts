// SPDX-License-Identifier: Apache-2.0
//
// Whether pasta can connect a VMM with the network here is found out by doing it: much can stop it (no route, no user
// namespaces, AppArmor, a kernel without bridges, a /dev/net/tun that is closed to this user).
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { reasonOf } from '../contract/errors.ts';
import { findBinary } from './binaries.ts';
import { installHint } from './install-hint.ts';
import { guestNameservers } from './nameservers.ts';
import { featuresOf } from './passt.ts';
import { forwardsDns } from './passt-command.ts';
import { guestTap, inNetwork, networkReady, pastaCommand, type Pasta } from './pasta-command.ts';

export type PastaReport = ({ available: true } & Pasta) | { available: false; reason: string };

// From its start to a network that is ready (some 50 ms); the test network ends by itself after so long (s).
const startPatience = 4000;
const interval = 5;
const lifetime = 6;

type Features = Pick<Pasta, 'options' | 'version'>;
const proven = new Map<string, Features>();

/**
 * Does a network by pasta work here? Takes some 0.2 s the first time. A yes is remembered until pasta is replaced or this
 * process ends; a no is asked again each time.
 * @param directory for its small files
 */
export async function probePasta(directory: string): Promise<PastaReport> {
  const path = findBinary('pasta');
  if (path === null) return { available: false, reason: `pasta is not installed (${installHint('passt')})` };
  const tools = { sh: '', ip: '', nsenter: '', setpriv: '', unshare: '' };
  for (const name of ['sh', 'ip', 'nsenter', 'setpriv', 'unshare'] as const) {
    const found = findBinary(name);
    if (found === null) return { available: false, reason: `the program ${name} is not installed` };
    tools[name] = found;
  }
  try {
    const key = JSON.stringify([path, (await stat(path)).mtimeMs, directory, tools]);
    const features = proven.get(key) ?? (await featuresOf(path));
    const nameservers = guestNameservers('/');
    if (nameservers === null && !forwardsDns(features)) {
      const reason =
        'the DNS server of this PC listens on this PC only, and this version of pasta cannot ask it for guests';
      return { available: false, reason };
    }
    const asRoot = process.getuid?.() === 0;
    const pasta: Pasta = { path, ...features, asRoot, nameservers: nameservers ?? [], tools };
    const problem = proven.has(key) ? null : await tryPasta(pasta, directory);
    if (problem !== null) return { available: false, reason: problem };
    proven.set(key, features);
    return { available: true, ...pasta };
  } catch (error) {
    return { available: false, reason: `pasta could not be tried: ${reasonOf(error)}` };
  }
}

/** Makes a network, looks from inside whether the guest's tap is there, and ends it. @returns what went wrong, or null */
async function tryPasta(pasta: Pasta, directory: string): Promise<string | null> {
  const run = await mkdtemp(join(directory, 'net-'));
  const [file = '', ...parameters] = pastaCommand(pasta, { run, forwards: [], seconds: lifetime });
  const child = spawn(file, parameters, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-4096)));
  const state = { running: true };
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      words = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  }).then(() => void (state.running = false));
  const isReady = (): boolean => existsSync(networkReady(run));
  try {
    for (let waited = 0; state.running && !isReady() && waited < startPatience; waited += interval)
      await delay(interval);
    if (!isReady()) return `pasta could not make a network${lastWords(words)}`;
    const [shell, ...rest] = [
      ...inNetwork(pasta, run),
      pasta.tools.ip,
      'link',
      'show',
      'dev',
      guestTap,
    ] as const;
    return await promisify(execFile)(shell, rest, { timeout: startPatience }).then(
      () => null,
      (error: unknown) => `the network of pasta cannot be entered: ${reasonOf(error)}`,
    );
  } finally {
    await endHolder(child.pid, ended, () => state.running);
    await rm(run, { recursive: true, force: true });
  }
}

/** pasta ends with what holds its namespace, but not the other way round. */
async function endHolder(
  pid: number | undefined,
  ended: Promise<void>,
  running: () => boolean,
): Promise<void> {
  if (pid === undefined || !running()) return ended;
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  for (const holder of children.split(' ').filter((word) => word !== '')) {
    try {
      process.kill(Number(holder), 'SIGKILL');
    } catch {
      // It has just ended by itself.
    }
  }
  // Where the kernel does not tell whose child is whose, it ends by its own clock.
  await ended;
}

// Without a system log, old versions complain about that after each of their lines.
function lastWords(words: string): string {
  const lines = words.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line !== '' && !line.endsWith('to syslog'));
  return said === undefined ? '' : `: ${said}`;
}
