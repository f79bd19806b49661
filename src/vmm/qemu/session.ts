// SPDX-License-Identifier: Apache-2.0
import { connect, type Socket } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { errorCode } from '../../host/files.ts';
import type { Attachable, Session, VmmEvent } from '../driver.ts';
import { createCounters } from './counters.ts';
import { createDrives } from './drives.ts';
import { createTranslator, readState } from './events.ts';
import { createGuestAgent } from './guest-agent.ts';
import { createGuestTrim } from './guest-trim.ts';
import { createHeads } from './heads.ts';
import { createKeyboard } from './keyboard.ts';
import { createLiveDisks, requestAll } from './live-disks.ts';
import { createMemory } from './memory.ts';
import { readMeasurement } from './measurement.ts';
import { looseCablePrefix, usesSlirp } from './nics.ts';
import { createPowerButton } from './power-button.ts';
import { isRecord, openQmp, type Qmp } from './qmp.ts';

/** QEMU needs about 60 ms to open its socket; looking this often costs little and wastes little. */
const retryMilliseconds = 5;

/** QEMU has every verb. */
type QemuSession = Session &
  Required<
    Pick<
      Session,
      'pause' | 'powerButton' | 'reset' | 'quit' | 'screenshot' | 'drives' | 'counters' | 'memory'
    >
  >;

/**
 * Connects to the QEMU of a plan and makes it a Session. Nothing of an earlier conversation is needed: events
 * that nobody heard are lost in QEMU, so whoever attaches asks for `state()` and `agentConnected()` first.
 */
export async function attach(
  { machine, endpoints, confidential, process, requests = [] }: Attachable,
  onEvent: (event: VmmEvent) => void,
  signal: AbortSignal,
): Promise<QemuSession> {
  const socket = await connectWhenReady(machine.name, endpoints.control, signal);
  const options = { onEvent: createTranslator(onEvent), onClose: () => onEvent({ type: 'closed' }), signal };
  const qmp = await openQmp({ input: socket, output: socket }, { name: machine.name, ...options });
  try {
    const now = await status(qmp);
    if (now === 'prelaunch' || now === 'inmigrate') {
      await pullLooseCables(qmp);
      await requestAll(qmp, requests);
    }
  } catch (error) {
    qmp.close();
    throw error;
  }
  return createSession(qmp, machine.name, {
    endpoints,
    confidential,
    slirp: usesSlirp(process?.command ?? []),
  });
}

function createSession(
  qmp: Qmp,
  name: string,
  {
    endpoints,
    confidential,
    slirp,
  }: Pick<Attachable, 'endpoints'> & {
    confidential: Attachable['confidential'] | undefined;
    slirp: boolean;
  },
): QemuSession {
  const run = async (command: string, args?: Readonly<Record<string, unknown>>): Promise<void> => {
    await qmp.execute(command, args);
  };
  const agent = endpoints.agent === null ? null : createGuestAgent({ name, socket: endpoints.agent });
  const agentConnected = async (): Promise<boolean> => {
    const ports = await qmp.execute('query-chardev');
    const port = Array.isArray(ports) ? ports.find((entry) => field(entry, 'label') === 'agent') : undefined;
    return field(port, 'frontend-open') === true;
  };
  return {
    identity: async () => String(field(await qmp.execute('query-uuid'), 'UUID')),
    state: async () => readState(await status(qmp)),
    agentConnected,
    resume: () => run('cont'),
    pause: () => run('stop'),
    powerButton: createPowerButton({ name, qmp, agent, agentConnected }),
    reset: () => run('system_reset'),
    quit: () => run('quit').catch(acceptGone),
    screenshot: (file) => run('screendump', { filename: file, format: 'png' }),
    drives: createDrives(qmp, name),
    heads: createHeads(qmp, name),
    disks: createLiveDisks(qmp, name),
    trimGuest: createGuestTrim({ name, agent, agentConnected }),
    memory: createMemory({ qmp, name, slirp, socket: join(dirname(endpoints.control), 'memory') }),
    ...(agent !== null && {
      async setClock() {
        // Nobody is there to be told in a guest without an agent; it looks at the clock of its board when it likes.
        if (!(await agentConnected())) return;
        // Nanoseconds since 1970. JSON has them to some hundred of them.
        await agent.ask('guest-set-time', { arguments: { time: Date.now() * 1e6 } });
      },
    }),
    counters: createCounters({ name, qmp, agent, agentConnected }),
    // A machine without a display has no keyboard of ours, and on many boards none at all.
    ...(endpoints.display !== null && { keyboard: createKeyboard(qmp, name) }),
    ...(confidential !== undefined && { measurement: () => readMeasurement(qmp, confidential) }),
    close() {
      agent?.close();
      qmp.close();
    },
  };
}

/** QEMU may be gone before its answer to "quit" gets through: that is what was asked for. */
function acceptGone(error: unknown): void {
  if (!(error instanceof PhyllomeError) || error.code !== 'vmm-gone') throw error;
}

async function status(qmp: Qmp): Promise<unknown> {
  return field(await qmp.execute('query-status'), 'status');
}

/** A network card "without a cable" needs to be told so: no argument of QEMU starts one with its link down. */
async function pullLooseCables(qmp: Qmp): Promise<void> {
  const devices = await qmp.execute('qom-list', { path: '/machine/peripheral' });
  const names = Array.isArray(devices) ? devices.map((entry) => String(field(entry, 'name'))) : [];
  for (const name of names.filter((name) => name.startsWith(looseCablePrefix))) {
    await qmp.execute('set_link', { name, up: false });
  }
}

async function connectWhenReady(name: string, path: string, signal: AbortSignal): Promise<Socket> {
  for (;;) {
    try {
      signal.throwIfAborted();
      return await connected(path);
    } catch (error) {
      const code = errorCode(error);
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw gone(name, path, error);
    }
    await delay(retryMilliseconds, undefined, { signal }).catch((error: unknown) => {
      throw gone(name, path, error);
    });
  }
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.removeAllListeners('error');
      resolve(socket);
    });
    socket.once('error', reject);
  });
}

function gone(name: string, path: string, cause: unknown): PhyllomeError {
  const reason = `nobody answers on ${path} (${reasonOf(cause)})`;
  return new PhyllomeError('vmm-gone', { name, reason }, { cause });
}

function field(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}
