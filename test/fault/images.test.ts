// SPDX-License-Identifier: Apache-2.0
//
// The library on bad days: a service that is killed in the middle of an upload, and a disk that fills up.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { uploadImage } from '../../src/cli/service/upload.ts';
import { isoBytes } from '../../src/disk/testing.ts';
import { startService, type TestService } from '../support/service.ts';

const MiB = 2 ** 20;
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('images: full disks not tested, since making a small file system needs root');

/** An ISO image of any length, as fast as it is taken. */
function* content(length: number): Generator<Buffer> {
  yield isoBytes(MiB);
  for (let sent = MiB; sent < length; sent += MiB) yield Buffer.alloc(Math.min(MiB, length - sent));
}

const send = ({ paths }: TestService, name: string, bytes: number, stream = Readable.from(content(bytes))) =>
  uploadImage(paths, { name, bytes, content: stream, signal: new AbortController().signal });

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await delay(10);
}

test('a service killed in the middle of an upload leaves nothing, and the next takes it', async () => {
  await using service = await startService();
  const { client, paths } = service;
  async function* stuck() {
    yield isoBytes(4 * MiB);
    await new Promise<void>((resolve) => service.process.once('exit', () => resolve()));
  }
  const upload = send(service, 'a.iso', 100 * MiB, Readable.from(stuck())).catch((error: unknown) => error);
  await until(async () => ((await client.call('listTasks'))[0]?.bytes?.done ?? 0) > 0);
  expect(await readdir(paths.images)).toEqual([expect.stringMatching(/^\.a\.iso\..*\.tmp$/)]);
  expect(await client.call('listImages')).toEqual([]);
  await service.kill();
  expect(await upload).toMatchObject({ code: 'service-unreachable' });
  expect(await readdir(paths.images)).toHaveLength(1);
  await service.restart();
  expect(await readdir(paths.images)).toEqual([]);
  expect(await send(service, 'a.iso', 3 * MiB)).toMatchObject({
    name: 'a.iso',
    format: 'iso',
    bytes: 3 * MiB,
  });
  expect(await readdir(paths.images)).toEqual(['a.iso']);
});

test('an upload of any size keeps the service small', async () => {
  await using service = await startService();
  const { pid } = service.process;
  const peak = (): number => {
    const status = execFileSync('cat', [`/proc/${pid}/status`], { encoding: 'utf8' });
    return Number(/VmHWM:\s+(\d+)/.exec(status)?.[1]) * 1024;
  };
  await send(service, 'small.iso', 64 * MiB);
  const before = peak();
  await send(service, 'large.iso', 512 * MiB);
  // Its memory swings by some megabytes; what must not happen is that it grows with the image.
  expect(peak() - before).toBeLessThan(100 * MiB);
});

async function onSmallDisk(work: (service: TestService) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phsmall-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=100M,mode=700', 'tmpfs', folder]);
  try {
    await using service = await startService({ dataParent: folder });
    await work(service);
    expect(await readdir(service.paths.images)).toEqual([]);
  } finally {
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  }
}

describe.skipIf(!isRoot)('a small disk', () => {
  test('refuses what does not fit before it comes', () =>
    onSmallDisk(async (service) => {
      await expect(send(service, 'a.iso', 98 * MiB)).rejects.toMatchObject({
        code: 'no-space',
        message: expect.stringMatching(
          /the image a\.iso \(98 MiB more; \d+ MiB are free, and 5 MiB of them are kept\)/,
        ),
      });
      expect(await service.client.call('listTasks')).toEqual([]);
    }));

  test('ends a download of unknown length, and nothing is left', () =>
    onSmallDisk(async (service) => {
      const server = createServer((_request, response) => {
        Readable.from(content(2 ** 40)).pipe(response);
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/a.iso`;
      const download = service.finish(service.client.call('downloadImage', { body: { url } }));
      await expect(download).rejects.toMatchObject({ code: 'no-space' });
      server.closeAllConnections();
      server.close();
    }));
});
