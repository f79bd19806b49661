// SPDX-License-Identifier: Apache-2.0
//
// The process of the service:  node src/daemon/main.ts [--port NUMBER]
// It ends with 0 when it was asked to, with 3 when another service runs already, and with 1 when it failed.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { PhyllomeError } from '../contract/errors.ts';
import { resolvePaths } from '../contract/paths.ts';
import { createEngine } from '../engine/create-engine.ts';
import { openSettings } from '../engine/settings.ts';
import { createDrivers } from '../vmm/drivers.ts';
import { createLog } from './log.ts';
import { startService, type Service } from './service.ts';

const alreadyRunningCode = 3;
// An orderly end takes no longer than this (ms); what is left then is what a kill would leave, which is safe.
const longestStop = 2000;

// Logs, sockets and disks are nobody else's business.
process.umask(0o077);
const log = createLog();
process.on('uncaughtException', crash);
process.on('unhandledRejection', crash);

const stopAsked = Promise.withResolvers<void>();
const service = await start().catch(refuse);
log.info({ address: service.address }, 'the service runs');

for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => void stop(signal));
void stopAsked.promise.then(() => stop('a request'));

async function start(): Promise<Service> {
  const paths = resolvePaths(process.env, process.getuid?.() ?? 0);
  const settings = openSettings(paths.settings);
  const drivers = createDrivers({
    cacheDirectory: paths.cache,
    runtimeDirectory: paths.runtime,
    vmmDirectory: () => settings.read().vmmDirectory ?? null,
  });
  return startService({
    paths,
    port: readPort(),
    version: readVersion(),
    log,
    openEngine: () => createEngine(paths, drivers, (text) => log.warn(text)),
    onStop: stopAsked.resolve,
  });
}

async function stop(reason: string): Promise<never> {
  log.info(`ends because of ${reason}`);
  setTimeout(() => {
    log.warn('did not end in order; leaving');
    process.exit(1);
  }, longestStop);
  await service.stop();
  log.info('ended');
  process.exit(0);
}

function readPort(): number | null {
  const { port } = parseArgs({ options: { port: { type: 'string' } } }).values;
  if (port === undefined) return null;
  if (/^\d{1,5}$/.test(port) && Number(port) <= 65_535) return Number(port);
  throw new PhyllomeError('usage-error', {
    reason: `${port} is not a port: those are 0 to 65535`,
    command: '',
  });
}

function readVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

// Plain words, because "phyllome up" shows the last lines of the log when the service does not start.
function refuse(error: unknown): never {
  const { code, message, hint } = PhyllomeError.from(error);
  if (code === 'internal-error') log.fatal({ err: error }, message);
  console.error(`${message}\n${hint}`);
  process.exit(code === 'service-already-running' ? alreadyRunningCode : 1);
}

function crash(error: unknown): never {
  log.fatal({ err: error }, 'crashed');
  process.exit(1);
}
