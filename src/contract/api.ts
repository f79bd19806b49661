// SPDX-License-Identifier: Apache-2.0
//
// What goes into and comes out of every operation, as a table: the service routes by it, the OpenAPI
// description is made from it, and the command line's client takes its types from it. The streams, which are
// not JSON requests, are at the end.
import { Type, type Static, type TSchema } from './schema.ts';
import { HostReport } from './host.ts';
import { MachineDefinition } from './machine.ts';
import { Endpoints, LaunchPlan } from './plan.ts';
import { operations, streamPaths, type OperationId } from './operations.ts';
import { MachineState } from './state.ts';
import { Task } from './task.ts';

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
    definition: Type.Union([MachineDefinition, Type.Null()], {
      description: 'null when the machine is broken',
    }),
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
    revision: Type.String({
      description: 'Changes with the content; give it back when you replace the text',
    }),
  },
  { title: 'DefinitionText' },
);
export type DefinitionText = Static<typeof DefinitionText>;

const Log = Type.Object({ source: Type.String(), lines: Type.Array(Type.String()) }, { title: 'Log' });
const nothing = Type.Object({});
const ref = Type.Object({
  ref: Type.String({ minLength: 1, maxLength: 200, description: "A machine's name or id" }),
});
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
type Shapes = Pick<Route, 'summary' | 'reply'> & Partial<Pick<Route, 'params' | 'query' | 'body'>>;
type Operations = typeof operations;

/** Joins an operation's address with its shapes; what is left out is empty. */
function route<const Id extends OperationId, const S extends Shapes>(id: Id, shapes: S) {
  const [method, path] = operations[id];
  const defaults = { method, path, params: nothing, query: nothing, body: null };
  return { ...defaults, ...shapes } as Omit<typeof defaults, keyof S> &
    S & { method: Operations[Id][0]; path: Operations[Id][1] };
}

/** Operation id -> route. */
export const routes = {
  service: route('service', { summary: 'This service', reply: ServiceInfo }),
  stopService: route('stopService', { summary: 'End the service; machines keep running', reply: nothing }),
  createTicket: route('createTicket', {
    summary: 'A link that signs one browser in (unix socket only)',
    reply: Type.Object({ url: Type.String() }),
  }),
  host: route('host', { summary: 'What this PC is and can do', reply: HostReport }),
  catalog: route('catalog', { summary: 'What can be made into a machine', reply: Type.Array(CatalogEntry) }),

  listMachines: route('listMachines', {
    summary: 'All machines, broken ones included',
    reply: Type.Array(MachineSummary),
  }),
  createMachine: route('createMachine', {
    summary: 'Make a machine from a catalogue entry or from a definition; disks with a size are created',
    body: Type.Object(
      {
        name: Type.String({ maxLength: 1000 }),
        from: Type.Optional(Type.String({ maxLength: 64, description: 'Catalogue entry' })),
        definition: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description: 'A definition without id and name; wins over the entry, key by key',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  showMachine: route('showMachine', { summary: 'One machine', params: ref, reply: Machine }),
  deleteMachine: route('deleteMachine', {
    summary: 'Move a stopped machine to the bin',
    params: ref,
    reply: BinEntry,
  }),
  renameMachine: route('renameMachine', {
    summary: 'Give a machine another name',
    params: ref,
    body: name,
    reply: Machine,
  }),
  readDefinition: route('readDefinition', {
    summary: 'The definition as its owner wrote it',
    params: ref,
    reply: DefinitionText,
  }),
  writeDefinition: route('writeDefinition', {
    summary: 'Replace the definition; takes effect at the next start',
    params: ref,
    body: DefinitionText,
    reply: Machine,
  }),
  planMachine: route('planMachine', { summary: 'What a start would do', params: ref, reply: LaunchPlan }),
  startMachine: route('startMachine', {
    summary: 'Start it; answers when its processors run',
    params: ref,
    reply: Machine,
  }),
  stopMachine: route('stopMachine', {
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
  pauseMachine: route('pauseMachine', { summary: 'Hold its processors', params: ref, reply: Machine }),
  resumeMachine: route('resumeMachine', { summary: 'Let its processors go on', params: ref, reply: Machine }),
  resetMachine: route('resetMachine', { summary: 'Press the reset button', params: ref, reply: Machine }),
  machineLogs: route('machineLogs', {
    summary: 'The last lines of a log of the machine',
    params: ref,
    query: Type.Object({
      source: Type.String({
        default: 'serial',
        pattern: '^[a-z0-9-]{1,40}$',
        description: 'serial, vmm, or the name of a helper (swtpm, passt-0)',
      }),
      lines: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
    }),
    reply: Log,
  }),

  listBin: route('listBin', {
    summary: 'Deleted machines that can be restored',
    reply: Type.Array(BinEntry),
  }),
  restoreMachine: route('restoreMachine', {
    summary: 'Bring a deleted machine back',
    params: ref,
    reply: Machine,
  }),

  listTasks: route('listTasks', {
    summary: 'Running tasks and the ones that ended lately',
    reply: Type.Array(Task),
  }),
  showTask: route('showTask', { summary: 'One task', params: id, reply: Task }),
  abortTask: route('abortTask', {
    summary: 'Abort a task; what it began is undone',
    params: id,
    reply: Task,
  }),
} as const;

export type { OperationId };
type Routes = typeof routes;
export type Params<Id extends OperationId> = Static<Routes[Id]['params']>;
export type Query<Id extends OperationId> = Static<Routes[Id]['query']>;
export type Body<Id extends OperationId> = Routes[Id]['body'] extends TSchema
  ? Static<Routes[Id]['body']>
  : undefined;
export type Reply<Id extends OperationId> = Static<Routes[Id]['reply']>;

/** Not JSON: a PNG, the event stream, and two WebSockets that carry bytes to and from the guest. */
export const streams = {
  screenshot: { path: streamPaths.screenshot, summary: 'The screen as PNG' },
  events: {
    path: streamPaths.events,
    summary: 'Server-sent events (PhyllomeEvent); Last-Event-ID continues',
  },
  serial: {
    path: streamPaths.serial,
    summary: 'WebSocket: serial console; ?history=N sends the last N bytes first',
  },
  display: { path: streamPaths.display, summary: 'WebSocket: RFB (VNC) of the display' },
} as const;
