// SPDX-License-Identifier: Apache-2.0
import type { LoadReport } from '../../contract/load.ts';
import type { Context, Run } from '../context.ts';
import { loadReports } from '../service/load.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { cpuText, rateText, sizeText } from '../terminal/words.ts';

// Cursor to the top left, and everything from there on away.
const clear = '\u001b[H\u001b[J';
// Rates need two looks; a machine that just started gives its first ones in the second or third report.
const mostReports = 3;

export const top: Run = async (context, input) => {
  const { client, output, paths, json } = context;
  const once = input.flag('once') || !(json || output.terminal);
  const names = new Map<string, string>();
  let reports = 0;
  for await (const report of loadReports(client, paths)) {
    reports += 1;
    const known = report.machines.every(({ cpu }) => cpu !== null);
    if (once && !known && reports < mostReports) continue;
    await learnNames(context, report, names);
    if (json) output.json(withNames(report, names), true);
    else {
      if (!once) output.raw('stdout', clear);
      topLines(report, names).forEach(output.say);
    }
    if (once) return;
  }
};

/** Asks for the names of machines when there is one that has none yet. */
async function learnNames({ client }: Context, { machines }: LoadReport, names: Map<string, string>) {
  if (machines.every(({ machineId }) => names.has(machineId))) return;
  for (const { id, name } of await client.call('listMachines')) names.set(id, name);
}

function withNames({ time, machines }: LoadReport, names: ReadonlyMap<string, string>) {
  return {
    time,
    machines: machines.map((one) => ({ machineName: names.get(one.machineId) ?? one.machineId, ...one })),
  };
}

/** One line for each machine, the busiest first. */
export function topLines({ machines }: LoadReport, names: ReadonlyMap<string, string>): string[] {
  if (machines.length === 0) return ['No machine runs.'];
  const rows = machines
    .toSorted((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0))
    .map((one) => [
      plain(names.get(one.machineId) ?? one.machineId),
      cpuText(one.cpu),
      one.memory === null ? '-' : sizeText(one.memory),
      ...[one.diskRead, one.diskWrite, one.networkReceive, one.networkSend].map(rateText),
    ]);
  const titles = ['CPU', 'MEMORY', 'READ', 'WRITTEN', 'RECEIVED', 'SENT'];
  return textTable([{ title: 'NAME' }, ...titles.map((title) => ({ title, align: 'right' as const }))], rows);
}
