// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import { checkName } from '../contract/name.ts';
import type { Paths } from '../contract/paths.ts';
import { catalog } from '../catalog/catalog.ts';
import { hostReport } from '../host/host-report.ts';
import { bootId } from '../host/identity.ts';
import type { Driver } from '../vmm/driver.ts';
import { startAutomatically } from './autostart.ts';
import { openBin } from './bin.ts';
import { createMachineMaker } from './create-machine.ts';
import { readDefinitionText, revisionOf, setInText } from './definition-file.ts';
import type { Engine } from './engine.ts';
import { createEventStream } from './event-stream.ts';
import { ensurePrivateDirectory } from './files.ts';
import { requireVerb, type Verb } from './lifecycle.ts';
import { tailLines } from './log-file.ts';
import { createRunning } from './running.ts';
import type { Runner } from './runner.ts';
import { createSerialConsole, type SerialConsole } from './serial-console.ts';
import { stopTask } from './stop.ts';
import { openStore, type StoredMachine } from './store.ts';
import { createTasks } from './tasks.ts';
import { machineOf, summaryOf } from './views.ts';

/** Opens the machines of `paths`, takes over those that run, and returns everything that can be done with them. */
export async function createEngine(paths: Paths, drivers: readonly Driver[]): Promise<Engine> {
  for (const directory of [paths.data, paths.state, paths.cache]) {
    await mkdir(directory, { recursive: true, mode: 0o700 });
  }
  await ensurePrivateDirectory(paths.runtime);
  const events = createEventStream();
  const tasks = createTasks(events);
  const store = await openStore(paths);
  const bin = openBin(paths, store);
  // Admission belongs to the budget, which does not exist yet: everything is let in.
  const running = createRunning({ paths, drivers, events, bootId: bootId(), admit: () => {} });
  const createMachine = createMachineMaker({ store, tasks, events, cacheDirectory: paths.cache });
  const consoles = new Map<Runner, SerialConsole>();
  await running.adoptAll(store);

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
    return running.get(machine.id) as Runner;
  };
  const changed = (
    machine: StoredMachine,
    type: 'machine.changed' | 'machine.deleted' | 'machine.restored',
  ): void => events.emit({ type, machineId: machine.id, machineName: machine.name });

  const engine: Engine = {
    events,
    host: () => hostReport(paths.cache),
    catalog: () => catalog.map(({ id, name, description }) => ({ id, name, description })),

    listMachines: () =>
      [...store.list(), ...orphans()].map((machine) => summaryOf(machine, running.stateOf(machine.id))),
    createMachine,
    showMachine: (ref) => view(find(ref)),
    async deleteMachine(ref) {
      const machine = store.find(ref);
      requireVerb(machine.name, running.stateOf(machine.id).name, 'be deleted');
      const entry = await bin.put(machine);
      changed(machine, 'machine.deleted');
      return entry;
    },
    async renameMachine(ref, newName) {
      const machine = store.find(ref);
      const name = checkName(newName);
      store.requireFreeName(name, machine.id);
      const written = await store.write(machine, setInText(store.text(machine), 'name', name));
      changed(written, 'machine.changed');
      return view(written);
    },
    async readDefinition(ref) {
      const yaml = store.text(store.find(ref));
      return { yaml, revision: revisionOf(yaml) };
    },
    async writeDefinition(ref, { yaml, revision }) {
      const machine = store.find(ref);
      if (revisionOf(store.text(machine)) !== revision)
        throw new PhyllomeError('definition-changed', { name: machine.name });
      const definition = readDefinitionText(yaml);
      if (definition.id !== machine.id) {
        const summary = `id: found ${definition.id}; allowed: ${machine.id}, which is the name of its folder`;
        throw new PhyllomeError('definition-invalid', { count: 1, summary, problems: [summary] });
      }
      store.requireFreeName(definition.name, machine.id);
      const written = await store.write(machine, yaml);
      changed(written, 'machine.changed');
      return view(written);
    },

    planMachine: (ref) => running.plan(store.find(ref)),
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
      await runner.session().pause();
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
    async resetMachine(ref) {
      const machine = find(ref);
      await runnerFor(machine, 'reset').session().reset();
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
        await runner.session().screenshot(file);
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

    listTasks: () => tasks.list(),
    showTask: (id) => tasks.show(id),
    abortTask: (id) => tasks.abort(id),

    async close() {
      await tasks.close();
      running.close();
    },
  };
  void startAutomatically(engine, store, paths, bootId());
  return engine;
}
