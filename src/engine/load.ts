// SPDX-License-Identifier: Apache-2.0
//
// What machines do and did, as the engine offers it: the sampler and the history, joined to what runs.
import type { LoadHistory, LoadReport } from '../contract/load.ts';
import type { EventStream } from './event-stream.ts';
import { createHistoryFile, type MachineEvent } from './history-file.ts';
import { createHistory } from './history.ts';
import { createLoadMeter, type LoadMeter } from './load-meter.ts';
import { createLoadSampler } from './load-sampler.ts';
import { createUsageReader } from './machine-processes.ts';
import type { Runner } from './runner.ts';
import type { Running } from './running.ts';

export interface Load {
  watch(listener: (report: LoadReport) => void): () => void;
  history(machineId: string, seconds: number, points: number): LoadHistory;
  events(machineId: string, limit: number, before?: number): MachineEvent[];
  /** To be called when the machines that ran already have been taken over. */
  begin(): void;
  close(): void;
}

export interface LoadParts {
  running: Pick<Running, 'ids' | 'get'>;
  events: EventStream;
  /** Where the history is kept */
  file: string;
  /** Hears what is wrong with the history */
  warn(text: string): void;
}

export function createLoad({ running, events, file, warn }: LoadParts): Load {
  const history = createHistory(createHistoryFile(file, warn));
  const meters = new Map<string, { runner: Runner; meter: LoadMeter }>();

  /** The meters of the machines that have a VMM now; those of others are forgotten. */
  const metered = () => {
    const ids = running.ids();
    for (const [id, { runner }] of meters) if (running.get(id) !== runner) meters.delete(id);
    return ids.flatMap((id) => {
      const runner = running.get(id);
      if (runner?.info == null) return [];
      let known = meters.get(id);
      if (known === undefined) meters.set(id, (known = { runner, meter: meterOf(runner) }));
      return [{ id, meter: known.meter }];
    });
  };

  const sampler = createLoadSampler({ machines: metered, record: history.addSample });
  const unsubscribe = events.subscribe((event) => {
    history.addEvent(event);
    if (event.type === 'machine.reset' || event.type === 'machine.ready')
      meters.get(event.machineId)?.meter.guestRestarted();
    // The runner emits this before the machine is off the list of those that run.
    if (event.type === 'machine.state') setImmediate(sampler.machinesChanged);
  });

  return {
    watch: sampler.watch,
    history: (machineId, seconds, points) => ({
      ...history.load(machineId, seconds, points),
      notes: meters.get(machineId)?.meter.notes() ?? [],
    }),
    events: history.events,
    begin: sampler.machinesChanged,
    close() {
      unsubscribe();
      sampler.close();
      history.close();
    },
  };
}

function meterOf(runner: Runner): LoadMeter {
  const { info, plan } = runner;
  let read: ReturnType<typeof createUsageReader> | null = null;
  return createLoadMeter({
    usage: () => (info === null || plan === null ? null : (read ??= createUsageReader(info.pid, plan))()),
    counters: () => runner.session().counters,
  });
}
