// SPDX-License-Identifier: Apache-2.0
//
// Moves with VMMs that are played: what is asked of whom, what is refused, and what is left. Only raw disks here, so no
// program is started; test/boot and test/fault convert real ones.
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Body } from '../contract/api.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { VmmName } from '../contract/machine.ts';
import { can, cannot, claimsOf, judgeAbilities, type Abilities } from '../vmm/abilities.ts';
import type { Driver } from '../vmm/driver.ts';
import { vmmFeatures } from '../contract/vmm.ts';
import { createDefinitionEditor } from './definition-editor.ts';
import { createEventStream } from './event-stream.ts';
import type { Runner } from './runner.ts';
import { openStore } from './store.ts';
import { createHolds } from './holds.ts';
import { createSwitching } from './switching.ts';
import { createTasks } from './tasks.ts';
import { putMachine, sandbox, someId } from './testing.ts';

const everything = Object.fromEntries(vmmFeatures.map((feature) => [feature, can('design')])) as Abilities;

function driver(name: VmmName, lacks: Partial<Abilities> = {}, probe?: () => Promise<never>): Driver {
  const abilities = { ...everything, ...lacks };
  return {
    name,
    probe: probe ?? (async () => ({ vmm: name, binary: `/bin/${name}`, version: '1' })),
    claims: () => claimsOf(abilities),
    judge: (definition) => judgeAbilities(name, definition, abilities),
    plan: () => {
      throw new Error('not planned here');
    },
    attach: () => Promise.reject(new Error('not started here')),
  };
}

const text = `# kept
formatVersion: 1
id: ${someId}
name: web
architecture: x86_64
memory: 512MiB # and this
boot: { type: kernel, kernel: kernel/mine }
disks:
  - { file: disks/system.raw, format: raw, bus: sata }
nics: [{ type: user, model: e1000e }]
display: { type: vnc }
`;

async function begin(drivers: readonly Driver[], { start = async () => {} } = {}) {
  const place = await sandbox();
  onTestFinished(() => place[Symbol.asyncDispose]());
  const directory = await putMachine(place.paths, text);
  await mkdir(join(directory, 'disks'));
  await writeFile(join(directory, 'disks/system.raw'), Buffer.alloc(4096));
  const store = await openStore(place.paths);
  const events = createEventStream();
  const tasks = createTasks(events);
  const started: string[] = [];
  let state: 'stopped' | 'running' = 'stopped';
  const warnings: string[] = [];
  const stateOf = () => ({ name: state, since: '', ready: true });
  const switching = createSwitching({
    store,
    tasks,
    definitions: createDefinitionEditor(store, () => {}),
    holds: createHolds(stateOf),
    drivers,
    pathsOf: (machine) => ({ machine: machine.directory, run: place.root, logs: place.root }),
    others: async () => [],
    warn: (_, words) => warnings.push(words),
    running: {
      stateOf,
      get: () => undefined,
      // As the engine's own: the hooks around what can fail.
      async start(machine) {
        await switching.beforeStart(machine);
        await start();
        started.push(machine.definition?.vmm ?? '');
        await switching.started(machine);
        return {} as Runner;
      },
    },
  });
  const machine = () => store.find(someId);
  return {
    directory,
    switching,
    started,
    warnings,
    machine,
    yaml: () => readFile(join(directory, 'machine.yaml'), 'utf8'),
    file: (name: string) => join(directory, name),
    runs: () => (state = 'running'),
    plan: (body: Partial<Body<'planSwitch'>>) => switching.plan(machine(), { start: true, ...body }),
    task: (body: Partial<Body<'switchMachine'>>) => switching.begin(machine(), { start: true, ...body }),
    async ended(id: string) {
      while (tasks.show(id).state === 'running') await new Promise((next) => setImmediate(next));
      const { error } = tasks.show(id);
      if (error !== null) throw PhyllomeError.fromReport(error);
    },
  };
}

type Trial = Awaited<ReturnType<typeof begin>>;
const move = async (trial: Trial, body: Partial<Body<'switchMachine'>>): Promise<void> =>
  trial.ended((await trial.task(body)).id);

const lean = { display: cannot('design', 'it has none'), 'disk-buses': cannot('design', 'virtio only') };

test('the VMM is asked about the machine as it would be; what it lacks is a loss', async () => {
  const trial = await begin([driver('qemu'), driver('crosvm', lean)]);
  const plan = await trial.plan({ vmm: 'crosvm' });
  expect(plan.refusals).toEqual([]);
  // The bus is virtio by then, so only the screen is lost.
  expect(plan.losses.map(({ code }) => code)).toEqual(['no-display']);
  expect(plan.changes.map(({ key }) => key)).toEqual(['vmm', 'disks[0].bus', 'nics[0].model']);
  expect(await trial.yaml()).toBe(text);
});

test('every refusal is told at once, and nothing is touched', async () => {
  const picky = driver('firecracker', {
    'user-network': cannot('design', ''),
    'kernel-boot': cannot('design', ''),
  });
  const trial = await begin([driver('qemu'), picky]);
  await expect(move(trial, { vmm: 'firecracker' })).rejects.toMatchObject({
    code: 'switch-refused',
    facts: { codes: ['no-kernel-boot', 'no-user-network'] },
  });
  expect(await trial.yaml()).toBe(text);
  expect(existsSync(trial.file('switch.json'))).toBe(false);
  expect(trial.started).toEqual([]);
});

test('a VMM that is not installed is a refusal, too', async () => {
  const facts = { vmm: 'crosvm', program: 'crosvm', looked: 'PATH', source: 'x' };
  const absent = driver('crosvm', {}, () => Promise.reject(new PhyllomeError('vmm-not-found', facts)));
  const trial = await begin([driver('qemu'), absent]);
  expect((await trial.plan({ vmm: 'crosvm' })).refusals.map(({ code }) => code)).toEqual(['vmm-not-found']);
});

test('it moves with its comments, and there is a way back', async () => {
  const trial = await begin([driver('qemu'), driver('crosvm', lean)]);
  await move(trial, { vmm: 'crosvm' });
  expect(trial.started).toEqual(['crosvm']);
  expect(await trial.yaml()).toContain('# kept');
  expect(await trial.yaml()).toContain('512MiB # and this');
  expect(await readFile(trial.file('before-switch.yaml'), 'utf8')).toBe(text);
  expect(existsSync(trial.file('switch.json'))).toBe(false);

  const plan = await trial.plan({ back: true });
  expect(plan.to).toBe('auto');
  await move(trial, { back: true });
  expect(trial.machine().definition).toMatchObject({
    vmm: 'auto',
    disks: [{ bus: 'sata' }],
    nics: [{ model: 'e1000e' }],
  });
  expect(existsSync(trial.file('before-switch.yaml'))).toBe(false);
  await expect(move(trial, { back: true })).rejects.toMatchObject({ code: 'switch-nothing-back' });
});

test('a start that fails there leaves the machine, and an earlier way back, as they were', async () => {
  let fails = false;
  const start = async (): Promise<void> => {
    if (fails)
      throw new PhyllomeError('vmm-start-failed', { vmm: 'firecracker', name: 'web', reason: 'no luck' });
  };
  const trial = await begin([driver('qemu'), driver('crosvm', lean), driver('firecracker', lean)], { start });
  await move(trial, { vmm: 'crosvm' });
  const there = await trial.yaml();
  fails = true;
  await expect(move(trial, { vmm: 'firecracker' })).rejects.toMatchObject({
    code: 'switch-failed',
    message: expect.stringContaining('no luck'),
  });
  expect(await trial.yaml()).toBe(there);
  expect(await readFile(trial.file('before-switch.yaml'), 'utf8')).toBe(text);
  expect(existsSync(trial.file('switch.json'))).toBe(false);
});

test('without a start the way back is open, and a second move remembers both', async () => {
  const trial = await begin([driver('qemu'), driver('crosvm', lean), driver('firecracker', lean)]);
  await move(trial, { vmm: 'crosvm', start: false });
  expect(existsSync(trial.file('switch.json'))).toBe(true);
  expect(trial.started).toEqual([]);
  expect((await trial.plan({ back: true })).to).toBe('auto');
  await move(trial, { vmm: 'firecracker' });
  expect(await readFile(trial.file('before-switch.yaml'), 'utf8')).toContain('vmm: crosvm');
  expect(existsSync(trial.file('switch.json'))).toBe(false);
});

test('a machine that runs, or is there already, does not move', async () => {
  const trial = await begin([driver('qemu'), driver('crosvm', lean)]);
  await move(trial, { vmm: 'crosvm' });
  await expect(move(trial, { vmm: 'crosvm' })).rejects.toMatchObject({
    facts: { codes: ['switch-unneeded'] },
  });
  trial.runs();
  await expect(move(trial, { vmm: 'qemu' })).rejects.toMatchObject({ code: 'machine-state' });
  await expect(move(trial, {})).rejects.toMatchObject({ code: 'machine-state' });
});

test('neither both nor none of VMM and way back', async () => {
  const trial = await begin([driver('qemu')]);
  await expect(trial.plan({})).rejects.toMatchObject({ code: 'bad-request' });
  await expect(trial.plan({ vmm: 'qemu', back: true })).rejects.toMatchObject({ code: 'bad-request' });
});

test('a record of a switch that names files elsewhere removes nothing', async () => {
  const trial = await begin([driver('qemu'), driver('crosvm', lean)]);
  const outside = join(trial.directory, '../precious');
  await writeFile(outside, 'x');
  for (const file of ['../precious', outside, 'disks/../../precious']) {
    const record = {
      formatVersion: 1,
      before: '',
      back: false,
      copies: [file],
      originals: [],
      previous: null,
    };
    await writeFile(trial.file('switch.json'), JSON.stringify(record));
    await trial.switching.recoverAll();
    expect(existsSync(outside)).toBe(true);
  }
  expect(trial.warnings).toHaveLength(3);
});
