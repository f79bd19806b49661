// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { findBuilt, fingerprint, publish, sweep, workFolder, type Manifest } from './cache.ts';

let cache = '';
let directory = '';
beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'tiny-cache-'));
  directory = join(cache, 'tiny-x86_64-0123456789abcdef');
});
afterEach(() => rm(cache, { recursive: true }));

const manifest: Manifest = {
  version: 'v1',
  kernelPackages: ['linux-image-6.1_1.deb'],
  busybox: 'BusyBox',
  kernelRelease: '6.1',
  kernelBytes: 6,
  initrdBytes: 4,
  microBytes: 5,
};

async function finished(
  version = 'v1',
): Promise<{ work: string; publish: () => ReturnType<typeof publish> }> {
  const work = await workFolder(directory);
  await mkdir(join(work, 'finished'));
  await writeFile(join(work, 'finished/kernel'), 'kernel');
  await writeFile(join(work, 'finished/initrd'), 'init');
  await writeFile(join(work, 'finished/micro-initrd'), 'micro');
  return { work, publish: () => publish(join(work, 'finished'), directory, { ...manifest, version }) };
}

describe('publish', () => {
  test('makes the guest appear whole', async () => {
    const { work, publish } = await finished();
    expect(await findBuilt(directory)).toBe(null);
    const expected = {
      kernel: join(directory, 'kernel'),
      initrd: join(directory, 'initrd'),
      micro: join(directory, 'micro-initrd'),
      version: 'v1',
    };
    expect(await publish()).toEqual(expected);
    expect(await findBuilt(directory)).toEqual(expected);
    expect(await readdir(work)).toEqual([]);
  });

  test('of two builders, the second takes what the first made', async () => {
    const [first, second] = [await finished('first'), await finished('second')];
    expect((await first.publish()).version).toBe('first');
    expect((await second.publish()).version).toBe('first');
  });

  test('replaces a damaged guest', async () => {
    await (await finished('old')).publish();
    await writeFile(join(directory, 'kernel'), 'cut');
    expect(await findBuilt(directory)).toBe(null);
    expect((await (await finished('new')).publish()).version).toBe('new');
  });

  test.each(['', '{', '{}', 'null', '[]'])('a manifest that holds %j is damage', async (text) => {
    await (await finished()).publish();
    await writeFile(join(directory, 'manifest.json'), text);
    expect(await findBuilt(directory)).toBe(null);
  });
});

describe('sweep', () => {
  test('removes what dead processes left, and nothing else', async () => {
    const { work, publish } = await finished();
    await publish();
    const left = [`${directory}.999999999-1-ab.partial`, `${directory}.${process.pid}-1-ab.damaged.partial`];
    const others = ['tiny-aarch64-x.999999999-1-ab.partial', 'tiny-x86_64-notes.txt', 'something-else'];
    for (const path of [...left, ...others.map((name) => join(cache, name))]) await mkdir(path);
    await sweep(cache, 'x86_64');
    expect((await readdir(cache)).sort()).toEqual(
      [directory, work]
        .map((path) => path.slice(cache.length + 1))
        .concat(others)
        .sort(),
    );
  });

  test('removes a guest of another version that nobody has used for a month', async () => {
    await (await finished()).publish();
    const old = new Date(Date.now() - 40 * 24 * 3600 * 1000);
    await utimes(join(directory, 'manifest.json'), old, old);
    // Finding it is using it.
    await findBuilt(directory);
    await sweep(cache, 'x86_64');
    expect(await findBuilt(directory)).not.toBe(null);
    await utimes(join(directory, 'manifest.json'), old, old);
    await sweep(cache, 'x86_64');
    expect(await findBuilt(directory)).toBe(null);
  });
});

test('the fingerprint changes with our files and facts, not with tests', async () => {
  const print = (facts = ['x86_64']): Promise<string> => fingerprint(cache, facts);
  await mkdir(join(cache, 'guest'));
  await writeFile(join(cache, 'guest/init'), 'one');
  const first = await print();
  expect(await print()).toBe(first);
  expect(await print(['aarch64'])).not.toBe(first);
  await writeFile(join(cache, 'build.test.ts'), 'test');
  expect(await print()).toBe(first);
  await writeFile(join(cache, 'guest/init'), 'two');
  expect(await print()).not.toBe(first);
});
