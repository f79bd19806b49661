// SPDX-License-Identifier: Apache-2.0
import type {
  Body,
  BinEntry,
  CatalogEntry,
  DefinitionText,
  Machine,
  MachineSummary,
  Query,
  Reply,
} from '../contract/api.ts';
import type { HostReport } from '../contract/host.ts';
import type { LaunchPlan } from '../contract/plan.ts';
import type { Task } from '../contract/task.ts';
import type { EventStream } from './event-stream.ts';
import type { SerialConsole } from './serial-console.ts';

/**
 * Everything the service can do, one function an operation of contract/api.ts and named like it.
 * `ref` is a machine's name or id. Functions throw PhyllomeError and nothing else.
 */
export interface Engine {
  readonly events: EventStream;

  host(): Promise<HostReport>;
  catalog(): CatalogEntry[];

  listMachines(): MachineSummary[];
  createMachine(request: Body<'createMachine'>): Task;
  showMachine(ref: string): Machine;
  deleteMachine(ref: string): Promise<BinEntry>;
  renameMachine(ref: string, name: string): Promise<Machine>;
  readDefinition(ref: string): Promise<DefinitionText>;
  writeDefinition(ref: string, text: DefinitionText): Promise<Machine>;

  planMachine(ref: string): Promise<LaunchPlan>;
  startMachine(ref: string): Promise<Machine>;
  stopMachine(ref: string, options: Body<'stopMachine'>): Task;
  pauseMachine(ref: string): Promise<Machine>;
  resumeMachine(ref: string): Promise<Machine>;
  resetMachine(ref: string): Promise<Machine>;

  /** The screen as PNG bytes */
  screenshot(ref: string): Promise<Uint8Array>;
  /** The serial port of a machine; any number of listeners share one */
  serial(ref: string): SerialConsole;
  /** Path of the unix socket that speaks RFB; every connection is a viewer of its own */
  displaySocket(ref: string): string;
  machineLogs(ref: string, query: Query<'machineLogs'>): Promise<Reply<'machineLogs'>>;

  listBin(): Promise<BinEntry[]>;
  restoreMachine(ref: string): Promise<Machine>;

  listTasks(): Task[];
  showTask(id: string): Task;
  abortTask(id: string): Promise<Task>;

  /** Lets go of everything. Machines keep running. */
  close(): Promise<void>;
}
