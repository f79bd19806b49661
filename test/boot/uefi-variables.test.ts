// SPDX-License-Identifier: Apache-2.0
//
// A machine that starts by UEFI from a disk: the firmware's own shell finds a script there, which stores a
// variable that has to be there at the next start.
import { execFileSync } from 'node:child_process';
import { truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const variable = 'Seen -guid 6f1c2b3a-1111-4111-8111-111111111111';
const script = `@echo -off
setvar ${variable}
setvar ${variable} -bs -rt -nv =L"before"
echo script over
reset -s
`;

// How the shell shows a variable that is there.
const seen = /Seen - [0-9A-F]{4} Bytes/;

let service: TestService;
let disk: string;

beforeAll(async () => {
  service = await startService();
  disk = join(service.paths.state, 'a disk, with a script.img');
  await writeFile(disk, '');
  await truncate(disk, 40 * 2 ** 20);
  execFileSync('mformat', ['-i', disk, '-F', '::']);
  execFileSync('mcopy', ['-i', disk, '-', '::startup.nsh'], { input: script.replaceAll('\n', '\r\n') });
});
afterAll(() => service[Symbol.asyncDispose]());

/** Starts the machine and returns what its firmware wrote until it powered off. */
async function bootOnce(): Promise<string> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: 'firmware' } });
  using serial = await openConsole(service.paths, 'firmware');
  await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
  events.close();
  await serial.closed;
  return serial.text();
}

test('a variable that the guest stores is there at the next start', async () => {
  const definition = {
    memory: '256MiB',
    architecture: 'x86_64',
    boot: { type: 'uefi' },
    disks: [{ file: disk, format: 'raw', bus: 'sata' }],
    display: { type: 'none' },
    agent: false,
  };
  await service.finish(service.client.call('createMachine', { body: { name: 'firmware', definition } }));
  const first = await bootOnce();
  expect(first).toContain('script over');
  expect(first).not.toMatch(seen);
  expect(await bootOnce()).toMatch(seen);
});
