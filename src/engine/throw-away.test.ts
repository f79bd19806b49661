// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { EventBody } from '../contract/event.ts';
import { resolvePaths, type Paths } from '../contract/paths.ts';
import { finishErasing } from './erase.ts';
import { openStore, type Store } from './store.ts';
import { createThrowAway, type ThrowAway } from './throw-away.ts';

const ids = { kept: '11111111-1111-4111-8111-111111111111', brief: '22222222-2222-4222-8222-222222222222' };
let root = '';
let paths: Paths;
let store: Store;
let events: EventBody[];
let living: Map<string, { cutPower(): Promise<void> }>;
let throwAway: ThrowAway;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'throw-'));
  paths = resolvePaths({ HOME: root }, 0);
  store = await openStore(paths);
  for (const [name, id] of Object.entries(ids)) {
    await using stage = await store.stage(id);
    await mkdir(join(paths.logs, id), { recursive: true });
    await writeFile(join(paths.logs, id, 'serial.log'), 'words');
    await stage.commit(
      [
        'formatVersion: 1',
        `id: ${id}`,
        `name: ${name}`,
        'architecture: x86_64',
        'memory: 64MiB',
        'boot: { type: bios }',
        ...(name === 'brief' ? ['throwAway: true'] : []),
        '',
      ].join('\n'),
    );
  }
  events = [];
  living = new Map();
  throwAway = createThrowAway({
    store,
    paths,
    events: { emit: (event) => void events.push(event) },
    runner: (id) => living.get(id),
    forget: () => {},
  });
});
afterEach(async () => {
  vi.useRealTimers();
  throwAway.close();
  await rm(root, { recursive: true });
});

const listed = () => store.list().map(({ name }) => name);

test('one that ended is gone with its logs, and nothing is in the bin', async () => {
  await throwAway.ended(ids.brief);
  expect(listed()).toEqual(['kept']);
  expect(existsSync(join(paths.logs, ids.brief))).toBe(false);
  expect(await readdir(paths.bin)).toEqual([]);
  expect(events).toEqual([{ type: 'machine.erased', machineId: ids.brief, machineName: 'brief' }]);
});

test('any other machine stays, with its logs', async () => {
  await throwAway.ended(ids.kept);
  await throwAway.sweep();
  expect(listed()).toEqual(['kept']);
  expect(existsSync(join(paths.logs, ids.kept, 'serial.log'))).toBe(true);
});

test('one that runs is not erased under its VMM, and a new service ends it first', async () => {
  const cutPower = vi.fn<() => Promise<void>>(async () => {
    living.delete(ids.brief);
    await throwAway.ended(ids.brief);
  });
  living.set(ids.brief, { cutPower });
  await throwAway.ended(ids.brief);
  expect(listed()).toEqual(['brief', 'kept']);
  await throwAway.sweep();
  await expect.poll(() => listed()).toEqual(['kept']);
  expect(cutPower).toHaveBeenCalledOnce();
});

test('what a service that was killed had begun to erase is finished by the next', async () => {
  await mkdir(join(paths.bin, `.erasing-${ids.brief}`), { recursive: true });
  await finishErasing(paths);
  expect(await readdir(paths.bin)).toEqual([]);
});

test('one that nobody starts is erased after a while', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  throwAway.made(ids.brief);
  vi.advanceTimersByTime(59_000);
  expect(listed()).toEqual(['brief', 'kept']);
  vi.advanceTimersByTime(2000);
  vi.useRealTimers();
  await expect.poll(() => listed()).toEqual(['kept']);
});
