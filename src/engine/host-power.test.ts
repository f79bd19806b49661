// SPDX-License-Identifier: Apache-2.0
//
// The programs that talk to systemd-logind are played: what is tried is what we do with what they say.
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Settings } from '../contract/settings.ts';
import { createEventStream } from './event-stream.ts';
import { createHostPower } from './host-power.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph-power-'));
  // Holds as long as its input is open, as systemd-inhibit does with the program that it runs.
  await program('systemd-inhibit', 'echo "held $1" >> "$D/log"\ncat > /dev/null\necho released >> "$D/log"');
  await writeFile(join(folder, 'signals'), '');
  await program('gdbus', 'tail -n +1 -f "$D/signals"');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function program(name: string, body: string): Promise<void> {
  await writeFile(join(folder, name), `#!/bin/sh\nD='${folder}'\n${body}\n`);
  await chmod(join(folder, name), 0o700);
}

const log = () => readFile(join(folder, 'log'), 'utf8').catch(() => '');
const path = '/org/freedesktop/login1: org.freedesktop.login1.Manager';
const signal = (word: string, begins: boolean) =>
  writeFile(join(folder, 'signals'), `${path}.PrepareFor${word} (${begins},)\n`, { flag: 'a' });

function power(save: Settings['save'], running = ['one', 'two']) {
  const events = createEventStream();
  const done: string[] = [];
  const warnings: string[] = [];
  const machines = new Set(running);
  const tell = () => {
    const state = { name: 'stopped', since: '' } as const;
    events.emit({ type: 'machine.state', machineId: 'm', machineName: 'm', state });
  };
  const made = createHostPower({
    events,
    settings: () => ({ reserve: {}, ...(save !== undefined && { save }) }),
    runningIds: () => [...machines],
    async save(id) {
      done.push(`save ${id}`);
      return { id } as never;
    },
    async taskEnd(id) {
      expect(await log()).not.toContain('released');
      done.push(`saved ${id}`);
      machines.delete(id);
      tell();
    },
    async start(id) {
      machines.add(id);
      done.push(`start ${id}`);
      tell();
    },
    warn: (text) => void warnings.push(text),
    find: () => ({ inhibit: join(folder, 'systemd-inhibit'), gdbus: join(folder, 'gdbus') }),
  });
  return { done, warnings, machines, tell, [Symbol.dispose]: made.close };
}

test('guests are saved before this PC may go on to switch off', async () => {
  using one = power(undefined);
  await expect.poll(log).toContain('held --what=shutdown\n');
  await signal('Shutdown', true);
  await expect.poll(log).toContain('released');
  expect(one.done.slice(0, 2)).toEqual(['save one', 'save two']);
  // Which of them is done first is theirs.
  expect(one.done.slice(2).toSorted()).toEqual(['saved one', 'saved two']);
  expect(one.warnings).toEqual([]);
});

test('a sleep does nothing unless it is wanted; then guests go on when this PC is awake', async () => {
  using one = power({ sleep: true, shutdown: false });
  await expect.poll(log).toContain('held --what=sleep\n');
  await signal('Shutdown', true);
  await signal('Sleep', true);
  await expect.poll(log).toContain('released');
  await signal('Sleep', false);
  await expect.poll(() => one.done).toContain('start two');
  expect(one.done.slice(-2)).toEqual(['start one', 'start two']);
  expect(one.done).toHaveLength(6);
  // And it waits the next time.
  await expect.poll(async () => (await log()).match(/held/g)?.length).toBe(2);
});

test('this PC is asked to wait only while something runs', async () => {
  using one = power(undefined, []);
  one.machines.add('late');
  one.tell();
  await expect.poll(log).toContain('held');
  one.machines.clear();
  one.tell();
  await expect.poll(log).toContain('released');
});

test('nothing is done when nobody wants it', async () => {
  using one = power({ shutdown: false });
  one.tell();
  expect(one.warnings).toEqual([]);
  expect(await log()).toBe('');
});

test('what cannot be done is said once', async () => {
  await program('gdbus', 'exit 3');
  using one = power(undefined);
  await expect.poll(() => one.warnings).toHaveLength(1);
  expect(one.warnings[0]).toMatch(/gdbus ended \(3\)/);
  one.tell();
  expect(one.warnings).toHaveLength(1);
});
