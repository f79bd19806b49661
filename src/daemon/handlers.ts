// SPDX-License-Identifier: Apache-2.0
import type { Body, OperationId, Params, Query, Reply, ServiceInfo } from '../contract/api.ts';
import type { Engine } from '../engine/engine.ts';
import type { Access } from './access/access.ts';
import type { Visitor } from './auth.ts';

export interface OperationRequest<Id extends OperationId> {
  params: Params<Id>;
  query: Query<Id>;
  body: Body<Id>;
  /** Who asks */
  visitor: Visitor;
}

/** One function for every operation of contract/api.ts: an operation without one does not compile. */
export type Handlers = {
  [Id in OperationId]: (request: OperationRequest<Id>) => Reply<Id> | Promise<Reply<Id>>;
};

/** What the service says about itself and does with itself; the rest is the engine's. */
export interface ServiceVerbs {
  info(): ServiceInfo;
  stop(): void;
  createLink(): string;
  access: Access;
}

/** Translates requests into calls of the engine, one each. */
export function createHandlers(engine: Engine, service: ServiceVerbs): Handlers {
  return {
    service: () => service.info(),
    stopService: () => {
      service.stop();
      return {};
    },
    createTicket: () => ({ url: service.createLink() }),
    accessStatus: ({ visitor }) => service.access.status(visitor),
    setPassword: ({ visitor, body }) => service.access.setPassword(visitor, body),
    setAccessNetwork: ({ visitor, body }) => service.access.setNetwork(visitor, body),
    signOut: async ({ visitor, body }) => {
      await service.access.signOut(visitor, body);
      return {};
    },
    lockSession: async ({ visitor, body }) => {
      await service.access.lock(visitor, body);
      return {};
    },
    unlockSession: async ({ visitor, body }) => {
      await service.access.unlock(visitor, body);
      return {};
    },
    host: () => engine.host(),
    doctor: () => engine.doctor(),
    shareableReport: () => engine.shareableReport(),
    budget: () => engine.budget(),
    setReserve: ({ body }) => engine.setReserve(body),
    listFixes: () => engine.listFixes(),
    showFix: ({ params }) => engine.showFix(params.id),
    listJournal: () => engine.listJournal(),
    showUndo: ({ params }) => engine.showUndo(params.id),
    catalog: ({ query }) => engine.catalog(query),
    fetchMedium: ({ body }) => engine.fetchMedium(body),
    checkCatalog: ({ body }) => engine.checkCatalog(body),
    guestProfile: ({ query }) => engine.guestProfile(query),

    listFiles: ({ query }) => engine.listFiles(query),
    listImages: () => engine.listImages(),
    identifyImage: ({ query }) => engine.identifyImage(query.file),
    downloadImage: ({ body }) => engine.downloadImage(body),
    deleteImage: async ({ params }) => {
      await engine.deleteImage(params.name);
      return {};
    },

    listMachines: () => engine.listMachines(),
    createMachine: ({ body }) => engine.createMachine(body),
    createMicro: ({ body }) => engine.createMicro(body),
    showMachine: ({ params }) => engine.showMachine(params.ref),
    machineProfile: ({ params }) => engine.machineProfile(params.ref),
    machineFirmware: ({ params }) => engine.machineFirmware(params.ref),
    enrolCertificates: ({ params }) => engine.enrolCertificates(params.ref),
    cloneMachine: ({ params, body }) => engine.cloneMachine(params.ref, body),
    planDelete: ({ params }) => engine.planDelete(params.ref),
    deleteMachine: ({ params }) => engine.deleteMachine(params.ref),
    renameMachine: ({ params, body }) => engine.renameMachine(params.ref, body.name),
    readDefinition: ({ params }) => engine.readDefinition(params.ref),
    writeDefinition: ({ params, body }) => engine.writeDefinition(params.ref, body),

    changeDefinition: ({ params, body }) => engine.changeDefinition(params.ref, body),
    insertMedium: ({ params, body }) => engine.insertMedium(params.ref, Number(params.drive), body.file),
    ejectMedium: ({ params }) => engine.ejectMedium(params.ref, Number(params.drive)),

    listBlockDevices: () => engine.listBlockDevices(),
    machineDisks: ({ params }) => engine.machineDisks(params.ref),
    addDisk: ({ params, body }) => engine.addDisk(params.ref, body),
    removeDisk: ({ params, body }) => engine.removeDisk(params.ref, params.disk, body),
    growDisk: ({ params, body }) => engine.growDisk(params.ref, params.disk, body),
    checkDisk: ({ params, body }) => engine.checkDisk(params.ref, params.disk, body),
    trimDisks: ({ params, body }) => engine.trimDisks(params.ref, body),
    convertDisk: ({ params, body }) => engine.convertDisk(params.ref, params.disk, body),
    exportDisk: ({ params, body }) => engine.exportDisk(params.ref, params.disk, body),
    limitDisk: ({ params, body }) => engine.limitDisk(params.ref, params.disk, body),

    listVmms: () => engine.listVmms(),
    setVmmDirectory: ({ body }) => engine.setVmmDirectory(body.directory),
    judgeMachine: ({ params }) => engine.judgeMachine(params.ref),
    planMachine: ({ params }) => engine.planMachine(params.ref),
    planSwitch: ({ params, body }) => engine.planSwitch(params.ref, body),
    switchMachine: ({ params, body }) => engine.switchMachine(params.ref, body),
    listSnapshots: ({ params }) => engine.listSnapshots(params.ref),
    takeSnapshot: ({ params, body }) => engine.takeSnapshot(params.ref, body),
    changeSnapshot: ({ params, body }) => engine.changeSnapshot(params.ref, params.snapshot, body),
    revertSnapshot: ({ params, body }) => engine.revertSnapshot(params.ref, params.snapshot, body),
    deleteSnapshot: ({ params }) => engine.deleteSnapshot(params.ref, params.snapshot),
    encryptMachine: ({ params, body }) => engine.encryptMachine(params.ref, body),
    decryptMachine: ({ params, body }) => engine.decryptMachine(params.ref, body),
    changePassphrase: ({ params, body }) => engine.changePassphrase(params.ref, body),
    startMachine: ({ params, body }) => engine.startMachine(params.ref, body),
    stopMachine: ({ params, body }) => engine.stopMachine(params.ref, body),
    pauseMachine: ({ params }) => engine.pauseMachine(params.ref),
    saveMachine: ({ params }) => engine.saveMachine(params.ref),
    discardSaved: ({ params }) => engine.discardSaved(params.ref),
    resumeMachine: ({ params }) => engine.resumeMachine(params.ref),
    resetMachine: ({ params }) => engine.resetMachine(params.ref),
    pressKeys: async ({ params, body }) => {
      await engine.pressKeys(params.ref, body.keys);
      return {};
    },
    typeText: async ({ params, body }) => ({ typed: await engine.typeText(params.ref, body.text) }),
    machineLogs: ({ params, query }) => engine.machineLogs(params.ref, query),
    machineEvents: ({ params, query }) => engine.machineEvents(params.ref, query),
    machineLoad: ({ params, query }) => engine.machineLoad(params.ref, query),

    listBin: () => engine.listBin(),
    binStatus: () => engine.binStatus(),
    setBinKeep: ({ body }) => engine.setBinKeep(body),
    emptyBin: ({ body }) => engine.emptyBin(body),
    restoreMachine: ({ params }) => engine.restoreMachine(params.ref),
    eraseMachine: ({ params }) => engine.eraseMachine(params.ref),

    listBackups: ({ params, query }) => engine.listBackups(params.ref, query),
    makeBackup: ({ params, body }) => engine.makeBackup(params.ref, body),
    verifyBackups: ({ params, body }) => engine.verifyBackups(params.ref, body),
    deleteBackup: ({ params, query }) => engine.deleteBackup(params.ref, params.backup, query),
    listBackupFolder: ({ query }) => engine.listBackupFolder(query.folder),
    restoreBackup: ({ body }) => engine.restoreBackup(body),

    osDisks: () => engine.osDisks(),
    osInstall: ({ body }) => engine.osInstall(body),
    osInstallUnattended: () => engine.osInstallUnattended(),
    osRecoveryKey: () => engine.osRecoveryKey(),
    osForgetRecoveryKey: () => engine.osForgetRecoveryKey(),

    osSettings: () => engine.osSettings(),
    setOsSettings: ({ body }) => engine.setOsSettings(body),
    osChoices: () => engine.osChoices(),
    planReset: () => engine.planReset(),
    factoryReset: ({ body }) => engine.factoryReset(body),
    network: () => engine.network(),
    listWifi: () => engine.listWifi(),
    scanWifi: () => engine.scanWifi(),
    connectWifi: ({ body }) => engine.connectWifi(body),
    forgetNetwork: ({ params }) => engine.forgetNetwork(params.id),
    setAddresses: ({ params, body }) => engine.setAddresses(params.name, body),
    makeBridge: ({ body }) => engine.makeBridge(body),
    removeBridge: ({ params }) => engine.removeBridge(params.name),
    confirmNetwork: () => engine.confirmNetwork(),
    revertNetwork: () => engine.revertNetwork(),

    favourite: () => engine.favourite(),
    setFavourite: ({ body }) => engine.setFavourite(body),
    showOnScreen: ({ body }) => engine.showOnScreen(body),

    osStatus: () => engine.osStatus(),
    osCheck: ({ body }) => engine.osCheck(body),
    osUpdate: ({ body }) => engine.osUpdate(body),
    osRollback: () => engine.osRollback(),
    osPower: ({ body }) => engine.osPower(body),
    setChannel: ({ body }) => engine.setChannel(body),
    saveGuests: ({ body }) => engine.saveGuests(body),

    listTasks: () => engine.listTasks(),
    showTask: ({ params }) => engine.showTask(params.id),
    abortTask: ({ params }) => engine.abortTask(params.id),
  };
}
