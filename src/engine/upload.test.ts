// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { diskBytes, isoBytes } from '../disk/testing.ts';
import { librarySandbox, pieces, type LibrarySandbox } from './library-testing.ts';
import { createUploader } from './upload.ts';

const uploader = ({ library, tasks }: LibrarySandbox) => createUploader(library, tasks);

test('an upload becomes an image, and shows as a task with bytes', async () => {
  await using box = await librarySandbox();
  const bytes = isoBytes();
  const image = await uploader(box)('a.iso', bytes.length, pieces(bytes));
  expect(image).toMatchObject({ name: 'a.iso', format: 'iso', bytes: bytes.length });
  await expect.poll(() => box.tasks.list()[0]?.state).toBe('done');
  expect(box.tasks.list()).toMatchObject([
    {
      what: 'Upload a.iso',
      fraction: 1,
      bytes: { done: bytes.length, total: bytes.length },
      image: 'a.iso',
      machineId: null,
    },
  ]);
  expect(await box.files()).toEqual(['a.iso']);
});

test('the next piece is asked for when the one before is written', async () => {
  await using box = await librarySandbox();
  let asked = 0;
  async function* source() {
    for (const piece of [isoBytes(), Buffer.alloc(2 ** 20)]) {
      asked += 1;
      yield piece;
      // Whoever asks for more has seen to what there was.
      expect(box.tasks.list()[0]?.bytes?.done ?? -1).toBeGreaterThanOrEqual(0);
    }
  }
  const length = 40 * 2 ** 10 + 2 ** 20;
  expect((await uploader(box)('a.iso', length, source())).bytes).toBe(length);
  expect(asked).toBe(2);
});

test('what can be refused is refused without a task', async () => {
  await using box = await librarySandbox();
  const upload = uploader(box);
  const never = pieces(Buffer.alloc(0));
  await expect(upload('../a.iso', 1, never)).rejects.toMatchObject({ code: 'image-name-invalid' });
  await expect(upload('a.iso', 2 ** 60, never)).rejects.toMatchObject({ code: 'no-space' });
  await upload('a.iso', isoBytes().length, pieces(isoBytes()));
  await expect(upload('a.iso', 1, never)).rejects.toMatchObject({ code: 'file-exists' });
  expect(box.tasks.list()).toHaveLength(1);
});

test.each([
  ['a web page', Buffer.from('<!DOCTYPE html><title>Sign in</title>')],
  ['a text', Buffer.from('hello\n')],
  ['an empty file', Buffer.alloc(0)],
])('%s is not kept', async (found, bytes) => {
  await using box = await librarySandbox();
  const upload = uploader(box)('a.iso', bytes.length, pieces(bytes));
  await expect(upload).rejects.toMatchObject({ code: 'image-unknown', facts: { name: 'a.iso', found } });
  expect(await box.files()).toEqual([]);
  await expect.poll(() => box.tasks.list()[0]?.error?.code).toBe('image-unknown');
});

async function* broken() {
  yield isoBytes();
  throw new Error('aborted');
}

test('a client that goes away leaves nothing', async () => {
  await using box = await librarySandbox();
  const upload = uploader(box)('a.iso', 2 ** 20, broken());
  const facts = { name: 'a.iso', done: 40 * 2 ** 10, total: 2 ** 20 };
  await expect(upload).rejects.toMatchObject({ code: 'upload-incomplete', facts });
  expect(await box.files()).toEqual([]);
});

test.each([
  ['less', 10],
  ['more', -10],
])('%s than announced is not kept', async (_, difference) => {
  await using box = await librarySandbox();
  const upload = uploader(box)('a.img', diskBytes().length + difference, pieces(diskBytes()));
  await expect(upload).rejects.toMatchObject({ code: 'upload-incomplete' });
  expect(await box.files()).toEqual([]);
});

test('an abort ends it, although the client sends nothing any more', async () => {
  await using box = await librarySandbox();
  const stop = new AbortController();
  async function* stuck() {
    yield isoBytes();
    await delay(600_000, undefined, { signal: stop.signal });
  }
  const upload = uploader(box)('a.iso', 2 ** 20, stuck()).catch((error: unknown) => error);
  await expect.poll(() => box.tasks.list()[0]?.bytes?.done).toBe(40 * 2 ** 10);
  const task = await box.tasks.abort(box.tasks.list()[0]?.id ?? '');
  expect(task.state).toBe('aborted');
  expect(await upload).toMatchObject({ code: 'task-aborted', facts: { what: 'Upload a.iso' } });
  expect(await box.files()).toEqual([]);
  // The name is free again.
  await uploader(box)('a.iso', isoBytes().length, pieces(isoBytes()));
  stop.abort();
});
