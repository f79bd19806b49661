// SPDX-License-Identifier: Apache-2.0
//
// What a command in a micro machine costs beside the same command in the same machine without us, and in a container, in
// one interleaved run. Prints medians (smallest-largest) and ratios; says what was not there to compare with.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, copyFile, cp, mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { busyboxPaths, findStaticBusybox } from '../src/catalog/tiny/busybox.ts';
import { makePipe } from '../src/engine/named-pipe.ts';
import { findBinary } from '../src/host/binaries.ts';
import { hostArchitecture } from '../src/host/architecture.ts';
import { startService } from '../test/support/service.ts';
import { row, summary } from './figures.ts';

const rounds = Number(process.argv[2] ?? 5);
const main = join(import.meta.dirname, '../src/cli/main.ts');
const imageName = 'localhost/phyllome-bench-micro';

const folder = await mkdtemp(join(tmpdir(), 'bench-micro-'));
await using cleanUp = new AsyncDisposableStack();
cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
const image = await makeImage();
const service = cleanUp.use(await startService());
const bare = await recordPlan();
const ways: [label: string, run: () => Promise<number>][] = [
  [
    'phyllome run --micro',
    () => timed(process.execPath, [main, 'run', '--micro', image, '--', 'true'], service.env),
  ],
  [`bare ${bare.vmm}, the same machine`, bare.run],
];
for (const engine of ['podman', 'docker']) {
  const container = await containerWith(engine);
  if (container === null) console.log(`not compared: no ${engine} that works here`);
  else ways.push([`${engine} run --rm`, container]);
}

const times = new Map<string, number[]>(ways.map(([label]) => [label, []]));
// One of each that does not count: caches of files and answers.
for (const [, run] of ways) await run();
for (let round = 0; round < rounds; round += 1)
  for (const [label, run] of ways) times.get(label)?.push(await run());

console.log(`"true" and nothing else, ${rounds} rounds, ms`);
for (const [label, figures] of times) row(label, summary(figures));
const median = (label: string) => summary(times.get(label) ?? []).median;
const [[ours], ...others] = ways as [(typeof ways)[0], ...typeof ways];
for (const [label] of others)
  console.log(`  ratio to ${label}: ${(median(ours) / median(label)).toFixed(2)}`);

async function makeImage(): Promise<string> {
  const busybox = await findStaticBusybox(busyboxPaths, hostArchitecture() ?? 'x86_64');
  if (busybox === null) throw new Error('the package busybox-static is needed');
  const root = join(folder, 'root');
  await mkdir(join(root, 'bin'), { recursive: true });
  await copyFile(busybox, join(root, 'bin/busybox'));
  await chmod(join(root, 'bin/busybox'), 0o755);
  await symlink('busybox', join(root, 'bin/true'));
  return root;
}

/** Makes the machine once without starting it, keeps its files, and runs its planned command by itself. */
async function recordPlan(): Promise<{ vmm: string; run: () => Promise<number> }> {
  const { client } = service;
  const made = await service.finish(
    client.call('createMicro', { body: { image, command: ['true'], mark: '0'.repeat(32) } }),
  );
  const params = { ref: made.machineId as string };
  const {
    process: planned,
    runDirectory,
    serialLog,
    pipes,
    vmm,
    requests,
  } = await client.call('planMachine', { params });
  const { directory } = await client.call('showMachine', { params });
  const kept = join(folder, 'machine');
  await cp(directory, kept, { recursive: true });
  const log = join(folder, 'serial.log');
  const words = planned.command
    .slice(planned.command.findIndex((word) => /qemu-system|firecracker|cloud-hypervisor/.test(word)))
    .filter((word) => word !== '-S')
    .map((word) => word.replace('shutdown=pause', 'shutdown=poweroff'))
    .map((word) => word.replaceAll(directory, kept).replaceAll(serialLog ?? '-', log));
  if (requests !== undefined && requests.length > 0)
    throw new Error(
      `${vmm} is told its machine over a socket; this bench compares with QEMU (run it without others)`,
    );
  return {
    vmm,
    async run() {
      await mkdir(runDirectory, { recursive: true, mode: 0o700 });
      for (const pipe of pipes) await makePipe(pipe);
      try {
        return await timed(words[0] as string, words.slice(1), service.env);
      } finally {
        await rm(runDirectory, { recursive: true, force: true });
      }
    },
  };
}

/** null: it is not there, or cannot run a container on this PC */
async function containerWith(engine: string): Promise<(() => Promise<number>) | null> {
  const program = findBinary(engine);
  if (program === null) return null;
  const execute = promisify(execFile);
  try {
    const archive = join(dirname(image), 'root.tar');
    await execute('tar', ['-C', image, '-cf', archive, '.']);
    await execute(program, ['import', archive, imageName], { timeout: 60_000 });
    cleanUp.defer(async () => {
      await execute(program, ['rmi', imageName]).catch(() => undefined);
    });
    const run = () =>
      timed(program, ['run', '--rm', '--network', 'none', imageName, '/bin/true'], process.env);
    await run();
    return run;
  } catch {
    return null;
  }
}

/** ms until the program has ended. @throws when it did not end well */
async function timed(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const began = performance.now();
  const child = spawn(program, args, { env, stdio: 'ignore' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${program} ended with ${String(code)}`);
  return performance.now() - began;
}
