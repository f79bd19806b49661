// SPDX-License-Identifier: Apache-2.0
//
// passt connects a guest to the network without privileges. Whether it can is found out by starting it, since much
// can stop it: no route, no user namespaces, AppArmor's profile, which lets it make sockets only in /tmp and at home.
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { rm, stat } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { reasonOf } from '../contract/errors.ts';
import { findBinary } from './binaries.ts';
import { boundedBy } from './bound-process.ts';
import { installHint } from './install-hint.ts';
import { guestNameservers } from './nameservers.ts';
import { forwardsDns, passtCommand, type Passt } from './passt-command.ts';

export type PasstReport = ({ available: true } & Passt) | { available: false; reason: string };

// From its start to a socket that accepts (some 20 ms; seconds on a busy PC), and from there until a start that failed late
// has shown (ms).
const startPatience = 10_000;
const afterConnect = 50;
const connectInterval = 5;

/**
 * Does passt work here, with its socket in this folder? Takes some 0.2 s the first time. A yes is remembered until passt
 * is replaced or this process ends; a no is asked again each time.
 */
export async function probePasst(directory: string): Promise<PasstReport> {
  const path = findBinary('passt');
  if (path === null) return { available: false, reason: `passt is not installed (${installHint('passt')})` };
  try {
    const key = JSON.stringify([path, (await stat(path)).mtimeMs, directory]);
    const features = proven.get(key) ?? (await featuresOf(path));
    const nameservers = guestNameservers('/');
    if (nameservers === null && !forwardsDns(features)) {
      const reason =
        'the DNS server of this PC listens on this PC only, and this version of passt cannot ask it for guests';
      return { available: false, reason };
    }
    const asRoot = process.getuid?.() === 0;
    const passt: Passt = { path, ...features, asRoot, nameservers: nameservers ?? [] };
    const problem = proven.has(key) ? null : await tryPasst(passt, directory);
    if (problem !== null) return { available: false, reason: problem };
    proven.set(key, features);
    return { available: true, ...passt };
  } catch (error) {
    return { available: false, reason: `passt could not be tried: ${reasonOf(error)}` };
  }
}

type Features = Pick<Passt, 'options' | 'version'>;
const proven = new Map<string, Features>();

/** What a passt, or the pasta beside it, says about itself. */
export async function featuresOf(path: string): Promise<Features> {
  const [help, version] = await Promise.all([answerTo(path, '--help'), answerTo(path, '--version')]);
  return {
    options: [...new Set(help.match(/--[a-z][a-z0-9-]*/g))],
    version: /^(?:passt|pasta) (\d\S*)/m.exec(version)?.[1] ?? null,
  };
}

// Old versions print their help to standard error, and exit with 1 after it.
function answerTo(path: string, option: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(path, [option], { timeout: startPatience }, (_error, stdout, stderr) =>
      resolve(`${stdout}\n${stderr}`),
    );
  });
}

/** Starts passt, connects as a VMM would, and lets it end. Returns what went wrong, or null. */
async function tryPasst(passt: Passt, directory: string): Promise<string | null> {
  const socket = join(directory, `${randomBytes(4).toString('hex')}.sock`);
  const [file, ...parameters] = boundedBy(
    startPatience / 1000 + 2,
    passtCommand(passt, { socket, forwards: [] }),
  );
  const child = spawn(file, parameters, { cwd: '/', stdio: ['ignore', 'ignore', 'pipe'] });
  let words = '';
  child.stderr.on('data', (chunk: Buffer) => (words = (words + chunk.toString('utf8')).slice(-4096)));
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      words = error.message;
      resolve();
    });
    child.once('close', () => resolve());
  });
  try {
    let client: Socket | null = null;
    for (
      let waited = 0;
      client === null && isRunning(child) && waited < startPatience;
      waited += connectInterval
    ) {
      client = await connectTo(socket);
      if (client === null) await delay(connectInterval);
    }
    if (client === null) return `passt did not open its socket in ${directory}${lastWords(words)}`;
    await Promise.race([ended, delay(afterConnect)]);
    client.destroy();
    return isRunning(child) ? null : `passt ended as soon as it was used${lastWords(words)}`;
  } finally {
    child.kill('SIGTERM');
    await ended;
    await rm(socket, { force: true });
  }
}

function isRunning(child: ChildProcess): boolean {
  return child.pid !== undefined && child.exitCode === null && child.signalCode === null;
}

function connectTo(path: string): Promise<Socket | null> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => resolve(socket));
    socket.on('error', () => resolve(null));
  });
}

// Without a system log, old versions complain about that after each of their lines.
function lastWords(words: string): string {
  const lines = words.split('\n').map((line) => line.trim());
  const said = lines.findLast((line) => line !== '' && !line.endsWith('to syslog'));
  return said === undefined ? '' : `: ${said}`;
}
