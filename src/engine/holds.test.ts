// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { StateName } from '../contract/state.ts';
import { lockFile } from '../host/lock.ts';
import { createHolds } from './holds.ts';

async function trial() {
  const directory = await mkdtemp(join(tmpdir(), 'ph-'));
  onTestFinished(() => rm(directory, { recursive: true }));
  let state: StateName = 'stopped';
  const machine = { id: 'one', name: 'web', directory };
  const holds = createHolds(() => ({ name: state }));
  return { holds, machine, enter: (next: StateName) => (state = next) };
}

const take = ({ holds, machine }: Awaited<ReturnType<typeof trial>>) =>
  holds.takeFiles(machine, 'be moved to another VMM', 'being moved');

test('one piece of work at a time, and the next one after it', async () => {
  const it = await trial();
  const hold = await take(it);
  await expect(take(it)).rejects.toMatchObject({ code: 'machine-state', facts: { state: 'being moved' } });
  expect(() => it.holds.requireFree(it.machine, 'start')).toThrow(
    'web is being moved, so it cannot start now.',
  );
  it.holds.requireFree({ id: 'other', name: 'other' }, 'start');
  await hold.release();
  await using again = await take(it);
  // A second release of the first hold does not let go of the next one's.
  await hold.release();
  await expect(take(it)).rejects.toMatchObject({ code: 'machine-state' });
  await again.release();
  it.holds.requireFree(it.machine, 'start');
});

test('work on files keeps the VMMs of every service off, until it lets them', async () => {
  const it = await trial();
  const lock = join(it.machine.directory, 'lock');
  const hold = await take(it);
  expect(await lockFile(lock)).toBeNull();
  await hold.releaseFiles();
  await using other = await lockFile(lock);
  expect(other).not.toBeNull();
  expect(() => it.holds.requireFree(it.machine, 'start')).toThrow('being moved');
  await hold.release();
  await expect(take(it)).rejects.toMatchObject({ code: 'machine-in-use' });
  // One that could not be taken is not held.
  it.holds.requireFree(it.machine, 'start');
});

test('its state has to allow it', async () => {
  const it = await trial();
  it.enter('running');
  await expect(take(it)).rejects.toMatchObject({ code: 'machine-state', facts: { state: 'running' } });
  it.holds.requireFree(it.machine, 'start');
});
