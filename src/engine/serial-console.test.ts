// SPDX-License-Identifier: Apache-2.0
import { appendFile, open, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { makePipe } from './named-pipe.ts';
import { createSerialConsole } from './serial-console.ts';
import { sandbox } from './testing.ts';

test('viewers see the history and then what is new; all type into one port', async () => {
  await using place = await sandbox();
  const log = join(place.root, 'serial.log');
  const input = join(place.root, 'serial.in');
  await writeFile(log, '0123456789');
  await makePipe(join(place.root, 'serial'));
  // As QEMU does: for reading and writing, so that it opens at once and never ends.
  await using reader = await open(input, 'r+');
  const ended = Promise.withResolvers<void>();
  const serial = createSerialConsole('tiny', input, log, ended.promise);

  const short = { text: '', ended: false };
  const long = { text: '', ended: false };
  for (const [view, history] of [
    [short, 3],
    [long, 1000],
  ] as const) {
    await serial.view(
      history,
      (bytes) => (view.text += Buffer.from(bytes).toString()),
      () => (view.ended = true),
    );
  }
  expect([short.text, long.text]).toEqual(['789', '0123456789']);

  await appendFile(log, ' more');
  await expect.poll(() => [short.text, long.text]).toEqual(['789 more', '0123456789 more']);

  await serial.write(Buffer.from('ls\n'));
  await serial.write(Buffer.from('pwd\n'));
  const typed = await reader.read(Buffer.alloc(100));
  expect(typed.buffer.subarray(0, typed.bytesRead).toString()).toBe('ls\npwd\n');

  // The log limit empties the file in place.
  await truncate(log, 0);
  await appendFile(log, 'new');
  await expect.poll(() => short.text).toBe('789 morenew');

  await appendFile(log, ' last words');
  ended.resolve();
  await expect.poll(() => short).toEqual({ text: '789 morenew last words', ended: true });
});

test('a port that does not answer is an error with a name', async () => {
  await using place = await sandbox();
  const log = join(place.root, 'serial.log');
  await writeFile(log, '');
  const serial = createSerialConsole('tiny', join(place.root, 'none'), log, new Promise(() => {}));
  await expect(serial.write(Buffer.from('x'))).rejects.toThrow(/VMM of tiny is gone/);
});
