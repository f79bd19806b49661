// SPDX-License-Identifier: Apache-2.0
//
// For tests: starts a crosvm from a plan, as the engine does, which this room may not know.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { LaunchPlan } from '../../contract/plan.ts';
import { findBinary } from '../../host/binaries.ts';
import type { ProcessExit, VmmEvent } from '../driver.ts';
import { plan } from './plan.ts';
import { attach } from './session.ts';
import { fakePc, machine, report, type FakePc } from './testing.ts';

interface Started {
  plan: LaunchPlan;
  binary: string;
  /** The file that it writes what it has to say to */
  log: string;
  ended: Promise<ProcessExit>;
  kill(): Promise<void>;
}

/** Starts a crosvm on this PC, without waiting for it. */
export async function startUnattached(pc: FakePc): Promise<Started> {
  const sandbox = { usable: false, reason: 'it only plays', emptyFolder: null, root: false };
  const found = report({ binary: pc.binary, sandbox, flock: { path: findBinary('flock'), install: '' } });
  const made = plan(machine(), found, pc.paths);
  const pipe = made.process.input ?? '';
  await promisify(execFile)('mkfifo', ['--mode=600', pipe]);
  await using input = await open(pipe, 'r+');
  await using log = await open(made.process.log, 'a');
  const [file = '', ...parameters] = made.process.command;
  const child = spawn(file, parameters, { cwd: '/', stdio: [input.fd, log.fd, log.fd] });
  const ended: Promise<ProcessExit> = once(child, 'exit').then(([code, signal]) => ({ code, signal }));
  return {
    plan: made,
    binary: pc.binary,
    log: made.process.log,
    ended,
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

export interface FakeMachine extends AsyncDisposable, Omit<Started, 'log'> {
  session: Awaited<ReturnType<typeof attach>>;
  events: VmmEvent[];
  /** What the guest does: poweroff, reboot, panic, crash, hang, login */
  guest(what: string): Promise<void>;
  /** What the guest wrote to its serial port */
  serial(): Promise<string>;
  log(): Promise<string>;
}

/** @param options.serialBefore what an earlier run left in the log of its serial port */
export async function startFake({ serialBefore = '' } = {}): Promise<FakeMachine> {
  const pc = await fakePc();
  const serialLog = join(pc.paths.logs, 'serial.log');
  await writeFile(serialLog, serialBefore);
  const started = await startUnattached(pc);
  const events: VmmEvent[] = [];
  const session = await attach(started.plan, (event) => events.push(event), AbortSignal.timeout(10_000));
  return {
    ...started,
    session,
    events,
    async guest(what) {
      await promisify(execFile)(pc.binary, ['guest', what, started.plan.endpoints.control]);
    },
    serial: () => readFile(serialLog, 'utf8'),
    log: () => readFile(started.log, 'utf8'),
    async [Symbol.asyncDispose]() {
      session.close();
      await started.kill();
      await rm(pc.directory, { recursive: true, force: true });
    },
  };
}
