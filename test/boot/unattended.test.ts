// SPDX-License-Identifier: Apache-2.0
//
// The whole way of an installation without a person, with a stand-in for Debian's installer.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Unattended } from '../../src/contract/catalog.ts';
import type { Task } from '../../src/contract/task.ts';
import { openGuestBytes } from '../../src/disk/guest-bytes.ts';
import { startService, type TestService } from '../support/service.ts';
import { makeStandIn, standInQuestion } from '../support/stand-in-installer.ts';

let service: TestService;
let folder = '';
let iso = '';
const MiB = 2 ** 20;
const password = `p'a"$(s)\\ é &<w>`;
const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIE0fCtv1yQZyBoEw0w4N2cxQhVYc3q6HcE6YQy8yTest ada@example';
const answers: Unattended = {
  user: { name: 'ada', fullName: 'Ada "the first" $HOME', password, sshKeys: [key] },
  locale: 'fr_FR',
  timezone: 'Europe/Paris',
};
const definition = { boot: { type: 'bios' }, memory: 512 * MiB, cpu: { vcpus: 1 }, sound: 'none' };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph unattended,'));
  service = await startService();
  iso = await makeStandIn(folder, service.paths.cache);
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const begin = (name: string): Promise<Task> =>
  service.client.call('createMachine', {
    body: {
      name,
      medium: { file: iso, use: 'install', diskSize: 64 * MiB },
      unattended: answers,
      definition,
    },
  });

/** Looks at a task until something is so. */
async function until(id: string, is: (task: Task) => boolean): Promise<Task> {
  for (;;) {
    const task = await service.client.call('showTask', { params: { id } });
    if (is(task)) return task;
    if (task.state !== 'running') throw new Error(JSON.stringify(task));
    await delay(100);
  }
}

/** Every file below a folder, and the arguments of every process, that has the text in it. */
async function whoKnows(text: string, ...folders: string[]): Promise<string[]> {
  const found: string[] = [];
  for (const top of folders) {
    for (const entry of await readdir(top, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile() && (await readFile(file)).includes(text)) found.push(file);
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const line = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (line.includes(text)) found.push(`/proc/${pid}`);
  }
  return found;
}

test('an installer that gets its answers, asks once, and installs', async () => {
  const { id } = await begin('whole way');
  const asks = await until(id, ({ step }) => step.includes(standInQuestion));
  expect(asks.step).toMatch(/waits for an answer.*phyllome open whole way/);
  const machineId = asks.machineId ?? '';
  const params = { ref: machineId };
  // The installer has its answers; on this PC they are gone by now, and the definition never had the kernel.
  const places = [service.paths.machines, service.paths.state, service.paths.runtime];
  const plan = await service.client.call('planMachine', { params });
  const hash = /\$6\$[./0-9A-Za-z]+\$/;
  expect(await whoKnows(password, ...places)).toEqual([]);
  expect(await whoKnows('d-i passwd/user-password-crypted password', ...places)).toEqual([]);
  expect(JSON.stringify([asks, plan])).not.toMatch(hash);
  expect(await readFile(join(service.paths.machines, machineId, 'machine.yaml'), 'utf8')).not.toContain(
    'kernel',
  );

  await service.client.call('pressKeys', { params, body: { keys: ['enter'] } });
  await until(id, ({ step, fraction }) => step === 'Installing the base system' && (fraction ?? 0) > 0.3);
  const done = await until(id, ({ state }) => state === 'done');
  expect(done.outcome?.text).toContain('asks for a login');

  const machine = await service.client.call('showMachine', { params });
  expect(machine.state).toMatchObject({ name: 'running' });
  // The medium is out of its drive, and nothing of the installation is left.
  expect(machine.definition?.removable[0]).not.toHaveProperty('file');
  expect(existsSync(join(machine.directory, 'install.json'))).toBe(false);
  expect(existsSync(join(machine.directory, 'installer'))).toBe(false);
  expect((await readdir(service.paths.runtime)).filter((name) => name.startsWith('answers'))).toEqual([]);
  expect(await whoKnows(password, ...places)).toEqual([]);

  await using disk = await openGuestBytes(join(machine.directory, 'disks/system.qcow2'), 'qcow2');
  const lines =
    (await disk?.read(512, 3584))
      ?.toString()
      .replace(/\0[^]*$/, '')
      .split('\n') ?? [];
  expect(lines.slice(0, 3)).toEqual(['whole-way', 'ada', 'Ada "the first" $HOME']);
  expect(lines.slice(4, 6)).toEqual(['fr_FR.UTF-8', 'Europe/Paris']);
  const [, , salt = ''] = (lines[3] ?? '').split('$');
  const again = execFileSync('openssl', ['passwd', '-6', '-salt', salt, '-stdin'], {
    input: password,
    encoding: 'utf8',
  });
  expect(again.trim()).toBe(lines[3]);
  expect((await disk?.read(4096, key.length))?.toString()).toBe(key);
  await service.finish(
    service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }),
  );
}, 180_000);

test('a service that is started anew goes on with it, and an abort leaves nothing', async () => {
  const { id } = await begin('again');
  const { machineId } = await until(id, ({ step }) => step.includes(standInQuestion));
  await service.kill();
  await service.restart();
  const [task] = await service.client.call('listTasks');
  expect(task).toMatchObject({ what: 'Install again', machineId });
  await until(task?.id ?? '', ({ step }) => step.includes(standInQuestion));
  await service.client.call('abortTask', { params: { id: task?.id ?? '' } });
  expect((await service.client.call('listMachines')).map(({ name }) => name)).not.toContain('again');
  expect(await readdir(service.paths.machines)).not.toContain(machineId);
  expect((await readdir(service.paths.runtime)).filter((name) => name.startsWith('answers'))).toEqual([]);
}, 180_000);
