// SPDX-License-Identifier: Apache-2.0
//
// A Cloud Hypervisor for tests that is nothing but its API and the events in its log, and as strict as the real one: ten
// connections, no chunked bodies, requests and answers as its API description says, errors as lists of causes.
import { appendFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cloudHypervisorApi, readApi } from '../testing-api.ts';
import { answerHalf, createRestServer } from '../testing-rest-server.ts';

const prefix = '/api/v1';

export interface FakeCloudHypervisor extends AsyncDisposable {
  /** Its run folder */
  run: string;
  control: string;
  log: string;
  /** "PUT /vm.boot", in order; GET left out */
  calls: string[];
  /** Everything it was asked wrongly; a test ends with this empty */
  mistakes: string[];
  state: 'none' | 'Created' | 'Running' | 'Paused';
  /** The name of the serial terminal, another one after each boot */
  terminal: string;
  /** Writes an event as the real one does */
  emit(source: string, event: string, properties?: Record<string, string>): void;
  /** Writes another line to its log */
  warn(): void;
  /** The guest begins anew */
  reboot(): void;
  /** Ends all connections and the socket, as a killed one does */
  vanish(): Promise<void>;
}

export interface FakeOptions {
  /** 52 says 500 where 53 says 404, and knows the UUID by its old name only */
  version?: '52.0' | '53.0';
  /** Instead of its own answer: a status with its causes, no answer at all, or half of one */
  instead?: Record<string, { status: number; causes: string[] } | 'hang' | 'half'>;
  counters?: unknown;
}

interface Outcome {
  status: number;
  body?: unknown;
}

const failed = (status: number, ...causes: string[]): Outcome => ({ status, body: causes });

export async function startFakeCloudHypervisor(options: FakeOptions = {}): Promise<FakeCloudHypervisor> {
  const { version = '53.0', instead = {} } = options;
  const api = readApi(cloudHypervisorApi);
  const run = await mkdtemp(join(tmpdir(), 'ph-chv-'));
  let config: Record<string, unknown> | null = null;
  let clock = 0;

  const fake: FakeCloudHypervisor = {
    run,
    control: join(run, 'control'),
    log: join(run, 'vmm.log'),
    calls: [],
    mistakes: [],
    state: 'none',
    terminal: '',
    emit(source, event, properties) {
      const timestamp = { secs: 0, nanos: (clock += 1) };
      const value = { timestamp, source, event, properties: properties ?? null };
      appendFileSync(fake.log, `${JSON.stringify(value, null, 2)}\n\n`);
    },
    reboot() {
      fake.emit('vm', 'rebooting');
      fake.terminal = `/dev/pts/${1000 + (clock += 1)}`;
      fake.emit('vm', 'rebooted');
    },
    warn: () =>
      appendFileSync(fake.log, 'cloud-hypervisor:  12.345678s: <vcpu0> WARN:vmm/src/cpu.rs:268 -- {\n'),
    vanish: () => server.close(),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(run, { recursive: true, force: true });
    },
  };

  const info = (): unknown => {
    const { platform, serial, ...rest } = config as { platform: { uuid: string }; serial: { mode: string } };
    const named = version === '52.0' ? platform : { system_uuid: platform.uuid };
    const file = serial.mode === 'Pty' ? { file: fake.terminal } : {};
    return { config: { ...rest, platform: named, serial: { ...serial, ...file } }, state: fake.state };
  };
  const boot = (): void => {
    fake.emit('vm', 'booting');
    fake.state = 'Running';
    fake.emit('vm', 'booted');
  };

  const ok: Outcome = { status: 204 };
  const notCreated = (): Outcome =>
    failed(
      version === '52.0' ? 500 : 404,
      'Error from API',
      'The VM info is not available',
      'VM is not created',
    );
  const onlyIn = (state: FakeCloudHypervisor['state'], act: () => void): Outcome => {
    if (fake.state === 'none') return notCreated();
    if (fake.state !== state) return failed(500, 'Error from API', `VM is ${fake.state}`);
    act();
    return ok;
  };
  const verbs: Record<string, (body: unknown) => Outcome> = {
    'GET /vmm.ping': () => ({
      status: 200,
      body: { build_version: `v${version}`, version, pid: process.pid, features: ['kvm'] },
    }),
    'GET /vm.info': () => (config === null ? notCreated() : { status: 200, body: info() }),
    'GET /vm.counters': () => ({ status: 200, body: options.counters ?? {} }),
    'PUT /vm.create': (body) => {
      if (config !== null) return failed(500, 'Error from API', 'The VM is already created');
      config = body as Record<string, unknown>;
      fake.state = 'Created';
      fake.terminal = '/dev/pts/1000';
      return ok;
    },
    'PUT /vm.boot': () => onlyIn('Created', boot),
    'PUT /vm.pause': () =>
      onlyIn('Running', () => {
        fake.state = 'Paused';
        fake.emit('vm', 'pausing');
        fake.emit('vm', 'paused');
      }),
    'PUT /vm.resume': () =>
      onlyIn('Paused', () => {
        fake.state = 'Running';
        fake.emit('vm', 'resuming');
        fake.emit('vm', 'resumed');
      }),
    'PUT /vm.power-button': () => onlyIn('Running', () => {}),
    'PUT /vm.reboot': () => onlyIn('Running', fake.reboot),
    'PUT /vmm.shutdown': () => {
      fake.emit('vmm', 'shutdown');
      // Its description says 204.
      return { status: 200 };
    },
  };

  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const { method = '', url = '', headers } = request;
    const path = url.slice(prefix.length);
    const call = `${method} ${path}`;
    const reply = ({ status, body }: Outcome): void => {
      if (body !== undefined && status === 200) checked(() => api.checkAnswer(method, path, status, body));
      const content = body === undefined ? '' : JSON.stringify(body);
      response.writeHead(status, { 'content-type': 'application/json', 'content-length': content.length });
      response.end(content);
    };
    const checked = (check: () => void): boolean => {
      try {
        check();
        return true;
      } catch (error) {
        fake.mistakes.push(String(error));
        return false;
      }
    };
    if (headers['transfer-encoding'] !== undefined) {
      fake.mistakes.push(`${call} has a chunked body`);
      return reply(failed(400, 'Failed to deserialize JSON', 'EOF while parsing a value at line 1 column 0'));
    }
    const body: unknown = text === '' ? undefined : JSON.parse(text);
    if (!url.startsWith(`${prefix}/`) || !checked(() => api.checkRequest(method, path, body)))
      return reply(failed(400, 'Bad Request'));
    if (method !== 'GET') fake.calls.push(call);
    const other = instead[call] ?? instead['*'];
    if (other === 'hang') return;
    if (other === 'half') {
      return answerHalf(response);
    }
    if (other !== undefined) return reply(failed(other.status, ...other.causes));
    reply(verbs[call]?.(body) ?? failed(404, 'Not Found'));
    if (call === 'PUT /vmm.shutdown') void server.close();
  };

  const server = createRestServer(answer);
  await writeFile(fake.log, '');
  fake.emit('vmm', 'starting');
  await server.listen(fake.control);
  return fake;
}
