// SPDX-License-Identifier: Apache-2.0
//
// Every address of the API, as a table: the service routes by it, the OpenAPI description is made from it,
// and the command line's client takes its types from it. The two streams that are not JSON requests
// (GET /events and the WebSockets) are at the end.
import { Type, type Static, type TSchema } from 'typebox';
import { HostReport } from './host.ts';
import { MachineDefinition } from './machine.ts';
import { Endpoints, LaunchPlan } from './plan.ts';
import { MachineState } from './state.ts';
import { Task } from './task.ts';

export const apiPrefix = '/api/v1';

export const MachineSummary = Type.Object(
  {
    id: Type.String(),
    name: Type.String({ description: 'For a broken machine whose name cannot be read: its id' }),
    state: MachineState,
    guestOs: Type.Union([Type.String(), Type.Null()]),
    architecture: Type.Union([Type.String(), Type.Null()]),
    vcpus: Type.Union([Type.Integer(), Type.Null()]),
    memory: Type.Union([Type.Integer({ description: 'bytes' }), Type.Null()]),
  },
  { title: 'MachineSummary' },
);
export type MachineSummary = Static<typeof MachineSummary>;

export const RunInfo = Type.Object({
  vmm: Type.String(),
  version: Type.String(),
  accelerator: Type.String(),
  pid: Type.Integer(),
  startedAt: Type.String(),
  endpoints: Endpoints,
});
export type RunInfo = Static<typeof RunInfo>;

export const Machine = Type.Object(
  {
    ...MachineSummary.properties,
    directory: Type.String(),
    definition: Type.Union([MachineDefinition, Type.Null()], { description: 'null when the machine is broken' }),
    run: Type.Union([RunInfo, Type.Null()], { description: 'The VMM that runs it now' }),
  },
  { title: 'Machine' },
);
export type Machine = Static<typeof Machine>;

export const BinEntry = Type.Object(
  {
    id: Type.String({ description: 'id of the machine' }),
    name: Type.String(),
    deletedAt: Type.String(),
    directory: Type.String(),
    bytes: Type.Integer({ description: 'Space it takes on the disk' }),
  },
  { title: 'BinEntry' },
);
export type BinEntry = Static<typeof BinEntry>;

export const CatalogEntry = Type.Object(
  { id: Type.String(), name: Type.String(), description: Type.String() },
  { title: 'CatalogEntry' },
);
export type CatalogEntry = Static<typeof CatalogEntry>;

export const ServiceInfo = Type.Object(
  {
    version: Type.String(),
    pid: Type.Integer(),
    startedAt: Type.String(),
    dataDirectory: Type.String(),
    address: Type.String({ description: 'Where the page is served, e.g. http://127.0.0.1:7411' }),
  },
  { title: 'ServiceInfo' },
);
export type ServiceInfo = Static<typeof ServiceInfo>;

export const DefinitionText = Type.Object(
  {
    yaml: Type.String({ maxLength: 262_144, description: 'machine.yaml as it stands, comments included' }),
    revision: Type.String({ description: 'Changes with the content; give it back when you replace the text' }),
  },
  { title: 'DefinitionText' },
);
export type DefinitionText = Static<typeof DefinitionText>;

const Log = Type.Object({ source: Type.String(), lines: Type.Array(Type.String()) }, { title: 'Log' });
const nothing = Type.Object({});
const ref = Type.Object({ ref: Type.String({ minLength: 1, maxLength: 200, description: "A machine's name or id" }) });
const id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
const name = Type.Object({ name: Type.String({ maxLength: 1000 }) }, { additionalProperties: false });

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  path: string;
  summary: string;
  params: TSchema;
  query: TSchema;
  body: TSchema | null;
  reply: TSchema;
}
const route = <const R extends Route>(definition: R): R => definition;
const get = { method: 'GET', query: nothing, body: null } as const;
const post = { method: 'POST', query: nothing } as const;

/** Operation id -> route. `:ref` is a machine's name or id, percent-encoded. */
export const routes = {
  service: route({ ...get, path: '/service', summary: 'This service', params: nothing, reply: ServiceInfo }),
  stopService: route({ ...post, path: '/service/stop', summary: 'End the service; machines keep running', params: nothing, body: null, reply: nothing }),
  createTicket: route({ ...post, path: '/tickets', summary: 'A link that signs one browser in (unix socket only)', params: nothing, body: null, reply: Type.Object({ url: Type.String() }) }),
  host: route({ ...get, path: '/host', summary: 'What this PC is and can do', params: nothing, reply: HostReport }),
  catalog: route({ ...get, path: '/catalog', summary: 'What can be made into a machine', params: nothing, reply: Type.Array(CatalogEntry) }),

  listMachines: route({ ...get, path: '/machines', summary: 'All machines, broken ones included', params: nothing, reply: Type.Array(MachineSummary) }),
  createMachine: route({
    ...post,
    path: '/machines',
    summary: 'Make a machine from a catalogue entry or from a definition; disks with a size are created',
    params: nothing,
    body: Type.Object(
      {
        name: Type.String({ maxLength: 1000 }),
        from: Type.Optional(Type.String({ maxLength: 64, description: 'Catalogue entry' })),
        definition: Type.Optional(Type.Record(Type.String(), Type.Unknown(), { description: 'A definition without id and name; wins over the entry, key by key' })),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  showMachine: route({ ...get, path: '/machines/:ref', summary: 'One machine', params: ref, reply: Machine }),
  deleteMachine: route({ method: 'DELETE', path: '/machines/:ref', summary: 'Move a stopped machine to the bin', params: ref, query: nothing, body: null, reply: BinEntry }),
  renameMachine: route({ ...post, path: '/machines/:ref/rename', summary: 'Give a machine another name', params: ref, body: name, reply: Machine }),
  readDefinition: route({ ...get, path: '/machines/:ref/definition', summary: 'The definition as its owner wrote it', params: ref, reply: DefinitionText }),
  writeDefinition: route({ method: 'PUT', path: '/machines/:ref/definition', summary: 'Replace the definition; takes effect at the next start', params: ref, query: nothing, body: DefinitionText, reply: Machine }),
  planMachine: route({ ...get, path: '/machines/:ref/plan', summary: 'What a start would do', params: ref, reply: LaunchPlan }),
  startMachine: route({ ...post, path: '/machines/:ref/start', summary: 'Start it; answers when its processors run', params: ref, body: null, reply: Machine }),
  stopMachine: route({
    ...post,
    path: '/machines/:ref/stop',
    summary: 'Press the power button and wait, or cut the power',
    params: ref,
    body: Type.Object(
      {
        force: Type.Boolean({ default: false, description: 'Cut the power at once' }),
        timeoutSeconds: Type.Integer({ minimum: 1, maximum: 3600, default: 60 }),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  pauseMachine: route({ ...post, path: '/machines/:ref/pause', summary: 'Hold its processors', params: ref, body: null, reply: Machine }),
  resumeMachine: route({ ...post, path: '/machines/:ref/resume', summary: 'Let its processors go on', params: ref, body: null, reply: Machine }),
  resetMachine: route({ ...post, path: '/machines/:ref/reset', summary: 'Press the reset button', params: ref, body: null, reply: Machine }),
  machineLogs: route({
    ...get,
    path: '/machines/:ref/logs',
    summary: 'The last lines of a log of the machine',
    params: ref,
    query: Type.Object({
      source: Type.String({ default: 'serial', pattern: '^[a-z0-9-]{1,40}$', description: 'serial, vmm, or the name of a helper (swtpm, passt-0)' }),
      lines: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
    }),
    reply: Log,
  }),

  listBin: route({ ...get, path: '/bin', summary: 'Deleted machines that can be restored', params: nothing, reply: Type.Array(BinEntry) }),
  restoreMachine: route({ ...post, path: '/bin/:ref/restore', summary: 'Bring a deleted machine back', params: ref, body: null, reply: Machine }),

  listTasks: route({ ...get, path: '/tasks', summary: 'Running tasks and the ones that ended lately', params: nothing, reply: Type.Array(Task) }),
  showTask: route({ ...get, path: '/tasks/:id', summary: 'One task', params: id, reply: Task }),
  abortTask: route({ method: 'DELETE', path: '/tasks/:id', summary: 'Abort a task; what it began is undone', params: id, query: nothing, body: null, reply: Task }),
} as const;

export type OperationId = keyof typeof routes;
type Routes = typeof routes;
export type Params<Id extends OperationId> = Static<Routes[Id]['params']>;
export type Query<Id extends OperationId> = Static<Routes[Id]['query']>;
export type Body<Id extends OperationId> = Routes[Id]['body'] extends TSchema ? Static<Routes[Id]['body']> : undefined;
export type Reply<Id extends OperationId> = Static<Routes[Id]['reply']>;

/** Not JSON: a PNG, the event stream, and two WebSockets that carry bytes to and from the guest. */
export const streams = {
  screenshot: { path: '/machines/:ref/screenshot', summary: 'The screen as PNG' },
  events: { path: '/events', summary: 'Server-sent events (PhyllomeEvent); Last-Event-ID continues' },
  serial: { path: '/machines/:ref/serial', summary: 'WebSocket: serial console; ?history=N sends the last N bytes first' },
  display: { path: '/machines/:ref/display', summary: 'WebSocket: RFB (VNC) of the display' },
} as const;
