// SPDX-License-Identifier: Apache-2.0
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createThumbnailFeed } from './thumbnail-feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A service whose answers the test gives. */
function fakeService() {
  const asked: {
    machineId: string;
    signal: AbortSignal;
    answer: (blob: Blob) => void;
    refuse: () => void;
  }[] = [];
  let visible = true;
  const feed = createThumbnailFeed(
    (machineId, signal) =>
      new Promise((answer, reject) => {
        asked.push({ machineId, signal, answer, refuse: () => reject(new Error('409')) });
      }),
    () => visible,
  );
  return { feed, asked, look: (now: boolean) => (visible = now) };
}
const picture = new Blob(['PNG']);

test('two pictures are on their way at most, and all get their turn', async () => {
  const { feed, asked } = fakeService();
  for (const id of ['a', 'b', 'c']) feed.watch(id, true, () => {});
  expect(asked.map(({ machineId }) => machineId)).toEqual(['a', 'b']);
  asked[0]?.answer(picture);
  await vi.advanceTimersByTimeAsync(0);
  expect(asked.map(({ machineId }) => machineId)).toEqual(['a', 'b', 'c']);
});

test('a screen that can change is asked for again, one that cannot is not', async () => {
  const { feed, asked } = fakeService();
  const pictures = vi.fn<(picture: Blob) => void>();
  feed.watch('running', true, pictures);
  feed.watch('paused', false, pictures);
  for (const { answer } of asked) answer(picture);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked.map(({ machineId }) => machineId)).toEqual(['running', 'paused', 'running']);
  expect(pictures).toHaveBeenCalledTimes(2);
});

test('after a refusal it tries again', async () => {
  const { feed, asked } = fakeService();
  feed.watch('a', false, () => {});
  asked[0]?.refuse();
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked).toHaveLength(2);
});

test('who no longer looks is not told, and nothing is asked for', async () => {
  const { feed, asked } = fakeService();
  const pictures = vi.fn<(picture: Blob) => void>();
  const stop = feed.watch('a', true, pictures);
  stop();
  expect(asked[0]?.signal.aborted).toBe(true);
  asked[0]?.answer(picture);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(pictures).not.toHaveBeenCalled();
  expect(asked).toHaveLength(1);
});

test('nothing is fetched while the page is hidden', async () => {
  const { feed, asked, look } = fakeService();
  look(false);
  feed.watch('a', true, () => {});
  await vi.advanceTimersByTimeAsync(10_000);
  expect(asked).toHaveLength(0);
  look(true);
  await vi.advanceTimersByTimeAsync(3000);
  expect(asked).toHaveLength(1);
});
