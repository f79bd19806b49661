// SPDX-License-Identifier: Apache-2.0
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { collectModules, modulesAlias, modulesDep } from './modules.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'modules-'));
});
afterEach(() => rm(directory, { recursive: true }));

const noXz = { program: '/nonexistent/xz', signal: undefined };
const module = (depends: string, alias: string): Buffer =>
  Buffer.from(`\0depends=${depends}\0alias=${alias}\0`);

async function put(path: string, content: Buffer): Promise<void> {
  await mkdir(dirname(join(directory, path)), { recursive: true });
  await writeFile(join(directory, path), content);
}

test('collects what is wanted and needed, however it is packed', async () => {
  await put('kernel/net/virtio_net.ko.zst', zstdCompressSync(module('net-failover', 'virtio:d1')));
  await put('kernel/net/net_failover.ko.gz', gzipSync(module('failover', 'x')));
  await put('kernel/net/failover.ko', module('', 'y'));
  await put('kernel/net/unwanted.ko', module('', 'z'));
  await put('modules.order', Buffer.from('kernel/net/failover.ko\n'));

  const modules = await collectModules(directory, ['virtio_net', 'built_in'], noXz);

  expect(modules.map(({ path }) => path)).toEqual([
    'kernel/net/failover.ko',
    'kernel/net/net_failover.ko',
    'kernel/net/virtio_net.ko',
  ]);
  expect(modulesDep(modules)).toBe(
    'kernel/net/failover.ko:\n' +
      'kernel/net/net_failover.ko: kernel/net/failover.ko\n' +
      'kernel/net/virtio_net.ko: kernel/net/net_failover.ko kernel/net/failover.ko\n',
  );
  expect(modulesAlias(modules)).toBe('alias y failover\nalias x net_failover\nalias virtio:d1 virtio_net\n');
});

test('says which program is missing when modules are packed with xz', async () => {
  await put('kernel/a.ko.xz', Buffer.from('whatever'));
  await expect(collectModules(directory, ['a'], noXz)).rejects.toMatchObject({
    code: 'tool-missing',
    facts: { tool: '/nonexistent/xz', install: 'apt-get install xz-utils' },
  });
});
