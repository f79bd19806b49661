// SPDX-License-Identifier: Apache-2.0
import type { Body } from '../../contract/api.ts';
import type { VmmName } from '../../contract/machine.ts';
import type { SwitchPlan } from '../../contract/switch.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';
import { sizeText, typed } from '../terminal/words.ts';

// Kept here: the schema they come from is not loaded by a client.
const vmms: readonly string[] = ['qemu', 'cloud-hypervisor', 'crosvm', 'firecracker'] satisfies VmmName[];

export const switchVmm: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const body = readRequest(input);
  const plan = await client.call('planSwitch', { params: { ref }, body });
  if (input.flag('dry-run')) {
    if (json) output.json(plan);
    else planLines(ref, plan).forEach((line) => output.say(line));
    return;
  }
  for (const { text, hint } of plan.refusals.length === 0 ? plan.losses : [])
    output.note(plain(`${text} ${hint}`));
  const task = await followTask(
    context,
    () => client.call('switchMachine', { params: { ref }, body }),
    `Stopped. ${ref} is as it was before.`,
  );
  if (json) output.json(task);
  else output.say(`${plain(ref)} ${body.start ? 'is running' : 'is set up'} with ${where(plan)}.`);
  if (body.back !== true) output.note(`Go back with: phyllome switch ${typed(ref)} --back`);
};

function readRequest(input: Input): Body<'switchMachine'> {
  const given = input.argument('VMM');
  const vmm = given === '' ? undefined : given;
  const back = input.flag('back');
  if (back === (vmm !== undefined))
    throw usageError(`Name a VMM (${vmms.join(', ')}), or give --back.`, 'switch');
  if (vmm !== undefined && !vmms.includes(vmm))
    throw usageError(`"${vmm}" is no VMM: there are ${vmms.join(', ')}.`, 'switch');
  if (back && input.flag('guest-kernel'))
    throw usageError('--guest-kernel does not go with --back.', 'switch');
  return {
    ...(vmm !== undefined && { vmm: vmm as VmmName }),
    ...(back && { back }),
    ...(input.flag('guest-kernel') && { guestKernel: true }),
    start: !input.flag('no-start'),
  };
}

/** The plan for people. */
function planLines(ref: string, plan: SwitchPlan): string[] {
  const { from, changes, disks, refusals, losses, notes } = plan;
  const opening =
    refusals.length > 0
      ? `${plain(ref)} cannot move from ${from} to ${where(plan)}.`
      : `${plain(ref)} would move from ${from} to ${where(plan)}. Nothing was changed.`;
  return [
    opening,
    ...section('What keeps it', reasons(refusals)),
    ...section('It would do without', reasons(losses)),
    ...section(
      'Changes of its definition',
      changes.map(({ key, before, after }) => `${key}: ${before || '(nothing)'} -> ${after}`),
    ),
    ...section(
      'Disks to be copied',
      disks.map(({ file, copy, bytes }) => `${file} -> ${copy}, about ${sizeText(bytes)}`),
    ),
    ...section('Also', notes),
  ];
}

const where = ({ to }: SwitchPlan): string => (to === 'auto' ? 'the VMM that is chosen at each start' : to);

const section = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', title, ...lines.map((line) => `  ${plain(line)}`)];
const reasons = (list: SwitchPlan['losses']): string[] => list.map(({ text, hint }) => `${text} ${hint}`);
