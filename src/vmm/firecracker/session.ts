// SPDX-License-Identifier: Apache-2.0
import { dirname } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import { commandLine, processesMentioning } from '../../host/identity.ts';
import { contextSwitches } from '../../host/process-activity.ts';
import type { Attachable, Session, VmmEvent, VmmState } from '../driver.ts';
import { watchGuestOff } from '../guest-off.ts';
import { watchGuestUp } from '../guest-up.ts';
import { createRestApi, waitForApi, type RestApi } from '../rest-api.ts';

// Starting the guest reads its kernel and initrd: slow storage, long calls (ms).
const slowCall = 60_000;

/** Its verbs. There is no event to listen to: the serial port and the end of the process say what happens. */
type FirecrackerSession = Session & Required<Pick<Session, 'pause'>>;

export interface SessionOptions {
  /** Of the PC, and so of the guest */
  architecture: string;
  /** Stands in for what the process does, in tests */
  activity?: () => number | null;
  /** See guest-off.ts */
  patience?: number;
}

/**
 * Connects to the Firecracker of a plan. One that was just started is told what machine it is; one whose guest was let go
 * is taken over.
 */
export async function attach(
  { machine, endpoints, requests = [], serialLog }: Attachable,
  onEvent: (event: VmmEvent) => void,
  signal: AbortSignal,
  options: SessionOptions,
): Promise<FirecrackerSession> {
  const { name } = machine;
  const api = createRestApi({ name, socket: endpoints.control, readError });
  try {
    const info = await waitForApi(api, { name, path: '/', signal });
    const fresh = stateOf(name, info) === 'prelaunch';
    if (fresh) for (const { method, path, body } of requests) await api.call(method as 'PUT', path, body);
    const watch = await watchSerial(
      { log: serialLog ?? null, control: endpoints.control, fresh },
      onEvent,
      options,
    );
    return createSession(name, api, watch, options.architecture);
  } catch (error) {
    api.close();
    throw error;
  }
}

interface SerialWatch {
  readonly up: boolean;
  readonly off: boolean;
  close(): void;
}

/** @param fresh what is in the log is of the guest before, which began anew */
async function watchSerial(
  { log, control, fresh }: { log: string | null; control: string; fresh: boolean },
  onEvent: (event: VmmEvent) => void,
  { architecture, activity, patience }: SessionOptions,
): Promise<SerialWatch> {
  if (log === null) return { up: false, off: false, close() {} };
  const up = await watchGuestUp(log, () => onEvent({ type: 'up' }));
  if (fresh) up.again();
  // On ARM, it ends with its guest.
  if (architecture !== 'x86_64')
    return {
      off: false,
      close: () => up.close(),
      get up() {
        return up.up;
      },
    };
  const off = await watchGuestOff({
    log,
    fresh,
    activity: activity ?? activityOf(control),
    onOff: () => onEvent({ type: 'shut-down' }),
    ...(patience !== undefined && { patience }),
  });
  return {
    get up() {
      return up.up;
    },
    get off() {
      return off.off;
    },
    close() {
      up.close();
      off.close();
    },
  };
}

/** How busy the process is that listens on a socket: the one that was told so in its arguments. */
function activityOf(control: string): () => number | null {
  return () => {
    const pid = processesMentioning(dirname(control)).find((one) => {
      const words = commandLine(one);
      return words[words.indexOf('--api-sock') + 1] === control;
    });
    return pid === undefined ? null : contextSwitches(pid);
  };
}

function createSession(
  name: string,
  api: RestApi,
  watch: SerialWatch,
  architecture: string,
): FirecrackerSession {
  const info = (): Promise<unknown> => api.call('GET', '/');
  const turn = async (state: 'Paused' | 'Resumed'): Promise<void> => {
    await api.call('PATCH', '/vm', { state });
  };
  const act = async (action: string, milliseconds?: number): Promise<void> => {
    await api.call('PUT', '/actions', { action_type: action }, milliseconds);
  };
  return {
    identity: async () => String(field(await info(), 'id')),
    state: async () => {
      const state = stateOf(name, await info());
      return watch.off ? 'shut-down' : state;
    },
    agentConnected: async () => watch.up,
    resume: async () =>
      stateOf(name, await info()) === 'prelaunch' ? act('InstanceStart', slowCall) : turn('Resumed'),
    pause: () => turn('Paused'),
    // Linux begins anew upon it, or does what its administrator wants; who asked for it knows that it means "power off".
    ...(architecture === 'x86_64' && { powerButton: () => act('SendCtrlAltDel') }),
    close() {
      watch.close();
      api.close();
    },
  };
}

const states: Readonly<Record<string, VmmState>> = {
  'Not started': 'prelaunch',
  Running: 'running',
  Paused: 'paused',
};

/** @throws PhyllomeError `vmm-gone` when something else answers there */
function stateOf(name: string, info: unknown): VmmState {
  const state = states[String(field(info, 'state'))];
  if (state !== undefined) return state;
  throw new PhyllomeError('vmm-gone', { name, reason: 'what answers on its socket is no Firecracker' });
}

/** {"fault_message": "..."}. Words of other programs are taken as they are. */
export function readError(body: string): string {
  try {
    const message = field(JSON.parse(body), 'fault_message');
    if (typeof message === 'string') return message;
  } catch {
    // The server itself, below the API, answers in other ways: {"error": "..."}, plain text, or nothing.
  }
  return body.trim();
}

function field(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
