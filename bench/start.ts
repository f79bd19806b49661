// SPDX-License-Identifier: Apache-2.0
//
// How much we add to starting a guest, in one interleaved run: the same QEMU command once through the service,
// once bare; and the memory of the idle service. Prints medians (smallest-largest).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makePipe } from '../src/engine/named-pipe.ts';
import { startService, type TestService } from '../test/support/service.ts';
import { row, summary } from './figures.ts';

const rounds = Number(process.argv[2] ?? 7);
const readyLine = 'phyllome-tiny: ready';

interface Round {
  /** ms from the request (or the spawn) until QEMU made its control socket */
  toSocket: number;
  /** ms until the guest wrote that it is ready */
  toReady: number;
}

await using service = await startService();
const machine = await service.create('bench');
const ours: Round[] = [];
const bare: Round[] = [];
// One start each that does not count: caches of files and answers.
await throughService();
await withoutService();
for (let round = 0; round < rounds; round += 1) {
  ours.push(await throughService());
  bare.push(await withoutService());
}

const pick = (list: Round[], key: keyof Round) => list.map((round) => round[key]);
const [ourSocket, bareSocket] = [summary(pick(ours, 'toSocket')), summary(pick(bare, 'toSocket'))];
const [ourReady, bareReady] = [summary(pick(ours, 'toReady')), summary(pick(bare, 'toReady'))];
console.log(`starting the tiny guest, ${rounds} rounds, ms`);
row('request -> control socket, through the service', ourSocket);
row('spawn -> control socket, bare QEMU', bareSocket);
console.log(
  `  our own time before exec: ${(ourSocket.median - bareSocket.median).toFixed(0)} ms (promise: <= 50)`,
);
row('request -> guest ready, through the service', ourReady);
row('spawn -> guest ready, bare QEMU', bareReady);
console.log(`  ratio: ${(ourReady.median / bareReady.median).toFixed(3)} (promise: <= 1.05)`);
await idleMemory(service);

async function throughService(): Promise<Round> {
  const { run } = await plan();
  const log = join(service.paths.logs, machine.id, 'serial.log');
  const began = Date.now();
  await service.client.call('startMachine', { params: { ref: 'bench' } });
  const toSocket = statSync(join(run, 'control')).birthtimeMs - began;
  const toReady = (await readyTime(log)) - began;
  await service.finish(
    service.client.call('stopMachine', {
      params: { ref: 'bench' },
      body: { force: true, timeoutSeconds: 1 },
    }),
  );
  return { toSocket, toReady };
}

/** The planned command without our additions: no lock, no waiting for somebody to attach, QEMU's own network. */
async function withoutService(): Promise<Round> {
  const { command, run, log, pipes } = await plan();
  const words = command
    .slice(command.findIndex((word) => word.includes('qemu-system')))
    .filter((word) => word !== '-S');
  const nic = words.indexOf('-netdev') + 1;
  const { id } = JSON.parse(words[nic] ?? '{}') as { id: string };
  words[nic] = JSON.stringify({ type: 'user', id });
  await mkdir(run, { mode: 0o700 });
  for (const pipe of pipes) await makePipe(pipe);
  await rm(log, { force: true });
  const began = Date.now();
  const qemu = spawn(words[0] as string, words.slice(1), { stdio: 'ignore' });
  const toReady = (await readyTime(log)) - began;
  const toSocket = statSync(join(run, 'control')).birthtimeMs - began;
  qemu.kill('SIGKILL');
  await once(qemu, 'exit');
  await rm(run, { recursive: true });
  return { toSocket, toReady };
}

async function plan(): Promise<{ command: string[]; run: string; log: string; pipes: string[] }> {
  const { process, runDirectory, serialLog, pipes } = await service.client.call('planMachine', {
    params: { ref: 'bench' },
  });
  return { command: process.command, run: runDirectory, log: serialLog as string, pipes };
}

/** When the guest said that it is ready: the time of the last change of a log that has the line, as polled. */
async function readyTime(log: string): Promise<number> {
  for (;;) {
    if (existsSync(log) && (await readFile(log, 'utf8')).includes(readyLine)) return Date.now();
    await delay(5);
  }
}

async function idleMemory({ client, process: child }: TestService): Promise<void> {
  for (let index = 1; index < 20; index += 1) await service.create(`idle ${index}`);
  await service.kill('SIGTERM');
  await service.restart();
  await client.call('listMachines');
  await delay(3000);
  const status = await readFile(`/proc/${service.process.pid ?? child.pid}/status`, 'utf8');
  const kibibytes = Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]);
  console.log(
    `idle service with 20 machines: ${(kibibytes / 1024).toFixed(0)} MiB resident (promise: <= 100 MB)`,
  );
}
