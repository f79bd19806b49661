// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { Paths } from '../contract/paths.ts';
import { catalog } from '../catalog/catalog.ts';
import { describeItem } from '../catalog/describe.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { guestAccelerator } from '../host/guest-accelerator.ts';
import { bootId } from '../host/identity.ts';
import type { Driver } from '../vmm/driver.ts';
import { createAfterInstall } from './after-install.ts';
import { startAutomatically } from './autostart.ts';
import { openBin } from './bin.ts';
import { openBudget } from './budget.ts';
import { createMachineMaker } from './create-machine.ts';
import { createMicroMaker } from './create-micro.ts';
import { createDefinitionEditor } from './definition-editor.ts';
import { revisionOf } from './definition-file.ts';
import type { Engine } from './engine.ts';
import { finishErasing } from './erase.ts';
import { openEnforcement } from './enforcement.ts';
import { createEventStream } from './event-stream.ts';
import { ensurePrivateDirectory } from './files.ts';
import { createHolds } from './holds.ts';
import { createFixes } from './fixes.ts';
import { openImageFunctions } from './library.ts';
import { createKeys } from './keys.ts';
import { requireVerb, type Verb } from './lifecycle.ts';
import { createLoad } from './load.ts';
import { tailLines } from './log-file.ts';
import { createMedia } from './media.ts';
import { requireAble } from './require-able.ts';
import { createRunning } from './running.ts';
import type { Runner } from './runner.ts';
import { openSettings } from './settings.ts';
import { requireFitsSaved } from './saved-guard.ts';
import { createSaving } from './saving.ts';
import { createSerialConsole, type SerialConsole } from './serial-console.ts';
import { createSwitching } from './switching.ts';
import { stopTask } from './stop.ts';
import { openStore, type StoredMachine } from './store.ts';
import { createTasks } from './tasks.ts';
import { createThisPc } from './this-pc.ts';
import { createThrowAway } from './throw-away.ts';
import { machineOf, summaryOf } from './views.ts';
import { listVmms, useVmmDirectory } from './vmms.ts';

/**
 * Opens the machines of `paths`, takes over those that run, and returns everything that can be done with them.
 * @param warn hears what is wrong and concerns no machine: it belongs into the log
 */
export async function createEngine(
  paths: Paths,
  drivers: readonly Driver[],
  warn: (text: string) => void,
): Promise<Engine> {
  for (const directory of [paths.data, paths.state, paths.cache]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  await ensurePrivateDirectory(paths.runtime);
  const events = createEventStream();
  const tasks = createTasks(events);
  const store = await openStore(paths);
  await finishErasing(paths);
  const bin = openBin(paths, store);
  const settings = openSettings(paths.settings);
  const budgeting = openBudget({
    settings,
    events,
    pidOf: (id) => running.get(id)?.info?.pid,
    accelerator: () => guestAccelerator(paths.cache),
    enforcement: await openEnforcement({ env: process.env, uid: process.getuid?.() ?? 0 }),
  });
  const { admission, place } = budgeting;
  const changed = (
    { id, name }: Pick<StoredMachine, 'id' | 'name'>,
    type: 'machine.changed' | 'machine.deleted' | 'machine.restored' | 'machine.erased',
  ): void => events.emit({ type, machineId: id, machineName: name });
  const definitions = createDefinitionEditor(store, (machine) => changed(machine, 'machine.changed'));
  const afterInstall = createAfterInstall({ store, definitions, emit: events.emit.bind(events) });
  const throwAway = createThrowAway({
    store,
    paths,
    events,
    runner: (id) => running.get(id),
    forget: (id) => running.forget(id),
  });
  const running = createRunning({
    paths,
    drivers,
    events,
    bootId: bootId(),
    admission,
    place,
    afterInstall,
    onEnd: throwAway.ended,
    switching: {
      beforeStart: (machine) => switching.beforeStart(machine),
      started: (machine) => switching.started(machine),
    },
  });
  const holds = createHolds(running.stateOf);
  const switching = createSwitching({
    store,
    tasks,
    definitions,
    holds,
    running,
    drivers,
    pathsOf: running.pathsOf,
    others: async () => [...store.list(), ...(await bin.machines())],
    warn: ({ id, name }, text) =>
      events.emit({ type: 'machine.warning', machineId: id, machineName: name, text }),
  });
  const saving = createSaving({ tasks, holds, running });
  const media = createMedia({ running, definitions, afterInstall });
  const createMachine = createMachineMaker({
    store,
    tasks,
    events,
    machines: paths.machines,
    cacheDirectory: paths.cache,
    others: async () => [...store.list(), ...(await bin.machines())],
    recommended: budgeting.recommendedResources,
  });
  const createMicro = createMicroMaker({ store, tasks, events, cacheDirectory: paths.cache, throwAway });
  const imageFunctions = await openImageFunctions({ paths, store, bin, events, tasks, env: process.env });
  const consoles = new Map<Runner, SerialConsole>();
  const load = createLoad({ running, events, file: paths.history, warn });
  const keys = createKeys();
  await running.adoptAll(store);
  await switching.recoverAll();
  await throwAway.sweep();
  load.begin();

  /** A machine of the store, or one whose folder was taken away while it runs: that can still be stopped. */
  const find = (ref: string): StoredMachine => {
    const machines = [...store.list(), ...orphans()];
    return store.find(ref, machines);
  };
  const orphans = (): StoredMachine[] =>
    running.ids().flatMap((id) => {
      const directory = join(paths.machines, id);
      if (existsSync(directory)) return [];
      const name = running.get(id)?.plan?.machine.name ?? id;
      const { message } = new PhyllomeError('machine-vanished', { name, directory });
      return [{ id, name, directory, definition: null, problems: [message] }];
    });
  const view = (machine: StoredMachine) =>
    machineOf(machine, running.stateOf(machine.id), running.get(machine.id));
  const runnerFor = (machine: StoredMachine, verb: Verb): Runner => {
    requireVerb(machine.name, running.stateOf(machine.id).name, verb);
    // Whoever saves it or takes a snapshot holds its processors meanwhile.
    if (['pause', 'resume', 'reset', 'power off'].includes(verb)) holds.requireFree(machine, verb);
    return running.get(machine.id) as Runner;
  };
  const engine: Engine = {
    events,
    ...createThisPc(paths),
    budget: budgeting.budget,
    setReserve: budgeting.setReserve,
    catalog: () => catalog.map((item) => describeItem(item, hostArchitecture())),

    ...createFixes('/'),
    ...imageFunctions,

    listMachines: () =>
      [...store.list(), ...orphans()].map((machine) =>
        summaryOf(machine, running.stateOf(machine.id), running.get(machine.id)),
      ),
    createMachine,
    createMicro,
    showMachine: (ref) => view(find(ref)),
    async deleteMachine(ref) {
      const machine = store.find(ref);
      requireVerb(machine.name, running.stateOf(machine.id).name, 'be deleted');
      holds.requireFree(machine, 'be deleted');
      const entry = await bin.put(machine);
      changed(machine, 'machine.deleted');
      return entry;
    },
    renameMachine: async (ref, newName) => view(await definitions.rename(store.find(ref), newName)),
    async readDefinition(ref) {
      const yaml = store.text(store.find(ref));
      return { yaml, revision: revisionOf(yaml) };
    },
    writeDefinition: async (ref, text) => view(await definitions.replace(store.find(ref), text)),
    changeDefinition: async (ref, request) => view(await definitions.change(store.find(ref), request)),
    insertMedium: async (ref, drive, file) => view(await media.insert(store.find(ref), drive, file)),
    ejectMedium: async (ref, drive) => view(await media.eject(store.find(ref), drive)),

    listVmms: () => listVmms(drivers),
    async setVmmDirectory(directory) {
      await useVmmDirectory(settings, directory);
      return listVmms(drivers);
    },
    judgeMachine: (ref) => running.judge(store.find(ref)),
    planMachine: (ref) => running.plan(store.find(ref)),
    planSwitch: (ref, request) => switching.plan(store.find(ref), request),
    switchMachine: (ref, request) => switching.begin(store.find(ref), request),
    async startMachine(ref) {
      const machine = store.find(ref);
      await running.start(machine);
      return view(machine);
    },
    stopMachine: (ref, options) => {
      const machine = find(ref);
      const runner = runnerFor(machine, options.force ? 'cut power' : 'power off');
      return stopTask(tasks, machine, runner, options);
    },
    async pauseMachine(ref) {
      const machine = find(ref);
      const runner = runnerFor(machine, 'pause');
      const session = runner.session();
      requireAble(session, 'pause', runner, machine.name);
      await session.pause();
      runner.happened('paused');
      return view(machine);
    },
    async resumeMachine(ref) {
      const machine = find(ref);
      const runner = runnerFor(machine, 'resume');
      await runner.session().resume();
      runner.happened('resumed');
      return view(machine);
    },
    saveMachine: (ref) => saving.save(find(ref)),
    async discardSaved(ref) {
      const machine = store.find(ref);
      await saving.discard(machine);
      return view(machine);
    },
    async resetMachine(ref) {
      const machine = find(ref);
      await runnerFor(machine, 'reset').reset();
      return view(machine);
    },

    async screenshot(ref) {
      const machine = find(ref);
      const runner = runnerFor(machine, 'show its screen');
      if (runner.plan?.endpoints.display == null)
        throw new PhyllomeError('display-none', { name: machine.name });
      const directory = await mkdtemp(join(runner.plan.runDirectory, 'screen-'));
      try {
        const file = join(directory, 'screen.png');
        const session = runner.session();
        requireAble(session, 'screenshot', runner, machine.name);
        await session.screenshot(file);
        return await readFile(file);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
    serial(ref) {
      const machine = find(ref);
      const runner = runnerFor(machine, 'open its console');
      const { plan } = runner;
      if (plan?.endpoints.serial == null || plan.serialLog === null)
        throw new PhyllomeError('serial-none', { name: machine.name });
      let serial = consoles.get(runner);
      if (serial === undefined) {
        serial = createSerialConsole(machine.name, plan.endpoints.serial, plan.serialLog, runner.ended);
        consoles.set(runner, serial);
        void runner.ended.then(() => consoles.delete(runner));
      }
      return serial;
    },
    displaySocket(ref) {
      const machine = find(ref);
      const socket = runnerFor(machine, 'show its screen').plan?.endpoints.display;
      if (socket == null) throw new PhyllomeError('display-none', { name: machine.name });
      return socket;
    },
    async pressKeys(ref, names) {
      const machine = find(ref);
      await keys.press(machine.name, runnerFor(machine, 'take keys'), names);
    },
    async typeText(ref, text) {
      const machine = find(ref);
      return keys.type(machine.name, runnerFor(machine, 'take keys'), text);
    },
    async machineEvents(ref, { limit, before }) {
      return load.events(find(ref).id, limit, before);
    },
    async machineLoad(ref, { seconds, points }) {
      return load.history(find(ref).id, seconds, points);
    },
    watchLoad: load.watch,
    async machineLogs(ref, { source, lines }) {
      const machine = find(ref);
      return { source, lines: await tailLines(join(paths.logs, machine.id, `${source}.log`), lines) };
    },

    listBin: () => bin.list(),
    async restoreMachine(ref) {
      const machine = await bin.restore(ref);
      changed(machine, 'machine.restored');
      return view(machine);
    },
    async eraseMachine(ref) {
      const entry = await bin.erase(ref);
      changed(entry, 'machine.erased');
      return entry;
    },

    listTasks: () => tasks.list(),
    showTask: (id) => tasks.show(id),
    abortTask: (id) => tasks.abort(id),

    async close() {
      await tasks.close();
      throwAway.close();
      load.close();
      running.close();
    },
  };
  void startAutomatically(engine, store, paths, bootId());
  return engine;
}
