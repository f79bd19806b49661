// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import type { Run } from '../context.ts';
import { plain, type Output } from '../output.ts';
import { textTable } from '../text-table.ts';
import { sizeText } from '../words.ts';

export const host: Run = async ({ client, output, json }) => {
  const report = await client.call('host');
  if (json) output.json(report);
  else hostLines(report, output).forEach(output.say);
};

export function hostLines(report: HostReport, output: Pick<Output, 'style'>): string[] {
  const { cpu, memory, os, kernel, accelerators, tools, notes } = report;
  const known = (value: string | number | null) => (value === null ? 'unknown' : plain(String(value)));
  const size = (bytes: number | null) => (bytes === null ? 'unknown' : sizeText(bytes));
  const section = (title: string, lines: string[]) =>
    lines.length === 0 ? [] : ['', output.style('bold', title), ...lines.map((line) => `  ${line}`)];
  const table = (rows: string[][]) => textTable([{ title: '' }, { title: '' }, { title: '' }], rows).slice(1);

  return [
    output.style('bold', 'This PC'),
    ...table([
      ['Processor', `${known(cpu.model)} (${known(cpu.architecture)}), ${known(cpu.cores)} cores, ${known(cpu.threads)} threads`],
      ['Memory', `${size(memory.totalBytes)}, ${size(memory.availableBytes)} of it available`],
      ['System', `${known(os.name)}, kernel ${known(kernel)}`],
    ]).map((line) => `  ${line}`),
    ...section(
      'How guests run',
      accelerators.map(({ architecture, accelerator, explanation }) => `${architecture}: ${accelerator}. ${plain(explanation)}`),
    ),
    ...section(
      'Tools',
      table(tools.map(({ name, version, path, install }) => [plain(name), plain(version ?? '-'), plain(path ?? `not installed; ${install ?? ''}`)])),
    ),
    ...section('Notes', notes.map(plain)),
  ];
}
