// SPDX-License-Identifier: Apache-2.0
import { existsSync, statSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseDefinition } from '../contract/definition.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { Memory, Session } from '../vmm/driver.ts';
import { machineState } from './machine-state.ts';
import { prepareResume } from './resuming.ts';
import type { RunNotes } from './run-file.ts';
import { requireFitsSaved } from './saved-guard.ts';
import { commitSaved, recoverSaved, savingFolder, settleLiving, useSaved } from './saved-recovery.ts';
import { expectDisks, hasSaved, keepMemory, linkSaved, readSaved } from './saved-state.ts';

let directory: string;
let definition: MachineDefinition;
const name = 'keeper';
const context = { signal: AbortSignal.timeout(5000), progress: () => {} };
const machine = (now = definition) => ({ id: now.id, name, directory, definition: now, problems: [] });
const disk = () => join(directory, 'disks/system.qcow2');

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph-saved-'));
  await mkdir(join(directory, 'disks'));
  await writeFile(disk(), 'a disk');
  definition = parseDefinition({
    formatVersion: 1,
    id: '6f1c2b3a-1111-4111-8111-111111111111',
    name,
    architecture: 'x86_64',
    memory: '64MiB',
    boot: { type: 'bios' },
    disks: [{ file: 'disks/system.qcow2', format: 'qcow2' }],
  });
});
afterEach(() => rm(directory, { recursive: true, force: true }));

const write: Memory['save'] = async (file) => {
  await writeFile(file, 'the memory');
  return { kind: 'qemu-stream', machineType: 'pc-q35-7.2', without: [] };
};

function runner(save: Memory['save'] = write, started = definition) {
  const memory: Memory = { save, load: async () => {}, cancel: async () => {}, isSaved: async () => false };
  return {
    session: () => ({ memory }) as Partial<Session> as Session,
    plan: { vmm: 'qemu', version: '7.2.0', accelerator: 'tcg' } as never,
    notes: { definition: started } as RunNotes,
  };
}

async function save(): Promise<void> {
  await keepMemory(machine(), runner(), savingFolder(directory), context);
  await commitSaved(directory);
}

describe('a saved memory', () => {
  test('is a folder that nobody else may read, with all that a start needs', async () => {
    await save();
    expect(await readdir(directory)).toEqual(['disks', 'saved']);
    expect(statSync(join(directory, 'saved')).mode & 0o777).toBe(0o700);
    expect(statSync(join(directory, 'saved/memory')).mode & 0o777).toBe(0o600);
    const resuming = await prepareResume(machine(), definition);
    expect(resuming).toMatchObject({
      record: { vmm: 'qemu', accelerator: 'tcg', bytes: 10 },
      restore: { file: join(directory, 'saved/memory'), kind: 'qemu-stream', machineType: 'pc-q35-7.2' },
      definition: { disks: [{ file: 'disks/system.qcow2' }] },
    });
  });

  test('goes on with the hardware it was saved on, whatever machine.yaml says by now', async () => {
    await save();
    const now = { ...definition, name: 'other' as typeof definition.name, memory: 2 ** 30 };
    const resuming = await prepareResume(machine(now), now);
    expect(resuming?.definition).toMatchObject({ name: 'other', memory: 2 ** 26 });
  });

  test('leaves nothing when it cannot be made', async () => {
    const fails = runner(async (file) => {
      await writeFile(file, 'half');
      throw Object.assign(new Error('no'), { code: 'EIO' });
    });
    await expect(keepMemory(machine(), fails, savingFolder(directory), context)).rejects.toMatchObject({
      code: 'save-failed',
    });
    expect(await readdir(directory)).toEqual(['disks']);
  });

  test('is not made of a machine whose disks are encrypted', async () => {
    const started = { ...definition, encryption: {} } as MachineDefinition;
    const refused = keepMemory(machine(), runner(write, started), savingFolder(directory), context);
    await expect(refused).rejects.toMatchObject({ code: 'save-refused' });
  });

  test.each([
    ['its record is gone', () => rm(join(directory, 'saved/saved.json'))],
    ['its record is damaged', () => writeFile(join(directory, 'saved/saved.json'), '{"format')],
    ['its memory is gone', () => rm(join(directory, 'saved/memory'))],
    ['its memory was cut off', () => writeFile(join(directory, 'saved/memory'), 'the')],
    ['a disk was written to', () => utimes(disk(), new Date(), new Date(Date.now() + 5))],
    ['a disk grew', () => writeFile(disk(), 'a larger disk')],
    ['a disk is gone', () => rm(disk())],
  ])('is not used when %s', async (_, spoil) => {
    await save();
    await spoil();
    await expect(prepareResume(machine(), definition)).rejects.toMatchObject({ code: 'saved-unusable' });
    expect(hasSaved(directory)).toBe(true);
  });

  test('is not used with other disks, until they are said to hold the same', async () => {
    await save();
    const head = { ...definition.disks[0], file: 'disks/head.qcow2' } as MachineDefinition['disks'][0];
    await writeFile(join(directory, head.file), 'a head over it');
    const now = { ...definition, disks: [head] };
    await expect(prepareResume(machine(now), now)).rejects.toMatchObject({ code: 'saved-unusable' });
    await expectDisks(join(directory, 'saved'), directory, [head]);
    expect((await prepareResume(machine(now), now))?.definition.disks[0]?.file).toBe(head.file);
    // Whoever is killed before machine.yaml names the new one still has the old one.
    expect((await prepareResume(machine(), definition))?.definition.disks[0]?.file).toBe(
      'disks/system.qcow2',
    );
  });

  test('is put in another place without being copied', async () => {
    await save();
    await linkSaved(join(directory, 'saved'), join(directory, 'elsewhere'));
    expect(statSync(join(directory, 'elsewhere/memory')).nlink).toBe(2);
    expect(readSaved(join(directory, 'elsewhere'), name)).toEqual(readSaved(join(directory, 'saved'), name));
    await expectDisks(join(directory, 'elsewhere'), directory, definition.disks);
    expect(readSaved(join(directory, 'saved'), name).disks).toHaveLength(1);
  });

  test('keeps people from changing the hardware, not the name', async () => {
    requireFitsSaved(machine(), { ...definition, memory: 2 ** 30 });
    await save();
    expect(() => requireFitsSaved(machine(), { ...definition, memory: 2 ** 30 })).toThrow(/memory cannot/);
    requireFitsSaved(machine(), { ...definition, name: 'other' });
  });
});

describe('after a kill', () => {
  test('what was half saved is gone', async () => {
    await mkdir(savingFolder(directory));
    await recoverSaved(machine());
    expect(await readdir(directory)).toEqual(['disks']);
  });

  test('a memory in use goes back as long as the disks are as they were', async () => {
    await save();
    await useSaved(directory);
    expect(hasSaved(directory)).toBe(false);
    await recoverSaved(machine());
    expect(await readdir(directory)).toEqual(['disks', 'saved']);
  });

  test('a memory in use is gone once a disk was written to', async () => {
    await save();
    await useSaved(directory);
    await writeFile(disk(), 'what the guest wrote');
    await recoverSaved(machine());
    expect(await readdir(directory)).toEqual(['disks']);
  });

  test('a memory in use never replaces a newer one', async () => {
    await save();
    await useSaved(directory);
    await rename(join(directory, '.saved-used'), join(directory, 'kept'));
    await save();
    await rename(join(directory, 'kept'), join(directory, '.saved-used'));
    const newer = await readFile(join(directory, 'saved/saved.json'), 'utf8');
    await recoverSaved(machine());
    expect(await readFile(join(directory, 'saved/saved.json'), 'utf8')).toBe(newer);
    expect(existsSync(join(directory, '.saved-used'))).toBe(false);
  });
});

describe('a machine that lives when the service is back', () => {
  function living(notes: RunNotes, state: 'running' | 'paused', isSaved = false) {
    const done: string[] = [];
    const memory: Memory = {
      save: write,
      load: async () => {},
      cancel: async () => void done.push('cancel'),
      isSaved: async () => isSaved,
    };
    const session = { memory, resume: async () => void done.push('resume') } as Partial<Session> as Session;
    return {
      done,
      session: () => session,
      notes,
      state: machineState(state),
      happened: (what: string) => void done.push(what),
      note: async (change: RunNotes) => void done.push(JSON.stringify(change)),
      endSaved: async () => void done.push('end'),
    };
  }

  test('was being saved: goes on', async () => {
    await mkdir(savingFolder(directory));
    const one = living({ saving: { wasRunning: true } }, 'paused');
    await settleLiving({ directory }, one);
    expect(one.done).toEqual(['cancel', 'resume', 'resumed', '{"saving":null}']);
    expect(await readdir(directory)).toEqual(['disks']);
  });

  test('was being saved from a pause: stays paused', async () => {
    const one = living({ saving: { wasRunning: false } }, 'paused');
    await settleLiving({ directory }, one);
    expect(one.done).toEqual(['cancel', '{"saving":null}']);
  });

  test('was saved, but its VMM had not ended: ends', async () => {
    await save();
    const one = living({ saving: { wasRunning: true } }, 'paused', true);
    await settleLiving({ directory }, one);
    expect(one.done).toEqual(['end']);
    expect(hasSaved(directory)).toBe(true);
  });

  test('had read its memory, but was not let go: goes on, and the memory is used', async () => {
    await save();
    const one = living({ resuming: true }, 'paused');
    await settleLiving({ directory }, one);
    expect(one.done).toEqual(['resume', 'resumed', '{"resuming":false}']);
    expect(await readdir(directory)).toEqual(['disks']);
  });

  test('had nothing to do with any of it: is left alone', async () => {
    const one = living({}, 'paused');
    await settleLiving({ directory }, one);
    expect(one.done).toEqual([]);
  });
});
