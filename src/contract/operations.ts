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
  catalog: ['GET', '/catalog'],
  listMachines: ['GET', '/machines'],
  createMachine: ['POST', '/machines'],
  showMachine: ['GET', '/machines/:ref'],
  deleteMachine: ['DELETE', '/machines/:ref'],
  renameMachine: ['POST', '/machines/:ref/rename'],
  readDefinition: ['GET', '/machines/:ref/definition'],
  writeDefinition: ['PUT', '/machines/:ref/definition'],
  planMachine: ['GET', '/machines/:ref/plan'],
  startMachine: ['POST', '/machines/:ref/start'],
  stopMachine: ['POST', '/machines/:ref/stop'],
  pauseMachine: ['POST', '/machines/:ref/pause'],
  resumeMachine: ['POST', '/machines/:ref/resume'],
  resetMachine: ['POST', '/machines/:ref/reset'],
  machineLogs: ['GET', '/machines/:ref/logs'],
  listBin: ['GET', '/bin'],
  restoreMachine: ['POST', '/bin/:ref/restore'],
  listTasks: ['GET', '/tasks'],
  showTask: ['GET', '/tasks/:id'],
  abortTask: ['DELETE', '/tasks/:id'],
} as const satisfies Record<string, readonly [method: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string]>;

export type OperationId = keyof typeof operations;

/** Not JSON: a PNG, the event stream, and two WebSockets that carry bytes to and from the guest. */
export const streamPaths = {
  screenshot: '/machines/:ref/screenshot',
  events: '/events',
  serial: '/machines/:ref/serial',
  display: '/machines/:ref/display',
} as const;
