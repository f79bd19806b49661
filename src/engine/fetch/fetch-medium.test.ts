// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { readFile, utimes, writeFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { diskBytes, isoBytes } from '../../disk/testing.ts';
import { breakAfter, fetchBox, serve, sha256Of, type FetchBox } from './testing.ts';

const iso = isoBytes(300 * 2 ** 10);
const list = (...names: [string, Buffer][]) =>
  names.map(([name, bytes]) => `${sha256Of(bytes)}  ${name}\n`).join('');
const checksums = { url: 'SHA256SUMS', algorithm: 'sha256' as const };
const images = async (box: FetchBox) => (await box.files()).filter((name) => !name.startsWith('.'));
const partials = (box: FetchBox) => readdir(box.paths.partial);

test('the newest file of a list comes into the library, and where it is from stands beside it', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a-1.9.iso', iso], ['a-1.10.iso', iso], ['b-2.iso', iso]));
  box.routes.set('/a-1.10.iso', serve(iso));
  const fetched = await box.fetch({ file: String.raw`a-\d+\.\d+\.iso`, checksums });
  const host = new URL(box.address).host;
  expect(fetched).toMatchObject({
    kind: 'image',
    image: 'a-1.10.iso',
    from: host,
    verified: 'checksum',
    kept: false,
  });
  expect(await readFile(join(box.paths.images, 'a-1.10.iso'))).toEqual(iso);
  expect(await box.library.list()).toMatchObject([
    { name: 'a-1.10.iso', origin: { from: host, verified: 'checksum', entry: 'test', medium: 'iso' } },
  ]);
  expect(await partials(box)).toEqual([]);
});

test('a second machine downloads nothing; a touched file is read again, a changed one is not trusted', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  box.routes.set('/a.iso', serve(iso));
  await box.fetch({ checksums });
  const file = join(box.paths.images, 'a.iso');
  const downloads = () => box.asked.filter((one) => one.includes('/a.iso')).length;
  expect(await box.fetch({ checksums })).toMatchObject({ kept: true, file });
  await utimes(file, 5, 5);
  expect((await box.library.list())[0]?.origin).toBe(undefined);
  expect(await box.fetch({ checksums })).toMatchObject({ kept: true, file });
  expect((await box.library.list())[0]?.origin).toBeDefined();
  expect(downloads()).toBe(1);
  const changed = Buffer.from(iso);
  changed[50_000] = 1;
  await writeFile(file, changed);
  expect(await box.fetch({ checksums })).toMatchObject({ kept: false, image: 'a (2).iso' });
  expect(await readFile(file)).toEqual(changed);
  expect(await readFile(join(box.paths.images, 'a (2).iso'))).toEqual(iso);
});

test('two at once download once', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  box.routes.set('/a.iso', serve(iso));
  const { createMediumFetcher } = await import('./fetch-medium.ts');
  const parts = { library: box.library, images: box.paths.images, partial: box.paths.partial };
  const fetcher = createMediumFetcher({ ...parts, cacheDirectory: box.paths.cache, proxyEnv: {} });
  const system = { system: { id: 'test', name: 'Test' }, keys: [] } as never;
  const download = { folder: box.address, mirrors: [], file: String.raw`a\.iso`, packed: 'no', checksums };
  const context = { signal: new AbortController().signal, progress: () => {} };
  const both = await Promise.all(
    [1, 2].map(() => fetcher(system, { id: 'iso', download } as never, context)),
  );
  expect(both.map((one) => one.kind === 'image' && one.kept)).toEqual([false, true]);
  expect(box.asked.filter((one) => one.includes('a.iso'))).toEqual(['GET /a.iso']);
});

test('without a network, what was verified before is used', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  box.routes.set('/a.iso', serve(iso));
  await box.fetch({ checksums });
  box.routes.set('/SHA256SUMS', (_, response) => response.destroy());
  expect(await box.fetch({ checksums })).toMatchObject({ kept: true, image: 'a.iso' });
});

test('a download that was aborted goes on where it was, with another server too', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  const controller = new AbortController();
  box.routes.set('/a.iso', (request, response) => {
    response.writeHead(200, { 'content-length': iso.length, etag: '"1"' });
    response.write(iso.subarray(0, 100_000), () => setTimeout(() => controller.abort(), 50));
    request.resume();
  });
  await expect(box.fetch({ checksums }, { signal: controller.signal })).rejects.toThrow(/abort/);
  expect(await images(box)).toEqual([]);
  expect((await partials(box)).length).toBe(2);
  box.routes.set('/mirror/a.iso', serve(iso));
  box.routes.delete('/a.iso');
  const mirrors = [`${box.address}mirror/`];
  expect(await box.fetch({ checksums, mirrors })).toMatchObject({ image: 'a.iso', kept: false });
  expect(box.asked.at(-1)).toMatch(/^GET \/mirror\/a\.iso bytes=\d{5,}-$/);
  expect(await readFile(join(box.paths.images, 'a.iso'))).toEqual(iso);
});

test('broken off at every so many bytes, it comes all the same', async () => {
  await using box = await fetchBox();
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  let turn = 0;
  box.routes.set('/a.iso', (request, response) => {
    turn += 1;
    breakAfter(iso, 30_011)(request, response);
  });
  const patience = { pauses: Array<number>(20).fill(1), silence: 300 };
  await box.fetch({ checksums }, { parts: { patience } });
  expect(await readFile(join(box.paths.images, 'a.iso'))).toEqual(iso);
  expect(turn).toBeGreaterThan(9);
});

test('a mixture of two files is thrown away, and the whole is fetched once more', async () => {
  await using box = await fetchBox();
  const other = Buffer.from(iso).fill(7, 60_000, 70_000);
  box.routes.set('/SHA256SUMS', list(['a.iso', iso]));
  box.routes.set('/a.iso', breakAfter(other, 100_000));
  box.routes.set('/mirror/a.iso', serve(iso));
  const mirrors = [`${box.address}mirror/`];
  box.routes.set('/a.iso', (request, response) => {
    breakAfter(other, 100_000)(request, response);
    box.routes.delete('/a.iso');
  });
  await box.fetch({ checksums, mirrors });
  expect(await readFile(join(box.paths.images, 'a.iso'))).toEqual(iso);
});

const disk = diskBytes();
const packed: [string, 'xz' | 'gz' | 'bz2' | 'zst' | 'zip', () => Buffer][] = [
  ['a.img.gz', 'gz', () => Buffer.concat([gzipSync(disk), Buffer.from('trailing garbage')])],
  ['a.img.zst', 'zst', () => zstdCompressSync(disk)],
  ['a.img.xz', 'xz', () => execFileSync('xz', ['-c'], { input: disk })],
  ['a.img.bz2', 'bz2', () => execFileSync('bzip2', ['-c'], { input: disk })],
];
test.each(packed)('%s is unpacked after it was verified', async (name, packing, make) => {
  await using box = await fetchBox();
  const bytes = make();
  box.routes.set('/SHA256SUMS', list([name, bytes]));
  box.routes.set(`/${name}`, serve(bytes));
  const download = { file: name.replaceAll('.', String.raw`\.`), packed: packing, checksums };
  expect(await box.fetch(download)).toMatchObject({ image: 'a.img', kept: false });
  expect(await readFile(join(box.paths.images, 'a.img'))).toEqual(disk);
  expect(await box.fetch(download)).toMatchObject({ image: 'a.img', kept: true });
  expect(await partials(box)).toEqual([]);
});
