// SPDX-License-Identifier: Apache-2.0
//
// How long a list of 1,000 machines takes over the API, and how soon after its start the service gives it.
import { randomUUID } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startService } from '../test/support/service.ts';
import { row, summary } from './figures.ts';

const machines = 1000;
const requests = 300;
const restarts = 5;

await using service = await startService();
await service.kill('SIGTERM');
for (let index = 0; index < machines; index += 1) {
  const id = randomUUID();
  const directory = join(service.paths.machines, id);
  await mkdir(directory);
  await writeFile(
    join(directory, 'machine.yaml'),
    `formatVersion: 1
id: ${id}
name: machine ${index}
guestOs: debian13
architecture: x86_64
cpu: { vcpus: 2 }
memory: 2GiB
boot: { type: uefi, secureBoot: true }
tpm: emulated
disks:
  - { file: disks/system.qcow2, format: qcow2, bus: virtio, discard: unmap }
removable:
  - { type: cdrom, bus: sata }
nics:
  - { type: user, forwards: [{ hostPort: ${2000 + index}, guestPort: 22 }] }
`,
  );
}

const firstLists: number[] = [];
for (let round = 0; round < restarts; round += 1) {
  const began = performance.now();
  await service.restart();
  await service.client.call('listMachines');
  firstLists.push(performance.now() - began);
  if (round < restarts - 1) await service.kill('SIGTERM');
}

const times: number[] = [];
for (let request = 0; request < requests; request += 1) {
  const began = performance.now();
  const list = await service.client.call('listMachines');
  times.push(performance.now() - began);
  if (list.length !== machines) throw new Error(`${list.length} machines instead of ${machines}`);
}

const each = summary(times);
console.log(`${machines} machines, ms`);
row('start of the service -> first list', summary(firstLists));
row(`list, ${requests} requests`, each);
console.log(`  99th percentile: ${each.p99.toFixed(1)} (promise: <= 20)`);
