// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import type { Run } from '../context.ts';
import { plain, type Output } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText } from '../terminal/words.ts';

export const host: Run = async ({ client, output, json }) => {
  const report = await client.call('host');
  if (json) output.json(report);
  else hostLines(report, output).forEach(output.say);
};

export function hostLines(report: HostReport, output: Pick<Output, 'style'>): string[] {
  const { accelerators, tools, notes } = report;
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ['', output.style('bold', title), ...lines.map((line) => `  ${line}`)];
  return [
    ...section('This PC', table(pcRows(report))).slice(1),
    ...section(
      'How guests run',
      accelerators.map(({ architecture, accelerator, explanation }) =>
        plain(`${architecture}: ${accelerator}. ${explanation}`),
      ),
    ),
    ...section(
      'Tools',
      table(
        tools.map(({ name, version, path, install }) => [
          name,
          version ?? '-',
          path ?? `not installed; ${install ?? ''}`,
        ]),
      ),
    ),
    ...section('Notes', notes.map(plain)),
  ];
}

function pcRows({ cpu, memory, os, kernel }: HostReport): string[][] {
  return [
    [
      'Processor',
      `${known(cpu.model)} (${known(cpu.architecture)}), ${known(cpu.cores)} cores, ${known(cpu.threads)} threads`,
    ],
    ['Memory', `${size(memory.totalBytes)}, ${size(memory.availableBytes)} of it available`],
    ['System', `${known(os.name)}, kernel ${known(kernel)}`],
  ];
}

const known = (value: string | number | null): string => String(value ?? 'unknown');
const size = (bytes: number | null): string => (bytes === null ? 'unknown' : sizeText(bytes));

function table(rows: string[][]): string[] {
  const columns = (rows[0] ?? []).map(() => ({ title: '' }));
  return textTable(
    columns,
    rows.map((row) => row.map(plain)),
  ).slice(1);
}
