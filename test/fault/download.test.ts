// SPDX-License-Identifier: Apache-2.0
//
// Downloads of media that end in the middle: the service is killed, the disk is full.
import { execFileSync, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { isoBytes } from '../../src/disk/testing.ts';
import { serve } from '../../src/engine/fetch/testing.ts';

const iso = Buffer.concat([isoBytes(), Buffer.alloc(20 * 2 ** 20, 'content')]);
const sha256 = createHash('sha256').update(iso).digest('hex');
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('download: a full disk is not tried, since making a small file system needs root');

let folder: string;
let server: Server;
let address: string;
let ranges: (string | undefined)[];
/** Bytes after which the server waits for ever; then it gives all */
let holdsAt: number | null;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'phdownload-'));
  ranges = [];
  holdsAt = null;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    if (holdsAt === null) return serve(iso, '"1"')(request, response);
    response.writeHead(200, { 'content-length': iso.length, etag: '"1"' });
    return response.write(iso.subarray(0, holdsAt));
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

const start = (data: string) =>
  spawn(process.execPath, [join(import.meta.dirname, 'download-child.ts'), data, address, sha256], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
const images = (data: string) => join(data, '.local/share/phyllome/images');
const partSize = async (data: string): Promise<number> => {
  const names = await readdir(join(images(data), '.partial')).catch(() => []);
  const part = names.find((name) => name.endsWith('.part'));
  return part === undefined ? 0 : (await readFile(join(images(data), '.partial', part))).length;
};

test('killed in the middle, the next one goes on where it was, and only the whole becomes an image', async () => {
  for (const length of [70_000, iso.length - 1]) {
    const data = join(folder, String(length));
    holdsAt = length;
    const child = start(data);
    await expect.poll(() => partSize(data), { timeout: 30_000 }).toBe(length);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect((await readdir(images(data))).filter((name) => name !== '.partial')).toEqual([]);
    holdsAt = null;
    const told = JSON.parse(await text(start(data).stdout)) as unknown;
    expect(told).toMatchObject({ kind: 'image', image: 'a.iso', verified: 'checksum' });
    expect(ranges.at(-1)).toBe(`bytes=${length}-`);
    expect(
      createHash('sha256')
        .update(await readFile(join(images(data), 'a.iso')))
        .digest('hex'),
    ).toBe(sha256);
  }
});

test.skipIf(!isRoot)('a full disk fails the download and leaves nothing in the library', async () => {
  const small = join(folder, 'small');
  execFileSync('mkdir', [small]);
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=10M,mode=700', 'tmpfs', small]);
  try {
    expect(JSON.parse(await text(start(small).stdout))).toEqual({ code: 'no-space' });
    expect((await readdir(images(small))).filter((name) => name !== '.partial')).toEqual([]);
  } finally {
    execFileSync('umount', ['--lazy', small]);
  }
});
