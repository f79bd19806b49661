// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { connect, createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { apiPrefix } from '../contract/operations.ts';
import { serve, until } from './testing.ts';
import { listenOnSocket } from './unix-socket.ts';

async function folder(): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), 'ph-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** Leaves a socket behind as a killed service does: Node removes it when a server closes, so it is renamed away. */
async function staleSocket(path: string): Promise<void> {
  const server = createServer().listen(`${path}.tmp`);
  await once(server, 'listening');
  await rename(`${path}.tmp`, path);
  server.close();
  await once(server, 'close');
}

describe('the unix socket', () => {
  test('is ours alone, in a folder that is ours alone', async () => {
    await using server = await serve();
    expect((await stat(server.socketPath)).mode & 0o777).toBe(0o600);
    expect((await stat(join(server.socketPath, '..'))).mode & 0o777).toBe(0o700);
  });

  test('takes the place of one that a killed service left', async () => {
    await using place = await folder();
    const path = join(place.path, 's');
    await staleSocket(path);
    expect((await stat(path)).isSocket()).toBe(true);
    await using server = await serve({}, { socketPath: path });
    expect(server.address).toMatch(/^http/);
    await new Promise((resolve) => connect(path).once('connect', resolve));
  });

  test('does not take the place of one that answers', async () => {
    await using place = await folder();
    const path = join(place.path, 's');
    await using first = await serve({}, { socketPath: path });
    await expect(serve({}, { socketPath: path })).rejects.toMatchObject({ code: 'service-already-running' });
    // The one that was there still is, and the loser left no listener behind.
    await new Promise((resolve) => connect(path).once('connect', resolve));
    expect(first.stops).toBe(0);
  });

  test.each([
    ['a file', (path: string) => writeFile(path, 'precious')],
    ['a folder', (path: string) => mkdir(path)],
    ['a link', (path: string) => symlink('/etc/hostname', path)],
  ])('does not take the place of %s', async (_, put) => {
    await using place = await folder();
    const path = join(place.path, 's');
    await put(path);
    await expect(serve({}, { socketPath: path })).rejects.toMatchObject({ code: 'unsafe-directory' });
    await expect(stat(path)).resolves.toBeDefined();
  });

  test('is not put where others may enter, nor where its path has no room', async () => {
    await using place = await folder();
    await chmod(place.path, 0o755);
    const unsafe = { code: 'unsafe-directory' };
    await expect(listenOnSocket(createServer(), join(place.path, 's'))).rejects.toMatchObject(unsafe);
    await chmod(place.path, 0o700);
    const long = join(place.path, 'ü'.repeat(50));
    await expect(listenOnSocket(createServer(), long)).rejects.toMatchObject(unsafe);
  });
});

describe('the port', () => {
  test('is on the loopback address only', async () => {
    await using server = await serve();
    expect(server.address).toBe(`http://127.0.0.1:${server.port}`);
    const other = connect(server.port, '127.0.0.2');
    const [error] = (await once(other, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNREFUSED');
  });

  test('may be taken', async () => {
    const other = createHttpServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(serve({}, { port })).rejects.toMatchObject({
      code: 'port-taken',
      facts: { address: `127.0.0.1:${port}` },
    });
    other.close();
  });
});

describe('the end', () => {
  test('lets what is under way finish, takes nothing new and leaves no socket', async () => {
    const { promise: started, resolve: finish } = Promise.withResolvers<void>();
    let asked = false;
    const server = await serve({
      async listBin() {
        asked = true;
        await started;
        return [];
      },
    });
    const slow = server.local(`${apiPrefix}/bin`);
    await until(() => asked);
    const closed = server.close();
    await expect(server.local('/')).rejects.toThrow(/ENOENT|ECONNREFUSED/);
    await expect(server.tcp('/')).rejects.toThrow('ECONNREFUSED');
    finish();
    expect((await slow).json).toEqual([]);
    await closed;
    await expect(stat(server.socketPath)).rejects.toThrow('ENOENT');
    await server[Symbol.asyncDispose]();
  });

  test('cuts off what does not finish', async () => {
    let asked = false;
    const server = await serve({
      listBin() {
        asked = true;
        return new Promise(() => {});
      },
    });
    const cut = server.local(`${apiPrefix}/bin`).catch((error: Error) => error.message);
    await until(() => asked);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const closed = server.close();
    await vi.advanceTimersByTimeAsync(1000);
    vi.useRealTimers();
    await closed;
    expect(await cut).toBe('socket hang up');
    await server[Symbol.asyncDispose]();
  });
});
