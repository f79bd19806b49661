// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { resolvePaths, type Paths } from '../contract/paths.ts';
import { startService, type ServiceParts } from './service.ts';
import { fakeEngine } from './testing.ts';

interface Place extends AsyncDisposable {
  paths: Paths;
  /** What happened to the engine, in order */
  story: string[];
  parts(change?: Partial<ServiceParts>): ServiceParts;
}

async function place(): Promise<Place> {
  const root = await mkdtemp(join(tmpdir(), 'ph-'));
  const paths = resolvePaths({ HOME: root, XDG_RUNTIME_DIR: join(root, 'run') }, process.getuid?.() ?? 0);
  const story: string[] = [];
  await mkdir(paths.state, { recursive: true });
  return {
    paths,
    story,
    parts: (change) => ({
      paths,
      port: 0,
      version: '1.2.3',
      log: pino({ level: 'silent' }),
      onStop: () => story.push('stop asked'),
      async openEngine() {
        story.push('opened');
        return fakeEngine({ close: async () => void story.push('closed') });
      },
      ...change,
    }),
    [Symbol.asyncDispose]: () => rm(root, { recursive: true, force: true }),
  };
}

test('starts, and ends in the reverse order', async () => {
  await using here = await place();
  const service = await startService(here.parts());
  expect((await stat(here.paths.serviceSocket)).isSocket()).toBe(true);
  expect((await stat(here.paths.tokenFile)).mode & 0o777).toBe(0o600);
  const strange = await fetch(`${service.address}/api/v1/service`);
  expect(strange.status).toBe(401);
  await strange.body?.cancel();
  await service.stop();
  expect(here.story).toEqual(['opened', 'closed']);
  expect(await readdir(here.paths.runtime)).toEqual(['service.lock']);
});

test('there is one for a folder of machines, even with another place for sockets', async () => {
  await using here = await place();
  const service = await startService(here.parts());
  const elsewhere = { ...here.paths, serviceSocket: join(here.paths.runtime, 'other', 's') };
  await expect(startService(here.parts({ paths: elsewhere }))).rejects.toMatchObject({
    code: 'service-already-running',
    facts: { pid: process.pid, directory: here.paths.data },
  });
  expect(here.story).toEqual(['opened']);
  await service.stop();
  await (await startService(here.parts({ paths: elsewhere }))).stop();
});

test('touches no machine when its port is taken, and can be started after that', async () => {
  await using here = await place();
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(startService(here.parts({ port }))).rejects.toMatchObject({ code: 'port-taken' });
  expect(here.story).toEqual([]);
  other.close();
  await once(other, 'close');
  await (await startService(here.parts({ port }))).stop();
});

test('closes what it opened when it cannot listen', async () => {
  await using here = await place();
  const long = { ...here.paths, serviceSocket: join(here.paths.runtime, 'x'.repeat(120)) };
  await expect(startService(here.parts({ paths: long }))).rejects.toMatchObject({ code: 'unsafe-directory' });
  expect(here.story).toEqual(['opened', 'closed']);
  await (await startService(here.parts())).stop();
});
