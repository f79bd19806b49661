// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { Body } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { askForText } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { sizeText } from '../terminal/words.ts';
import { choice, finishDiskTask, sizeOf } from './disk-input.ts';

const command = 'disk add';

export const addDisk: Run = async (context, input) => {
  const ref = input.argument('NAME');
  const [file, device, size] = [input.text('file'), input.text('device'), input.text('size')];
  if (file === undefined && device === undefined && size === undefined)
    throw usageError('Say what to add: --size SIZE, --file IMAGE or --device DEVICE.', command);
  const body: Body<'addDisk'> = {
    ...(size !== undefined && { size: sizeOf(size, '--size', command) }),
    ...(file !== undefined && { file: await imageFile(context, ref, file) }),
    ...(device !== undefined && { device, identity: await confirmedDevice(context, input, device) }),
    ...choice(input, 'format', ['qcow2', 'raw'], command),
    ...choice(input, 'bus', ['virtio', 'scsi', 'nvme', 'sata', 'usb'], command),
  };
  await finishDiskTask(
    context,
    () => context.client.call('addDisk', { params: { ref }, body }),
    'Stopped. Nothing was added.',
  );
};

/** A name of the library, an unused image of the machine (disks/...), or a path as the shell means it. */
async function imageFile({ client }: Context, ref: string, file: string): Promise<string> {
  if (file.startsWith('disks/')) {
    const { directory } = await client.call('showMachine', { params: { ref } });
    const { unused } = await client.call('machineDisks', { params: { ref } });
    if (unused.some((one) => one.file === file)) return resolve(directory, file);
  }
  const image = (await client.call('listImages')).find(({ name }) => name === file);
  return image?.file ?? resolve(file);
}

/**
 * A guest overwrites what is on a device. Whoever wants that types what the device calls itself, which nobody does by mistake.
 * @returns what was typed, or given with --yes-erase
 */
async function confirmedDevice(
  { client, output, json }: Context,
  input: Input,
  file: string,
): Promise<string> {
  const given = input.text('yes-erase');
  if (given !== undefined) return given;
  const found = (await client.call('listBlockDevices')).find(
    (device) => device.file === file || `/dev/${device.name}` === file,
  );
  if (found !== undefined && found.reason !== '')
    throw new PhyllomeError('device-refused', { file, reason: found.reason, next: found.next });
  if (!output.interactive || json)
    throw usageError(
      'A guest overwrites what is on a device. Without a terminal, --yes-erase IDENTITY says which one you mean; "phyllome disk devices" shows what each calls itself.',
      command,
    );
  const known = found === undefined ? '' : ` (${plain(found.model)}, ${sizeText(found.size)})`;
  output.warn(`ALL DATA on ${plain(file)}${known} may be overwritten by the guest.`);
  const example = found === undefined ? 'serial number' : `serial number or model (${plain(found.identity)})`;
  const answer = await askForText(`Type its ${example} to go on: `);
  if (answer === '') throw new Interrupted('Nothing was changed.');
  return answer;
}
