// SPDX-License-Identifier: Apache-2.0
//
// Method and path of every operation. Apart from contract/api.ts, which adds the schemas, because loading
// those takes longer (90 ms) than a whole "phyllome list" and a client of ours does not need them.

export const apiPrefix = '/api/v1';

/** Operation id -> address. `:ref` is a machine's name or id, percent-encoded. */
export const operations = {
  service: ['GET', '/service'],
  stopService: ['POST', '/service/stop'],
  createTicket: ['POST', '/tickets'],
  host: ['GET', '/host'],
  doctor: ['GET', '/doctor'],
  shareableReport: ['GET', '/doctor/shareable'],
  budget: ['GET', '/budget'],
  setReserve: ['PUT', '/budget/reserve'],
  listFixes: ['GET', '/fixes'],
  showFix: ['GET', '/fixes/:id'],
  listJournal: ['GET', '/journal'],
  showUndo: ['GET', '/journal/:id/undo'],
  catalog: ['GET', '/catalog'],
  listFiles: ['GET', '/files'],
  listImages: ['GET', '/images'],
  downloadImage: ['POST', '/images/download'],
  deleteImage: ['DELETE', '/images/:name'],
  listMachines: ['GET', '/machines'],
  createMachine: ['POST', '/machines'],
  createMicro: ['POST', '/micro'],
  showMachine: ['GET', '/machines/:ref'],
  deleteMachine: ['DELETE', '/machines/:ref'],
  renameMachine: ['POST', '/machines/:ref/rename'],
  readDefinition: ['GET', '/machines/:ref/definition'],
  writeDefinition: ['PUT', '/machines/:ref/definition'],
  changeDefinition: ['PATCH', '/machines/:ref/definition'],
  insertMedium: ['PUT', '/machines/:ref/drives/:drive/medium'],
  ejectMedium: ['DELETE', '/machines/:ref/drives/:drive/medium'],
  listVmms: ['GET', '/vmms'],
  setVmmDirectory: ['PUT', '/vmms/directory'],
  judgeMachine: ['GET', '/machines/:ref/vmms'],
  planMachine: ['GET', '/machines/:ref/plan'],
  planSwitch: ['POST', '/machines/:ref/switch/plan'],
  switchMachine: ['POST', '/machines/:ref/switch'],
  startMachine: ['POST', '/machines/:ref/start'],
  stopMachine: ['POST', '/machines/:ref/stop'],
  pauseMachine: ['POST', '/machines/:ref/pause'],
  resumeMachine: ['POST', '/machines/:ref/resume'],
  saveMachine: ['POST', '/machines/:ref/save'],
  discardSaved: ['DELETE', '/machines/:ref/saved'],
  resetMachine: ['POST', '/machines/:ref/reset'],
  pressKeys: ['POST', '/machines/:ref/keys'],
  typeText: ['POST', '/machines/:ref/text'],
  machineLogs: ['GET', '/machines/:ref/logs'],
  machineEvents: ['GET', '/machines/:ref/events'],
  machineLoad: ['GET', '/machines/:ref/load'],
  listBin: ['GET', '/bin'],
  restoreMachine: ['POST', '/bin/:ref/restore'],
  eraseMachine: ['DELETE', '/bin/:ref'],
  listTasks: ['GET', '/tasks'],
  showTask: ['GET', '/tasks/:id'],
  abortTask: ['DELETE', '/tasks/:id'],
} as const satisfies Record<
  string,
  readonly [method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE', path: string]
>;

export type OperationId = keyof typeof operations;

/** Not JSON in one piece: a PNG, an upload, two streams of events, two WebSockets to and from the guest. */
export const streamPaths = {
  screenshot: '/machines/:ref/screenshot',
  upload: '/images/:name',
  events: '/events',
  load: '/load',
  serial: '/machines/:ref/serial',
  display: '/machines/:ref/display',
} as const;
