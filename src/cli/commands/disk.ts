// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { growSteps } from '../../contract/guest-steps.ts';
import type { DiskLimits } from '../../contract/machine.ts';
import type { Run } from '../context.ts';
import { Ended, Interrupted, usageError } from '../failure.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText, typed } from '../terminal/words.ts';
import { choice, finishDiskTask, sizeOf } from './disk-input.ts';
import { deviceLines, disksLines, limitsText } from './disk-text.ts';

export const listDisks: Run = async ({ client, output, json }, input) => {
  const disks = await client.call('machineDisks', { params: { ref: input.argument('NAME') } });
  if (json) output.json(disks);
  else disksLines(disks).forEach(output.say);
};

export const listDevices: Run = async ({ client, output, json }) => {
  const found = await client.call('listBlockDevices');
  if (json) output.json(found);
  else deviceLines(found).forEach(output.say);
};

export const removeDisk: Run = async ({ client, output, json }, input) => {
  const [ref, disk] = [input.argument('NAME'), input.argument('DISK')];
  const erase = input.flag('erase');
  if (erase && !input.flag('yes')) {
    if (!output.interactive || json)
      throw usageError(
        'What is erased cannot be brought back. Without a terminal, --yes says that you mean it.',
        'disk remove',
      );
    if (!(await askYesNo(`Erase the disk ${plain(disk)} of ${plain(ref)} for good?`)))
      throw new Interrupted('Nothing was changed.');
  }
  const removed = await client.call('removeDisk', { params: { ref, disk }, body: { erase } });
  if (json) return output.json(removed);
  const { file, erased, freed, kept } = removed;
  output.say(
    erased
      ? `${plain(file)} is erased; ${sizeText(freed)} are free again.`
      : `${plain(file)} is no disk of ${plain(ref)} any more. Its file stays: ${plain(kept)}`,
  );
};

export const growDisk: Run = async (context, input) => {
  const [ref, disk, amount] = [input.argument('NAME'), input.argument('DISK'), input.argument('SIZE')];
  const more = amount.startsWith('+');
  const bytes = sizeOf(more ? amount.slice(1) : amount, 'SIZE', 'disk grow');
  const body = more ? { by: bytes } : { size: bytes };
  const task = await finishDiskTask(
    context,
    () => context.client.call('growDisk', { params: { ref, disk }, body }),
    `Stopped; "phyllome disk ${typed(ref)}" shows the size it has.`,
  );
  if (context.json) return;
  const { bus, guestOs, running } = task.outcome?.facts ?? {};
  context.output.say(running === true ? 'In the guest, now:' : 'In the guest, after its next start:');
  for (const step of growSteps({ bus: String(bus), guestOs: String(guestOs), running: running === true }))
    context.output.say(`  ${step}`);
};

export const checkDisk: Run = async (context, input) => {
  const [ref, disk] = [input.argument('NAME'), input.argument('DISK')];
  const repair = input.flag('repair');
  const task = await finishDiskTask(
    context,
    () => context.client.call('checkDisk', { params: { ref, disk }, body: { repair } }),
    'Stopped. Nothing was changed.',
  );
  if (task.outcome?.facts['sound'] !== false) return;
  if (!repair)
    context.output.note(`Repair it with: phyllome disk check ${typed(ref)} ${typed(disk)} --repair`);
  throw new Ended(4);
};

export const trimDisks: Run = async (context, input) => {
  const [ref, disk] = [input.argument('NAME'), input.argument('DISK')];
  const task = await finishDiskTask(
    context,
    () => context.client.call('trimDisks', { params: { ref }, body: disk === '' ? {} : { disk } }),
    'Stopped. The disks are as they were.',
  );
  if (!context.json) context.output.say(`${sizeText(Number(task.outcome?.facts['freed'] ?? 0))} came back.`);
};

export const convertDisk: Run = async (context, input) => {
  const [ref, disk] = [input.argument('NAME'), input.argument('DISK')];
  const { format } = choice(input, 'format', ['qcow2', 'raw'], 'disk convert');
  if (format === undefined)
    throw usageError('Say what it is to become: --format qcow2 or --format raw.', 'disk convert');
  await finishDiskTask(
    context,
    () => context.client.call('convertDisk', { params: { ref, disk }, body: { format } }),
    'Stopped. The disk is as it was.',
  );
};

export const exportDisk: Run = async (context, input) => {
  const [ref, disk, file] = [input.argument('NAME'), input.argument('DISK'), input.argument('FILE')];
  const formats = ['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx'] as const;
  const ending = formats.find((known) => file.endsWith(`.${known}`));
  const { format = ending } = choice(input, 'format', formats, 'disk export');
  if (format === undefined)
    throw usageError(`Say in which format: --format ${formats.join(', ')}.`, 'disk export');
  const body = { file: resolve(file), format };
  await finishDiskTask(
    context,
    () => context.client.call('exportDisk', { params: { ref, disk }, body }),
    'Stopped. Nothing of the export is left.',
  );
};

export const limitDisk: Run = async ({ client, output, json }, input) => {
  const [ref, disk] = [input.argument('NAME'), input.argument('DISK')];
  const rate = (option: string): number | undefined => {
    const text = input.text(option);
    return text === undefined ? undefined : sizeOf(text, `--${option}`, 'disk limits');
  };
  const body: DiskLimits = {
    ...limit('readBytesPerSecond', rate('read-rate')),
    ...limit('writeBytesPerSecond', rate('write-rate')),
    ...limit('readOpsPerSecond', input.number('read-ops')),
    ...limit('writeOpsPerSecond', input.number('write-ops')),
  };
  const none = Object.keys(body).length === 0;
  if (none !== input.flag('none'))
    throw usageError(
      'Give at least one of --read-rate, --write-rate, --read-ops and --write-ops, or --none to take them away.',
      'disk limits',
    );
  const machine = await client.call('limitDisk', { params: { ref, disk }, body });
  if (json) output.json(machine);
  else
    output.say(
      none ? `${plain(disk)} has no limits any more.` : `${plain(disk)} has limits now: ${limitsText(body)}.`,
    );
};

function limit(key: keyof DiskLimits, value: number | undefined): DiskLimits {
  return value === undefined ? {} : { [key]: value };
}
