// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { sandbox } from '../testing.ts';
import { day, eraseDue, noticeDue, type Notices } from './due.ts';
import { createKeeping } from './keeping.ts';

const start = Date.UTC(2026, 0, 1);

/** A bin whose clock a test turns. */
async function keepingBench() {
  const place = await sandbox();
  const file = join(place.root, 'bin.json');
  const bench = {
    file,
    place,
    now: start,
    keepDays: null as number | null,
    entries: [] as { folder: string; deletedAt: number; id: string; name: string }[],
    said: [] as string[],
    erased: [] as string[],
    warnings: [] as string[],
    failure: null as Error | null,
    put: (folder: string, deletedAt: number) =>
      void bench.entries.push({ folder, deletedAt, id: folder, name: folder }),
    /** As a service that starts on the same files */
    open: () =>
      createKeeping({
        file,
        now: () => bench.now,
        keepDays: () => bench.keepDays,
        entries: async () => bench.entries,
        async erase(folder) {
          if (bench.failure !== null) throw bench.failure;
          bench.erased.push(folder);
          bench.entries = bench.entries.filter((entry) => entry.folder !== folder);
        },
        notice: ({ name }, text) => void bench.said.push(`${name}: ${text}`),
        warning: ({ name }, text) => void bench.warnings.push(`${name}: ${text}`),
        warn: (text) => void bench.warnings.push(text),
      }),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  };
  return bench;
}

afterEach(() => void vi.useRealTimers());

describe('the bin by itself', () => {
  test('does nothing without the setting, and has no timer', async () => {
    await using bench = await keepingBench();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    bench.put('old', start - 1000 * day);
    const keeping = bench.open();
    await keeping.look();
    expect([bench.said, bench.erased, keeping.eraseAt(bench.entries[0]!)]).toEqual([[], [], null]);
    expect(vi.getTimerCount()).toBe(0);
    expect(existsSync(bench.file)).toBe(false);
  });

  test('says a day before that it will erase, and then does', async () => {
    await using bench = await keepingBench();
    bench.keepDays = 30;
    bench.put('a', start);
    using keeping = closing(bench.open());
    await keeping.look();
    expect(keeping.eraseAt(bench.entries[0]!)).toBe(new Date(start + 30 * day).toISOString());
    bench.now = start + 29 * day - 1;
    await keeping.look();
    expect(bench.said).toEqual([]);
    bench.now = start + 29 * day;
    await keeping.look();
    expect(bench.said).toEqual([expect.stringContaining('2026-01-31 00:00 UTC')]);
    bench.now = start + 30 * day - 1;
    await keeping.look();
    expect([bench.said.length, bench.erased]).toEqual([1, []]);
    bench.now = start + 30 * day;
    await keeping.look();
    expect(bench.erased).toEqual(['a']);
  });

  test('a new setting erases nothing for a full day, however old it is', async () => {
    await using bench = await keepingBench();
    bench.put('old', start - 1000 * day);
    bench.keepDays = 1;
    using keeping = closing(bench.open());
    await keeping.look();
    expect(bench.said).toHaveLength(1);
    bench.now += day - 1;
    await keeping.look();
    expect(bench.erased).toEqual([]);
    // Another time is another setting.
    bench.keepDays = 2;
    await keeping.look();
    bench.now += day - 1;
    await keeping.look();
    expect(bench.erased).toEqual([]);
    bench.now += 1;
    await keeping.look();
    expect(bench.erased).toEqual(['old']);
  });

  test('a PC that was off says it first, and waits a day', async () => {
    await using bench = await keepingBench();
    bench.put('a', start);
    bench.keepDays = 7;
    await closed(bench.open());
    bench.now = start + 100 * day;
    await closed(bench.open());
    expect([bench.said.length, bench.erased.length]).toEqual([1, 0]);
    bench.now += day / 2;
    await closed(bench.open());
    expect([bench.said.length, bench.erased.length]).toEqual([1, 0]);
    bench.now += day / 2;
    await closed(bench.open());
    expect(bench.erased).toEqual(['a']);
    expect(JSON.parse(await readFile(bench.file, 'utf8')).noticed).toEqual({ a: expect.any(Number) });
    await closed(bench.open());
    expect(JSON.parse(await readFile(bench.file, 'utf8')).noticed).toEqual({});
  });

  test.each(['', '{', '[]', 'null', '{"keepDays":7,"since":0,"noticed":{"a":"x"}}'])(
    'a record that makes no sense (%s) erases nothing early',
    async (text) => {
      await using bench = await keepingBench();
      bench.put('a', start - 100 * day);
      bench.keepDays = 7;
      await writeFile(bench.file, text);
      await closed(bench.open());
      bench.now += day - 1;
      await closed(bench.open());
      expect(bench.erased).toEqual([]);
    },
  );

  test('what cannot be erased is said, and tried again the next day', async () => {
    await using bench = await keepingBench();
    bench.put('a', start - 100 * day);
    bench.keepDays = 7;
    using keeping = closing(bench.open());
    await keeping.look();
    bench.now += day;
    bench.failure = new PhyllomeError('machine-needed', { name: 'a', users: ['b'], file: '/x' });
    await keeping.look();
    await keeping.look();
    expect(bench.warnings).toEqual([expect.stringContaining('a cannot be erased')]);
    bench.now += day;
    bench.failure = null;
    await keeping.look();
    expect(bench.erased).toEqual(['a']);
  });

  test('settings that cannot be read erase nothing', async () => {
    await using bench = await keepingBench();
    bench.put('a', start - 100 * day);
    const keeping = bench.open();
    Object.defineProperty(bench, 'keepDays', {
      get: () => {
        throw new PhyllomeError('settings-invalid', { file: 's', reason: 'r' });
      },
    });
    await keeping.look();
    expect(bench.warnings).toHaveLength(1);
    expect(bench.erased).toEqual([]);
  });

  test('one timer wakes it at the next moment, and none when the bin is empty', async () => {
    await using bench = await keepingBench();
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    bench.keepDays = 3;
    const keeping = bench.open();
    await keeping.look();
    expect(vi.getTimerCount()).toBe(0);
    bench.put('a', start);
    bench.put('b', start + day);
    await keeping.look();
    await keeping.look();
    expect(vi.getTimerCount()).toBe(1);
    bench.now = start + 2 * day;
    vi.advanceTimersByTime(2 * day);
    await keeping.look();
    expect(bench.said).toHaveLength(1);
    expect(vi.getTimerCount()).toBe(1);
    keeping.close();
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('whatever happened when: never before its time, and a full day after it was said and since the setting', () => {
  const moment = fc.integer({ min: 0, max: 10_000 }).map((hours) => start + hours * 3_600_000);
  fc.assert(
    fc.property(moment, moment, moment, fc.option(moment), fc.integer({ min: 1, max: 400 }), (...values) => {
      const [deletedAt, since, now, said, keepDays] = values;
      const binned = { folder: 'a', deletedAt };
      const noticed: Notices['noticed'] = said === null ? {} : { a: said };
      const due = eraseDue(binned, { keepDays, since, noticed }, now);
      expect(due).toBeGreaterThanOrEqual(deletedAt + keepDays * day);
      expect(due).toBeGreaterThanOrEqual(since + day);
      expect(due).toBeGreaterThanOrEqual((said ?? now) + day);
      expect(due).toBeGreaterThanOrEqual(noticeDue(binned, { keepDays, since, noticed }) + day);
    }),
  );
});

const closing = <K extends { close(): void }>(keeping: K): K & Disposable =>
  Object.assign(keeping, { [Symbol.dispose]: () => keeping.close() });

async function closed(keeping: ReturnType<typeof createKeeping>): Promise<void> {
  await keeping.look();
  keeping.close();
}
