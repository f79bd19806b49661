// SPDX-License-Identifier: Apache-2.0
import type { Context, Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';
import { addedLines } from './images.ts';

/** A medium of the catalogue: "debian", "debian/netinst". */
async function fetchEntry(context: Context, input: Input, what: string): Promise<void> {
  const { client, output, json } = context;
  if (input.text('name') !== undefined || input.text('sha256') !== undefined)
    throw usageError('--name and --sha256 go with an address.', 'download');
  const [entry = '', media] = what.split('/');
  const body = { entry, ...(media !== undefined && { media }) };
  const task = await followTask(
    context,
    () => client.call('fetchMedium', { body }),
    'Stopped. What came is kept for two weeks; the same command goes on there.',
  );
  if (json) {
    output.json(task);
    return;
  }
  const image = (await client.call('listImages')).find((one) => one.name === task.image);
  if (image !== undefined) addedLines(image).forEach(output.say);
  if (image?.origin?.verified === 'none')
    output.note(
      'Nothing but the https connection vouches for it: its makers publish neither signature nor checksum.',
    );
}

export const download: Run = async (context, input) => {
  const { client, output, json } = context;
  const url = input.argument('URL');
  if (!url.includes(':')) return fetchEntry(context, input, url);
  const name = input.text('name');
  const sha256 = input.text('sha256');
  if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256))
    throw usageError(`--sha256 takes 64 digits (0-9, a-f), not "${plain(sha256)}".`, 'download');
  const body = { url, ...(name !== undefined && { name }), ...(sha256 !== undefined && { sha256 }) };
  const task = await followTask(
    context,
    () => client.call('downloadImage', { body }),
    'Stopped. Nothing of the download was kept.',
  );
  if (json) {
    output.json(task);
    return;
  }
  const image = (await client.call('listImages')).find((one) => one.name === task.image);
  if (image !== undefined) addedLines(image).forEach(output.say);
  if (sha256 === undefined) output.note('It was not compared with a checksum; --sha256 does.');
};
