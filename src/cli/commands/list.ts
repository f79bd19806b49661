// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import type { Run } from '../context.ts';
import { plain, type Output } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, stateReason, stateStyles } from '../terminal/words.ts';
import { binLines } from './bin-text.ts';

export const list: Run = async ({ client, output, json }, input) => {
  if (input.flag('bin')) {
    const entries = await client.call('listBin');
    if (json) output.json(entries);
    else binLines(entries).forEach(output.say);
    return;
  }
  const machines = await client.call('listMachines');
  if (json) output.json(machines);
  else machineLines(machines, output).forEach(output.say);
};

function machineLines(machines: readonly MachineSummary[], output: Pick<Output, 'style'>): string[] {
  if (machines.length === 0) {
    return [
      'There are no machines yet. "phyllome run tiny" makes and starts one; "phyllome catalog" shows what there is.',
    ];
  }
  const rows = machines.map(({ name, state, vcpus, memory, guestOs, template }) => [
    plain(name),
    { text: state.name, shown: output.style(stateStyles[state.name], state.name) },
    vcpus === null ? '-' : String(vcpus),
    memory === null ? '-' : sizeText(memory),
    plain(guestOs ?? '-'),
    template === true ? 'template' : plain(stateReason(state)),
  ]);
  const titles = [
    { title: 'NAME' },
    { title: 'STATE' },
    { title: 'VCPUS', align: 'right' },
    { title: 'MEMORY', align: 'right' },
    { title: 'SYSTEM' },
    { title: '' },
  ] as const;
  return textTable(titles, rows);
}
