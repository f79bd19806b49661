// SPDX-License-Identifier: Apache-2.0
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { rootSocket, type Paths } from '../contract/paths.ts';
import { debianMirror } from '../catalog/unattended/apt-mirror.ts';
import { createOsinfo } from '../catalog/osinfo/osinfo.ts';
import { entriesFolder } from '../catalog/read-entries.ts';
import { createSystems } from '../catalog/systems.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { guestAccelerator } from '../host/guest-accelerator.ts';
import { bootId } from '../host/identity.ts';
import { readPhyllomeOs } from '../host/phyllome-os.ts';
import type { Driver } from '../vmm/driver.ts';
import { createAfterInstall } from './after-install.ts';
import { startAutomatically } from './autostart.ts';
import { createBackupFunctions } from './backups/backup-functions.ts';
import { snapshotJob } from './backups/snapshot-job.ts';
import { removeTemporarySnapshots, stillRunning } from './backups/temporary-snapshot.ts';
import { openBin } from './bin.ts';
import { createBinFunctions } from './bin/bin-functions.ts';
import { openBudget } from './budget.ts';
import { createCatalogFunctions } from './fetch/catalog-functions.ts';
import { createMachineMaker } from './create-machine.ts';
import { createCloning } from './clones/clone-machine.ts';
import { holdForTemplate, requireNoTemplate } from './clones/template.ts';
import { createDisks } from './disks/create-disks.ts';
import { createDefinitionEditor } from './definition-editor.ts';
import { revisionOf } from './definition-file.ts';
import type { Engine } from './engine.ts';
import { finishErasing } from './erase.ts';
import { openEnforcement } from './enforcement.ts';
import { createDiskKeys } from './encryption/disk-keys.ts';
import { createEncryption } from './encryption/create-encryption.ts';
import { keyHolderList } from './encryption/holders.ts';
import { createEventStream } from './event-stream.ts';
import { ensurePrivateDirectory } from './files.ts';
import { createGuests } from './guests/guest-functions.ts';
import { hindranceOf } from './guests/hindrance.ts';
import { createHolds } from './holds.ts';
import { createHostPower } from './host-power.ts';
import { openFavourite } from './favourite/open-favourite.ts';
import { createFixes } from './fixes.ts';
import { createEntryFinder } from './identify/entry-finder.ts';
import { createIdentifier } from './identify/identifier.ts';
import { createMediumSuiter } from './identify/suit-medium.ts';
import { createGuestProfiles } from './profile/guest-profiles.ts';
import { hostForGuests } from './profile/host-for-guests.ts';
import { windowsDrivers } from './profile/windows-drivers.ts';
import { openImageFunctions } from './library.ts';
import { createKeys } from './keys.ts';
import { requireVerb, type Verb } from './lifecycle.ts';
import { lazily } from './lazily.ts';
import { createLoad } from './load.ts';
import { tailLines } from './log-file.ts';
import { createByHand } from './install/installer.ts';
import { createInstalling } from './install/installing.ts';
import { createMachineEraser } from './install/erase-machine.ts';
import { placeOfPc } from './install/place-of-pc.ts';
import { createMedia } from './media.ts';
import { createCables } from './os/cables.ts';
import { createRoot } from './os/root.ts';
import { createSystemFunctions } from './os/system-functions.ts';
import { requireAble } from './require-able.ts';
import { createRunning, requireDefinition } from './running.ts';
import type { Runner } from './runner.ts';
import { openSettings } from './settings.ts';
import { requireFitsSaved } from './saved-guard.ts';
import { createSaving } from './saving.ts';
import { createSerialConsole, type SerialConsole } from './serial-console.ts';
import { createSnapshots } from './snapshots/create-snapshots.ts';
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
  const bin = openBin(paths, store, (entry) => binFunctions.keeping.eraseAt(entry));
  const settings = openSettings(paths.settings);
  const budgeting = openBudget({
    settings,
    events,
    pidOf: (id) => running.get(id)?.info?.pid,
    accelerator: () => guestAccelerator(paths.cache),
    enforcement: await openEnforcement({ env: process.env, uid: process.getuid?.() ?? 0 }),
  });
  const { admission, place } = budgeting;
  const changed = ({ id, name }: Pick<StoredMachine, 'id' | 'name'>): void =>
    events.emit({ type: 'machine.changed', machineId: id, machineName: name });
  const warnOf = ({ id, name }: Pick<StoredMachine, 'id' | 'name'>, text: string): void =>
    events.emit({ type: 'machine.warning', machineId: id, machineName: name, text });
  const definitions = createDefinitionEditor(store, changed, (machine, after) => {
    requireFitsSaved(machine, after);
    return holdForTemplate(holds, machine, after);
  });
  const afterInstall = createAfterInstall({ store, definitions, emit: events.emit.bind(events) });
  const throwAway = createThrowAway({
    store,
    paths,
    events,
    runner: (id) => running.get(id),
    forget: (id) => running.forget(id),
  });
  const diskKeys = createDiskKeys(keyHolderList(process.env));
  const root = createRoot(rootSocket);
  const running = createRunning({
    paths,
    diskKeys,
    cables: createCables(root, warn),
    drivers,
    events,
    bootId: bootId(),
    admission,
    place,
    afterInstall,
    once: (machine) => installing.once(machine),
    onRest: (id) => byHand.rested(id),
    onEnd: async (id) => {
      await byHand.ended(id);
      await throwAway.ended(id);
      snapshots.ended(id);
    },
    switching: {
      async beforeStart(machine) {
        await snapshots.beforeStart(machine);
        await switching.beforeStart(store.find(machine.id));
        return store.find(machine.id);
      },
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
    warn: warnOf,
  });
  const snapshots = createSnapshots({
    store,
    tasks,
    holds,
    definitions,
    running,
    all: async () => [...store.list(), ...(await bin.machines())],
    warn: warnOf,
    changed,
  });
  const disks = createDisks({
    store,
    tasks,
    definitions,
    holds,
    running,
    others: async () => [...store.list(), ...(await bin.machines())],
    wordsOf: ({ name, directory }) => (directory.startsWith(paths.bin) ? `${name} (in the bin)` : name),
    warn: warnOf,
  });
  const saving = createSaving({ tasks, holds, running });
  const media = createMedia({ running, definitions, afterInstall });
  const byHand = createByHand({ store, running, emit: (event) => events.emit(event) });
  const installing = createInstalling({
    paths,
    store,
    tasks,
    definitions,
    running,
    erase: createMachineEraser({
      paths,
      store,
      forget: running.forget,
      emit: (event) => events.emit(event),
    }),
    emit: (event) => events.emit(event),
    place: () => placeOfPc('/', process.env),
    mirror: debianMirror,
  });
  const osinfo = createOsinfo({ cacheDirectory: paths.cache });
  const systems = createSystems({ folder: entriesFolder, warn, osinfo: osinfo.load });
  const identifier = createIdentifier({
    osinfo,
    entryOf: createEntryFinder(async () => (await systems.ours()).map(({ system }) => system)),
  });
  const suitMedium = createMediumSuiter({
    identifier,
    osinfo,
    ours: systems.ours,
    images: () => imageFunctions.functions.listImages(),
    host: () => hostForGuests(drivers, hostArchitecture() ?? 'x86_64'),
    recommended: budgeting.recommendedResources,
  });
  const profiles = createGuestProfiles({
    ours: systems.ours,
    osinfo,
    host: (architecture) => hostForGuests(drivers, architecture),
    drivers: () => windowsDrivers({ identifier, images: () => imageFunctions.functions.listImages() }),
  });
  const createMachine = createMachineMaker({
    store,
    systems,
    fetchMedium: (...given) => imageFunctions.fetchMedium(...given),
    suitMedium,
    hostFor: (architecture) => hostForGuests(drivers, architecture),
    installing,
    identifier,
    diskKeys,
    tasks,
    events,
    machines: paths.machines,
    cacheDirectory: paths.cache,
    others: async () => [...store.list(), ...(await bin.machines())],
    recommended: budgeting.recommendedResources,
    shortcomings: profiles.shortcomings,
  });
  const microMaker = lazily(async () => {
    const { createMicroMaker } = await import('./create-micro.ts');
    return createMicroMaker({ store, tasks, events, cacheDirectory: paths.cache, throwAway });
  });
  const firmware = lazily(async () => {
    const { createFirmware } = await import('./firmware/create-firmware.ts');
    return createFirmware({ store, holds, planOf: running.plan, changed });
  });
  const installation = lazily(async () => {
    const { openInstallation } = await import('./os/installation.ts');
    return openInstallation({ tasks, runningIds: running.ids });
  });
  const imageFunctions = await openImageFunctions({
    paths,
    store,
    bin,
    events,
    tasks,
    identifier,
    env: process.env,
  });
  const cloning = createCloning({
    store,
    tasks,
    events,
    holds,
    definitions,
    machines: paths.machines,
    deleted: bin.machines,
    // While it runs, nothing of the kind is done.
    settle: async (machine) => {
      if (running.get(machine.id) === undefined) await snapshots.beforeStart(machine);
    },
  });
  const temporary = {
    store,
    holds,
    snapshots,
    warn: warnOf,
  };
  const backups = createBackupFunctions({
    store,
    tasks,
    events,
    holds,
    running,
    definitions,
    paths,
    deleted: bin.machines,
    stillRunning: (machine, context) => stillRunning(machine, temporary, context),
    snapshots: snapshotJob({ store, tasks, snapshots }),
  });
  const consoles = new Map<Runner, SerialConsole>();
  const load = createLoad({ running, events, file: paths.history, warn });
  const keys = createKeys();
  await running.adoptAll(store);
  await switching.recoverAll();
  await disks.recoverAll();
  await snapshots.recoverAll();
  await removeTemporarySnapshots(temporary);
  await installing.recoverAll();
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
  const encryption = createEncryption({
    store,
    tasks,
    definitions,
    holds,
    running,
    diskKeys,
    others: async () => [...store.list(), ...(await bin.machines())],
    warn: warnOf,
    view,
  });
  const runnerFor = (machine: StoredMachine, verb: Verb): Runner => {
    requireVerb(machine.name, running.stateOf(machine.id).name, verb);
    // Whoever saves it or takes a snapshot holds its processors meanwhile.
    if (['pause', 'resume', 'reset', 'power off'].includes(verb)) holds.requireFree(machine, verb);
    return running.get(machine.id) as Runner;
  };
  const binFunctions = createBinFunctions({
    paths,
    store,
    bin,
    settings,
    events,
    holds,
    running,
    view,
    warn,
  });
  const favourite = openFavourite({
    settings,
    store,
    events,
    file: paths.screen,
    show: (id) => engine.showMachine(id),
    start: (id) => engine.startMachine(id, {}),
    warn,
  });
  const engine: Engine = {
    events,
    ...createThisPc(paths),
    budget: budgeting.budget,
    setReserve: budgeting.setReserve,
    ...createCatalogFunctions({
      systems,
      tasks,
      fetchMedium: imageFunctions.fetchMedium,
      proxyEnv: process.env,
    }),

    ...createFixes('/'),
    machineFirmware: async (ref) => (await firmware()).machineFirmware(ref),
    enrolCertificates: async (ref) => (await firmware()).enrolCertificates(ref),
    ...imageFunctions.functions,
    ...binFunctions.functions,
    ...backups.functions,
    cloneMachine: (ref, request) => cloning(store.find(ref), request),

    listMachines: () =>
      [...store.list(), ...orphans()].map((machine) =>
        summaryOf(machine, running.stateOf(machine.id), running.get(machine.id)),
      ),
    createMachine,
    createMicro: async (request) => (await microMaker())(request),
    guestProfile: ({ guest, architecture, install }) =>
      profiles.ofGuest(guest, architecture, install === 'unattended'),
    showMachine: (ref) => view(find(ref)),
    machineProfile: async (ref) => profiles.ofMachine(requireDefinition(store.find(ref))),
    renameMachine: async (ref, newName) => view(await definitions.rename(store.find(ref), newName)),
    async readDefinition(ref) {
      const yaml = store.text(store.find(ref));
      return { yaml, revision: revisionOf(yaml) };
    },
    writeDefinition: async (ref, text) => view(await definitions.replace(store.find(ref), text)),
    changeDefinition: async (ref, request) => view(await definitions.change(store.find(ref), request)),
    async insertMedium(ref, drive, file) {
      const machine = store.find(ref);
      requireNoTemplate(machine, 'be changed');
      return view(await media.insert(machine, drive, file));
    },
    async ejectMedium(ref, drive) {
      const machine = store.find(ref);
      requireNoTemplate(machine, 'be changed');
      return view(await media.eject(machine, drive));
    },

    listBlockDevices: () => disks.devices(),
    machineDisks: (ref) => disks.list(store.find(ref)),
    addDisk: (ref, request) => disks.add(store.find(ref), request),
    removeDisk: (ref, disk, { erase }) => disks.remove(store.find(ref), disk, erase),
    growDisk: (ref, disk, request) => disks.grow(store.find(ref), disk, request),
    checkDisk: (ref, disk, { repair }) => disks.check(store.find(ref), disk, repair),
    trimDisks: (ref, { disk }) => disks.trim(store.find(ref), disk ?? null),
    convertDisk: (ref, disk, { format }) => disks.convert(store.find(ref), disk, format),
    exportDisk: (ref, disk, request) => disks.export(store.find(ref), disk, request),
    limitDisk: async (ref, disk, request) => view(await disks.limit(store.find(ref), disk, request)),

    listVmms: () => listVmms(drivers),
    async setVmmDirectory(directory) {
      await useVmmDirectory(settings, directory);
      return listVmms(drivers);
    },
    judgeMachine: (ref) => running.judge(store.find(ref)),
    planMachine: (ref) => running.plan(store.find(ref)),
    planSwitch: (ref, request) => switching.plan(store.find(ref), request),
    switchMachine: (ref, request) => switching.begin(store.find(ref), request),
    listSnapshots: (ref) => snapshots.list(store.find(ref)),
    takeSnapshot: (ref, request) => snapshots.take(store.find(ref), request),
    changeSnapshot: (ref, snapshot, request) => snapshots.change(store.find(ref), snapshot, request),
    revertSnapshot: (ref, snapshot, request) => snapshots.revert(store.find(ref), snapshot, request),
    deleteSnapshot: (ref, snapshot) => snapshots.remove(store.find(ref), snapshot),
    snapshotPicture: (ref, snapshot) => snapshots.picture(store.find(ref), snapshot),
    ...encryption,
    async startMachine(ref, { passphrase } = {}) {
      const machine = store.find(ref);
      await running.start(machine, passphrase);
      return view(store.find(machine.id));
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

    osDisks: async () => (await installation()).osDisks(),
    osInstall: async (answers) => (await installation()).osInstall(answers),
    osInstallUnattended: async () => (await installation()).osInstallUnattended(),
    osRecoveryKey: async () => (await installation()).osRecoveryKey(),
    osForgetRecoveryKey: async () => (await installation()).osForgetRecoveryKey(),

    ...createSystemFunctions({
      tasks,
      store,
      bin,
      images: paths.images,
      runningIds: running.ids,
      cutPower: (id) => engine.stopMachine(id, { force: true, timeoutSeconds: 60 }),
    }),

    ...favourite.functions,
    async osStatus() {
      if (readPhyllomeOs() === null) return (await import('./os/elsewhere.ts')).elsewhere;
      return (await os()).osStatus();
    },
    osCheck: async (request) => (await os()).osCheck(request),
    osUpdate: async (request) => (await os()).osUpdate(request),
    osRollback: async () => (await os()).osRollback(),
    osPower: async (request) => (await os()).osPower(request),
    setChannel: async (change) => (await os()).setChannel(change),
    saveGuests: (request) => guests.saveGuests(request),

    listTasks: () => tasks.list(),
    showTask: (id) => tasks.show(id),
    abortTask: (id) => tasks.abort(id),

    async close() {
      installing.close();
      if (hostPower !== false) hostPower.close();
      guests.close();
      const scheduled = schedule.close();
      await tasks.close();
      await snapshots.idle();
      await scheduled;
      throwAway.close();
      await favourite.close();
      binFunctions.keeping.close();
      load.close();
      running.close();
    },
  };
  void binFunctions.keeping.look();
  const schedule = backups.schedule();
  const guests = createGuests({
    file: paths.resume,
    bootId: bootId(),
    live: () => readPhyllomeOs()?.live === true,
    tasks,
    events,
    running: () =>
      running.ids().flatMap((id) => {
        const runner = running.get(id);
        const name = runner?.plan?.machine.name ?? find(id).name;
        return runner === undefined
          ? []
          : [{ id, name, state: runner.state.name, hindrance: hindranceOf(runner) }];
      }),
    save: engine.saveMachine,
    powerOff: (id, timeoutSeconds) => engine.stopMachine(id, { force: false, timeoutSeconds }),
    find(id) {
      const machine = store.list().find((one) => one.id === id);
      return machine === undefined ? null : { name: machine.name, state: running.stateOf(id).name };
    },
    start: (id) => engine.startMachine(id, {}),
  });
  const os = lazily(async () => {
    const { createOsFunctions } = await import('./os/os-functions.ts');
    return createOsFunctions({
      root,
      tasks,
      settings,
      guests,
      emit: (event) => events.emit(event),
      data: paths.data,
      checkFile: paths.osCheck,
    });
  });
  // On Phyllome OS units of systemd have them saved, whoever switches it off.
  const hostPower =
    readPhyllomeOs() === null &&
    createHostPower({
      events,
      settings: settings.read,
      runningIds: running.ids,
      save: engine.saveMachine,
      start: (id) => engine.startMachine(id, {}),
      taskEnd: tasks.ended,
      warn,
    });
  const first = await favourite.open();
  void guests
    .resume()
    .catch((error: unknown) => warn(`What was saved does not go on: ${reasonOf(error)}`))
    .then(() => startAutomatically(engine, store, paths, bootId(), first));
  return engine;
}
