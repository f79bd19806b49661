// SPDX-License-Identifier: Apache-2.0
import { mkdir } from 'node:fs/promises';
import type { FastifyBaseLogger } from 'fastify';
import { PhyllomeError } from '../contract/errors.ts';
import type { Paths } from '../contract/paths.ts';
import type { Engine } from '../engine/engine.ts';
import { ensurePrivateDirectory } from '../engine/files.ts';
import { lockFile, lockHolder, type Lock } from '../host/lock.ts';
import { requireFreePort, startServer } from './server.ts';
import { loadToken } from './token.ts';

export interface ServiceParts {
  paths: Paths;
  /** 0: any that is free. null: the usual one, or any when somebody else on this PC has that */
  port: number | null;
  version: string;
  log: FastifyBaseLogger;
  openEngine(): Promise<Engine>;
  /** Called when a client asks the service to end */
  onStop(): void;
}

export interface Service {
  /** http://127.0.0.1:PORT */
  address: string;
  /** Ends the service; machines keep running. */
  stop(): Promise<void>;
}

/**
 * Becomes the one service that looks after the machines of `paths`. What fails leaves nothing behind.
 * @throws PhyllomeError `service-already-running`, `port-taken`, `unsafe-directory`
 */
export async function startService(parts: ServiceParts): Promise<Service> {
  const { paths, version, log } = parts;
  const startedAt = new Date().toISOString();
  await using begun = new AsyncDisposableStack();

  await mkdir(paths.data, { recursive: true, mode: 0o700 });
  await ensurePrivateDirectory(paths.runtime);
  // Both, because another service may have the one and not the other.
  begun.use(await lockFor(paths.serviceLock, paths.data));
  begun.use(await lockFor(paths.runtimeLock, paths.runtime));
  // Before any machine is touched: opening the engine may start some.
  const port = await choosePort(parts.port, log);
  const engine = await parts.openEngine();
  begun.defer(() => engine.close());
  const server = await startServer({
    engine,
    service: { version, pid: process.pid, startedAt, dataDirectory: paths.data },
    socketPath: paths.serviceSocket,
    port,
    token: await loadToken(paths.tokenFile),
    access: { settings: paths.access, sessions: paths.sessions, certificate: paths.pageCertificate },
    log,
    onStop: parts.onStop,
  });
  begun.defer(() => server.close());

  const running = begun.move();
  return { address: server.address, stop: () => running.disposeAsync() };
}

// The port of the page and of the API for browsers.
const usualPort = 7411;

async function choosePort(wanted: number | null, log: FastifyBaseLogger): Promise<number> {
  try {
    await requireFreePort(wanted ?? usualPort);
    return wanted ?? usualPort;
  } catch (error) {
    // Another user of this PC may run Phyllome, too; the command line tells the address in any case.
    if (wanted !== null) throw error;
    log.warn(`port ${usualPort} is taken; using any that is free`);
    return 0;
  }
}

async function lockFor(file: string, directory: string): Promise<Lock> {
  const lock = await lockFile(file);
  if (lock !== null) return lock;
  const pid = (await lockHolder(file)) ?? 'unknown';
  throw new PhyllomeError('service-already-running', { pid, directory });
}
