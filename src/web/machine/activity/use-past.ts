// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useLoadReport } from '../../service/load.ts';
import { addLook, joinLooks, missedSome, since, type Columns, type Look } from './series.ts';

// More than the widest plot has pixels to show.
const points = 400;
// What the page heard itself is kept for 20 minutes; for longer plots the service is asked again before that is full (s).
const kept = 20 * 60;

export interface Past {
  columns: Columns;
  /** What is in sight, in seconds since 1970 */
  from: number;
  to: number;
  notes: readonly string[];
  error: unknown;
  loading: boolean;
}

/** What a machine did in the last seconds: its history from the service, going on with what is heard live. */
export function usePast(machineId: string, seconds: number): Past {
  const { data, dataUpdatedAt, error, isPending, refetch } = useQuery({
    queryKey: keys.load(machineId, seconds),
    queryFn: ({ signal }) =>
      call('machineLoad', { params: { ref: machineId }, query: { seconds, points }, signal }),
    // It is old as soon as nobody goes on listening.
    staleTime: 0,
    gcTime: 0,
  });
  const report = useLoadReport();
  const [looks, setLooks] = useState<readonly Look[]>([]);

  useEffect(() => {
    if (report === null) return;
    const sample = report.machines.find((machine) => machine.machineId === machineId) ?? null;
    setLooks((before) => addLook(before, { time: Date.parse(report.time) / 1000, sample }, kept));
  }, [report, machineId]);

  const missed = missedSome(looks);
  const old =
    report !== null && Date.parse(report.time) - dataUpdatedAt > (kept - 60) * 1000 && seconds > kept;
  useEffect(() => {
    if (missed || old) void refetch();
  }, [missed, old, refetch]);

  return useMemo(() => {
    const history = data ?? null;
    const end = history === null ? undefined : history.time.at(-1);
    const to = looks.at(-1)?.time ?? (end === undefined ? Date.now() / 1000 : end + (history?.step ?? 0));
    const from = to - seconds;
    const joined = joinLooks(history ?? nothing, looks);
    return { columns: since(joined, from), from, to, notes: history?.notes ?? [], error, loading: isPending };
  }, [data, looks, seconds, error, isPending]);
}

const nothing = {
  step: 10,
  time: [],
  cpu: [],
  memory: [],
  diskRead: [],
  diskWrite: [],
  networkReceive: [],
  networkSend: [],
  notes: [],
};
