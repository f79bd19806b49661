// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import { followFile } from '../../host/follow-file.ts';
import type { Attachable, Session, VmmEvent, VmmState } from '../driver.ts';
import { watchGuestUp, type GuestUp } from '../guest-up.ts';
import { createRestApi, waitForApi, type RestApi } from '../rest-api.ts';
import { createCounters } from './counters.ts';
import { createEventReader, meaningOf, type MonitorEvent } from './events.ts';
import { runFilesOf, type RunFiles } from './run-files.ts';
import { offerTerminal } from './serial.ts';

// Making and starting the guest reads its kernel, firmware and the headers of its disks: slow storage, long calls (ms).
const slowCall = 60_000;

/** It has these verbs, whatever its guest is. */
type CloudHypervisorSession = Session &
  Required<Pick<Session, 'pause' | 'powerButton' | 'reset' | 'quit' | 'counters'>>;

/**
 * Connects to the Cloud Hypervisor of a plan. One that was just started is told what machine it is; one that has a guest
 * already is taken over. Events of the time before are not told: ask for the state.
 */
export async function attach(
  run: Attachable,
  onEvent: (event: VmmEvent) => void,
  signal: AbortSignal,
): Promise<CloudHypervisorSession> {
  const { machine, endpoints, requests = [] } = run;
  const { name } = machine;
  const api = createRestApi({ name, socket: endpoints.control, readError });
  try {
    await waitForApi(api, { name, path: '/api/v1/vmm.ping', signal });
    const fresh = (await infoOf(api)) === null;
    // Read from here on, so that nothing is missed between a request and our first look.
    const history = fresh ? Infinity : 0;
    if (fresh)
      for (const { method, path, body } of requests) await api.call(method as 'PUT', path, body, slowCall);
    return await createSession({ ...run, api, history, onEvent });
  } catch (error) {
    api.close();
    throw error;
  }
}

interface Conversation extends Attachable {
  api: RestApi;
  /** Bytes of its log that were not told to anybody yet */
  history: number;
  onEvent: (event: VmmEvent) => void;
}

async function createSession(conversation: Conversation): Promise<CloudHypervisorSession> {
  const { machine, endpoints, process, serialLog, api, history, onEvent } = conversation;
  if (process === undefined) throw new Error('a run whose log nobody knows');
  const { name } = machine;
  const files = runFilesOf(endpoints);
  let closed = false;
  const tell = (event: VmmEvent): void => {
    if (!closed) onEvent(event);
  };
  const up: GuestUp | null =
    serialLog == null ? null : await watchGuestUp(serialLog, () => tell({ type: 'up' }));
  const offer = (): Promise<void> => (serialLog == null ? Promise.resolve() : offerSerial(api, files));

  const hear = (event: MonitorEvent): void => {
    if (event.source === 'vm' && event.event === 'rebooting') up?.again();
    const meaning = meaningOf(event);
    if (meaning !== null) tell(meaning);
    // The serial port has another terminal now. A VMM that cannot be asked is noticed by whoever asks for something.
    if (event.source === 'vm' && event.event === 'rebooted') offer().catch(() => {});
  };
  const read = createEventReader(hear);
  const decoder = new TextDecoder();
  const follower = await followFile(process.log, history, (bytes) =>
    read(decoder.decode(bytes, { stream: true })),
  );
  const stopListening = (): void => {
    closed = true;
    up?.close();
    void follower.close();
  };

  const run = async (verb: string, milliseconds?: number): Promise<void> => {
    await api.call('PUT', `/api/v1/${verb}`, undefined, milliseconds);
  };
  try {
    if (history === 0) await offer();
  } catch (error) {
    stopListening();
    throw error;
  }
  return {
    identity: async () => uuidOf(await requireInfo(api, name)),
    state: async () => stateOf(await infoOf(api)),
    agentConnected: async () => up?.up ?? false,
    async resume() {
      if (stateOf(await infoOf(api)) !== 'prelaunch') return run('vm.resume');
      await run('vm.boot', slowCall);
      await offer();
    },
    pause: () => run('vm.pause'),
    powerButton: () => run('vm.power-button'),
    reset: () => run('vm.reboot', slowCall),
    quit: () => run('vmm.shutdown').catch(acceptGone),
    counters: createCounters(api),
    close() {
      stopListening();
      api.close();
    },
  };
}

/** `vm.info`; null: it was not told yet what machine it is. */
async function infoOf(api: RestApi): Promise<Record<string, unknown> | null> {
  try {
    return record(await api.call('GET', '/api/v1/vm.info'));
  } catch (error) {
    if (isNotCreated(error)) return null;
    throw error;
  }
}

/** Status 404 since version 53; before, it was 500 as for everything else, with these words. */
function isNotCreated(error: unknown): boolean {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-refused') return false;
  return error.facts['status'] === 404 || /VM is not created/i.test(String(error.facts['reason']));
}

async function requireInfo(api: RestApi, name: string): Promise<Record<string, unknown>> {
  const info = await infoOf(api);
  if (info === null) throw new PhyllomeError('vmm-gone', { name, reason: 'it has no machine' });
  return info;
}

const states: Readonly<Record<string, VmmState>> = {
  Created: 'prelaunch',
  Running: 'running',
  Paused: 'paused',
  // A debugger stopped it.
  BreakPoint: 'paused',
  Shutdown: 'shut-down',
};

function stateOf(info: Record<string, unknown> | null): VmmState {
  return info === null ? 'prelaunch' : (states[String(info['state'])] ?? 'failed');
}

/** The key has another name since version 53. */
function uuidOf(info: Record<string, unknown>): string {
  const platform = record(record(info['config'])['platform']);
  return String(platform['system_uuid'] ?? platform['uuid']);
}

async function offerSerial(api: RestApi, files: RunFiles): Promise<void> {
  const serial = record(record((await infoOf(api))?.['config'])['serial']);
  const terminal = serial['file'];
  if (serial['mode'] === 'Pty' && typeof terminal === 'string') await offerTerminal(files, terminal);
}

/** It may be gone before its answer gets through: that is what was asked for. */
function acceptGone(error: unknown): void {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-gone') throw error;
}

/** Errors are lists: what failed, and why, and why that. Words of other programs are taken as they are. */
export function readError(body: string): string {
  try {
    const causes: unknown = JSON.parse(body);
    if (Array.isArray(causes)) return causes.map(String).join(': ');
  } catch {
    // The server itself, below the API, answers in plain text or with nothing.
  }
  return body.trim();
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}
