// SPDX-License-Identifier: Apache-2.0
//
// A real service in folders of its own, for tests that boot guests.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Machine } from '../../src/contract/api.ts';
import type { PhyllomeEvent } from '../../src/contract/event.ts';
import { resolvePaths, type Paths } from '../../src/contract/paths.ts';
import type { Task } from '../../src/contract/task.ts';
import { createClient, type Client } from '../../src/cli/service/client.ts';
import { openEvents } from '../../src/cli/service/events.ts';
import { nodeOptions } from '../../src/cli/service/start.ts';
import { processesMentioning } from '../../src/host/identity.ts';

const root = join(import.meta.dirname, '../..');
// Guests we built are shared between tests: building one takes seconds and is tested by itself.
const cache = join(root, 'node_modules/.cache/phyllome-tests');

export interface TestService extends AsyncDisposable {
  paths: Paths;
  env: Record<string, string>;
  client: Client;
  process: ChildProcess;
  /** Ends the service by a signal and waits until it is gone. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  /** Starts it again on the same folders, at any free port or at the one a browser knows. */
  restart(port?: number): Promise<void>;
  /** Performs a task and waits for its end. @throws the task's error */
  finish(task: Promise<Task>): Promise<Task>;
  create(name: string, definition?: Record<string, unknown>): Promise<Machine>;
  /** Waits for an event. Begin to listen before you do what causes it. */
  listen(): Promise<{
    next(matches: (event: PhyllomeEvent) => boolean): Promise<PhyllomeEvent>;
    close(): void;
  }>;
  /** Processes of this user that have to do with the machines of this service. */
  processes(): number[];
}

export async function startService(options: { dataParent?: string } = {}): Promise<TestService> {
  const folder = await mkdtemp(join(tmpdir(), 'pht-'));
  const data = options.dataParent ?? folder;
  const env = {
    PATH: process.env['PATH'] ?? '',
    HOME: folder,
    XDG_DATA_HOME: data,
    XDG_STATE_HOME: join(folder, 's'),
    XDG_CACHE_HOME: cache,
    XDG_RUNTIME_DIR: join(folder, 'r'),
    NODE_COMPILE_CACHE: join(cache, 'node'),
  };
  const paths = resolvePaths(env, process.getuid?.() ?? 0);
  await mkdir(env.XDG_RUNTIME_DIR, { mode: 0o700 });
  await mkdir(paths.state, { recursive: true });
  const client = createClient(paths);

  const start = async (port = 0): Promise<ChildProcess> => {
    const log = await open(paths.serviceLog, 'a');
    const child = spawn(
      process.execPath,
      [...nodeOptions, join(root, 'src/daemon/main.ts'), '--port', String(port)],
      {
        env,
        stdio: ['ignore', log.fd, log.fd],
      },
    );
    await log.close();
    for (;;) {
      if (child.exitCode !== null) throw new Error((await readFile(paths.serviceLog, 'utf8')).slice(-2000));
      // A socket file of a killed service may still be there, so only an answer counts.
      if (
        await client.call('service').then(
          () => true,
          () => false,
        )
      )
        return child;
      await delay(10);
    }
  };

  const service: TestService = {
    paths,
    env,
    client,
    process: await start(),
    async kill(signal = 'SIGKILL') {
      const { process: child } = service;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill(signal);
      await gone;
    },
    async restart(port) {
      service.process = await start(port);
    },
    async finish(started) {
      const { id } = await started;
      for (;;) {
        const task = await client.call('showTask', { params: { id } });
        if (task.error !== null) throw Object.assign(new Error(task.error.message), task.error);
        if (task.state === 'done') return task;
        await delay(20);
      }
    },
    async create(name, definition = {}) {
      await service.finish(client.call('createMachine', { body: { name, from: 'tiny', definition } }));
      return client.call('showMachine', { params: { ref: name } });
    },
    async listen() {
      const feed = await openEvents(client);
      const events = feed[Symbol.asyncIterator]();
      return {
        async next(matches) {
          for (;;) {
            const { value, done } = await events.next();
            if (done === true) throw new Error('the stream of events ended');
            if (matches(value)) return value;
          }
        },
        close: () => feed.close(),
      };
    },
    processes: () => [paths.runtime, paths.machines].flatMap((path) => processesMentioning(path)),
    async [Symbol.asyncDispose]() {
      client.close();
      await service.kill();
      // Whatever a test left running is ended by pid: only processes that name this test's own folders.
      for (const pid of service.processes()) process.kill(pid, 'SIGKILL');
      while (service.processes().length > 0) await delay(10);
      for (const name of existsSync(paths.machines) ? await readdir(paths.machines) : []) {
        await rm(join(paths.machines, name), { recursive: true, force: true });
      }
      await rm(folder, { recursive: true, force: true });
    },
  };
  return service;
}
