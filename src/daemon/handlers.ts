// SPDX-License-Identifier: Apache-2.0
import type { Body, OperationId, Params, Query, Reply, ServiceInfo } from '../contract/api.ts';
import type { Engine } from '../engine/engine.ts';

export interface OperationRequest<Id extends OperationId> {
  params: Params<Id>;
  query: Query<Id>;
  body: Body<Id>;
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
    host: () => engine.host(),
    doctor: () => engine.doctor(),
    shareableReport: () => engine.shareableReport(),
    budget: () => engine.budget(),
    setReserve: ({ body }) => engine.setReserve(body),
    listFixes: () => engine.listFixes(),
    showFix: ({ params }) => engine.showFix(params.id),
    listJournal: () => engine.listJournal(),
    showUndo: ({ params }) => engine.showUndo(params.id),
    catalog: () => engine.catalog(),

    listFiles: ({ query }) => engine.listFiles(query),
    listImages: () => engine.listImages(),
    downloadImage: ({ body }) => engine.downloadImage(body),
    deleteImage: async ({ params }) => {
      await engine.deleteImage(params.name);
      return {};
    },

    listMachines: () => engine.listMachines(),
    createMachine: ({ body }) => engine.createMachine(body),
    createMicro: ({ body }) => engine.createMicro(body),
    showMachine: ({ params }) => engine.showMachine(params.ref),
    deleteMachine: ({ params }) => engine.deleteMachine(params.ref),
    renameMachine: ({ params, body }) => engine.renameMachine(params.ref, body.name),
    readDefinition: ({ params }) => engine.readDefinition(params.ref),
    writeDefinition: ({ params, body }) => engine.writeDefinition(params.ref, body),

    changeDefinition: ({ params, body }) => engine.changeDefinition(params.ref, body),
    insertMedium: ({ params, body }) => engine.insertMedium(params.ref, Number(params.drive), body.file),
    ejectMedium: ({ params }) => engine.ejectMedium(params.ref, Number(params.drive)),

    listVmms: () => engine.listVmms(),
    setVmmDirectory: ({ body }) => engine.setVmmDirectory(body.directory),
    judgeMachine: ({ params }) => engine.judgeMachine(params.ref),
    planMachine: ({ params }) => engine.planMachine(params.ref),
    planSwitch: ({ params, body }) => engine.planSwitch(params.ref, body),
    switchMachine: ({ params, body }) => engine.switchMachine(params.ref, body),
    startMachine: ({ params }) => engine.startMachine(params.ref),
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
    restoreMachine: ({ params }) => engine.restoreMachine(params.ref),
    eraseMachine: ({ params }) => engine.eraseMachine(params.ref),

    listTasks: () => engine.listTasks(),
    showTask: ({ params }) => engine.showTask(params.id),
    abortTask: ({ params }) => engine.abortTask(params.id),
  };
}
