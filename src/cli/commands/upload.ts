// SPDX-License-Identifier: Apache-2.0
import { constants, createReadStream, fstatSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Readable } from 'node:stream';
import type { Image } from '../../contract/image.ts';
import type { Context, Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { Interrupted, usageError } from '../failure.ts';
import { openEvents } from '../service/events.ts';
import { uploadImage, type Upload } from '../service/upload.ts';
import { createProgress } from '../terminal/progress.ts';
import { addedLines } from './images.ts';

export const upload: Run = async (context, input) => {
  const { output, json } = context;
  const file = input.argument('FILE');
  const wanted = input.text('name');
  if (file === '-' && wanted === undefined)
    throw usageError('Standard input has no name: give it one with --name.', 'upload');
  await using source = file === '-' ? standardInput() : await openSource(file);
  if (!source.isFile) {
    const reason =
      file === '-'
        ? 'The length of standard input must be known, so it has to be a file: phyllome upload - --name NAME < FILE'
        : `"${file}" is not a file.`;
    throw usageError(reason, 'upload');
  }
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt);
  try {
    const { bytes } = source;
    // No more than was announced, should the file grow meanwhile.
    const content = source.read({ start: 0, end: Math.max(0, bytes - 1) });
    const parts = { name: wanted ?? basename(file), bytes, content, signal: interrupt.signal };
    const image = await send(context, parts);
    if (json) output.json(image);
    else addedLines(image).forEach(output.say);
  } catch (error) {
    if (interrupt.signal.aborted) throw new Interrupted('Stopped. Nothing of the upload was kept.');
    throw error;
  } finally {
    process.off('SIGINT', onInterrupt);
  }
};

/** Sends a file while its task, which the service makes for it, is shown. */
async function send({ client, output, paths }: Context, parts: Upload): Promise<Image> {
  using feed = await openEvents(client);
  using progress = createProgress(output);
  const what = `Upload ${parts.name.normalize('NFC')}`;
  const following = (async () => {
    for await (const event of feed)
      if (event.type === 'task.changed' && event.task.what === what) progress.show(event.task);
  })();
  try {
    return await uploadImage(paths, parts);
  } finally {
    feed.close();
    // A feed that broke only ends the display.
    await following.catch(() => undefined);
  }
}

interface Source extends AsyncDisposable {
  read(part: { start: number; end: number }): Readable;
  isFile: boolean;
  bytes: number;
}

/** What standard input was redirected from; it may also be a terminal, a pipe or a socket. */
function standardInput(): Source {
  const found = fstatSync(0);
  return {
    read: (part) => createReadStream('', { ...part, fd: 0 }),
    isFile: found.isFile(),
    bytes: found.size,
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function openSource(file: string): Promise<Source> {
  try {
    // A pipe would keep us waiting for whoever writes into it.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const found = await handle.stat();
    return {
      read: (part) => handle.createReadStream(part),
      isFile: found.isFile(),
      bytes: found.size,
      [Symbol.asyncDispose]: () => handle.close(),
    };
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'file', file, reason: (error as Error).message });
  }
}
