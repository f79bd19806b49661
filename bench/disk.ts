// SPDX-License-Identifier: Apache-2.0
//
// What clones, snapshots, saving and going on cost beside the plain tools, in one interleaved run. The machine is a tiny
// guest of 512 MiB with a disk of 100 GiB of which 1 GiB is written. Prints medians (smallest-largest) and ratios.
import { execFile } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { startService } from '../test/support/service.ts';
import { row, summary } from './figures.ts';

const rounds = Number(process.argv[2] ?? 5);
const run = promisify(execFile);
const GiB = 2 ** 30;
const written = GiB;

await using cleanUp = new AsyncDisposableStack();
const folder = await mkdtemp(join(tmpdir(), 'bench-disk-'));
cleanUp.defer(() => rm(folder, { recursive: true, force: true }));
const service = cleanUp.use(await startService());
const { client } = service;
const params = { ref: 'bench' };
const { directory, id } = await service.create('bench', {
  memory: '512MiB',
  disks: [{ file: 'disks/data.qcow2', format: 'qcow2', size: '100GiB' }],
});
await fill(join(directory, 'disks/data.qcow2'));
// The same without us.
const plain = join(folder, 'plain.qcow2');
await run('cp', ['--sparse=always', join(directory, 'disks/data.qcow2'), plain]);

const times = new Map<string, number[]>();
async function measure(label: string, work: () => Promise<unknown>): Promise<void> {
  const start = performance.now();
  await work();
  times.set(label, [...(times.get(label) ?? []), performance.now() - start]);
}

const head = async () => {
  const { definition } = await client.call('showMachine', { params });
  return join(directory, definition?.disks[0]?.file ?? '');
};
const erase = async (ref: string) => {
  await client.call('deleteMachine', { params: { ref } });
  await client.call('eraseMachine', { params: { ref } });
};
const snapshotsOf = async () => (await client.call('listSnapshots', { params })).snapshots;
const forget = async () => {
  for (const { id: snapshot } of await snapshotsOf())
    await service.finish(client.call('deleteSnapshot', { params: { ...params, snapshot } }));
};
const take = (memory: boolean) => service.finish(client.call('takeSnapshot', { params, body: { memory } }));
const start = () => ready(() => client.call('startMachine', { params }));
const stop = () =>
  service.finish(client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }));

for (let round = 0; round < rounds; round += 1) {
  const clone = (full: boolean) => async () => {
    const { task } = await client.call('cloneMachine', { params, body: { name: `copy-${full}`, full } });
    await service.finish(Promise.resolve(task));
  };
  const bare = join(folder, 'bare.qcow2');
  await measure('linked clone of 100 GiB', clone(false));
  await erase('copy-false');
  await measure('qemu-img create -b', async () =>
    run('qemu-img', ['create', '-q', '-f', 'qcow2', '-b', await head(), '-F', 'qcow2', bare]),
  );
  await rm(bare);
  await measure('cp --reflink=auto', () => run('cp', ['--reflink=auto', plain, bare]));
  await rm(bare);
  await measure('full clone, 1 GiB written', clone(true));
  await erase('copy-true');
  await measure('qemu-img convert', async () =>
    run('qemu-img', ['convert', '-f', 'qcow2', '-O', 'qcow2', await head(), bare]),
  );
  await rm(bare);

  await measure('snapshot, stopped', () => take(false));
  await measure('qemu-img snapshot -c', () => run('qemu-img', ['snapshot', '-c', 'one', plain]));
  await run('qemu-img', ['snapshot', '-d', 'one', plain]);
  await forget();

  await measure('cold boot until ready', start);
  await measure('snapshot with memory, running', () => take(true));
  await measure('snapshot of the disks alone, running', () => take(false));
  await measure('save 512 MiB', () => service.finish(client.call('saveMachine', { params })));
  await measure('go on from it', () => client.call('startMachine', { params }));
  await stop();
  await forget();
}

console.log(`medians of ${rounds} rounds, ms (smallest-largest); machine ${id.slice(0, 8)}`);
for (const [label, figures] of times) row(label, summary(figures));
const median = (label: string): number => summary(times.get(label) ?? []).median;
for (const [ours, theirs] of [
  ['linked clone of 100 GiB', 'qemu-img create -b'],
  ['linked clone of 100 GiB', 'cp --reflink=auto'],
  ['full clone, 1 GiB written', 'qemu-img convert'],
  ['snapshot, stopped', 'qemu-img snapshot -c'],
  ['go on from it', 'cold boot until ready'],
] as const)
  console.log(`  ${ours} / ${theirs}: ${(median(ours) / median(theirs)).toFixed(2)}`);

/** Content that neither compresses nor reads as zeros, at the beginning of the guest's disk. */
async function fill(disk: string): Promise<void> {
  const raw = join(folder, 'raw');
  {
    await using file = await open(raw, 'wx');
    const block = randomBytes(2 ** 20);
    for (let at = 0; at < written; at += block.length)
      await file.write(
        Buffer.concat([createHash('sha256').update(String(at)).digest(), block.subarray(32)]),
        0,
        block.length,
        at,
      );
    await file.truncate(100 * GiB);
  }
  await run('qemu-img', ['convert', '-n', '-f', 'raw', '-O', 'qcow2', raw, disk]);
  await rm(raw);
}

async function ready(begin: () => Promise<unknown>): Promise<void> {
  const events = await service.listen();
  await begin();
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
}
