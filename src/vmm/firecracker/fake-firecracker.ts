// SPDX-License-Identifier: Apache-2.0
//
// A Firecracker for tests that is nothing but its API, and as strict as the real one: a socket that must not be there
// before, ten connections, short header lines, no chunked bodies, requests and answers as its API description says, and
// nothing that may only be said before the guest runs once it does.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { firecrackerApi, readApi } from '../testing-api.ts';
import { someId } from './testing.ts';
import { answerHalf, createRestServer } from '../testing-rest-server.ts';

const longestHeaderLine = 1024;
const longestBody = 51_200;

export interface FakeFirecracker extends AsyncDisposable {
  control: string;
  serialLog: string;
  /** "PUT /actions InstanceStart", in order; GET left out */
  calls: string[];
  /** Everything it was asked wrongly; a test ends with this empty */
  mistakes: string[];
  state: 'Not started' | 'Running' | 'Paused';
  /** Connections beyond the tenth, which it told so */
  turnedAway: number;
  /** Ends all connections and the socket, as a killed one does; the socket's file stays */
  vanish(): Promise<void>;
}

export interface FakeOptions {
  /** Instead of its own answer: a refusal with these words, another status, no answer at all, or half of one */
  instead?: Record<string, { fault: string } | { status: number } | 'hang' | 'half'>;
  /** Folder in which it makes its socket; left out: one of its own */
  directory?: string;
}

interface Outcome {
  status: number;
  body?: unknown;
}

const refused = (fault_message: string): Outcome => ({ status: 400, body: { fault_message } });

export async function startFakeFirecracker(options: FakeOptions = {}): Promise<FakeFirecracker> {
  const { instead = {} } = options;
  const api = readApi(firecrackerApi);
  const directory = options.directory ?? (await mkdtemp(join(tmpdir(), 'ph-fc-')));
  const fake: FakeFirecracker = {
    control: join(directory, 'control'),
    serialLog: join(directory, 'serial.log'),
    calls: [],
    mistakes: [],
    state: 'Not started',
    turnedAway: 0,
    vanish: () => server.close(),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  if (existsSync(fake.control)) throw new Error('Failed to open the API socket: Address in use');
  const told = new Set<string>();

  const ok: Outcome = { status: 204 };
  const tooLate = 'The requested operation is not supported after starting the microVM.';
  const tooEarly = 'The requested operation is not supported before starting the microVM.';

  const act = (action: unknown): Outcome => {
    if (action === 'InstanceStart') {
      if (fake.state !== 'Not started') return refused(tooLate);
      if (!told.has('/boot-source')) return refused('Cannot start microvm without kernel configuration.');
      fake.state = 'Running';
      return ok;
    }
    return fake.state === 'Not started' ? refused(tooEarly) : ok;
  };
  const turn = (state: unknown): Outcome => {
    if (fake.state === 'Not started') return refused(tooEarly);
    fake.state = state === 'Paused' ? 'Paused' : 'Running';
    return ok;
  };
  const obey = (method: string, path: string, body: Record<string, unknown>): Outcome => {
    if (method === 'GET' && path === '/')
      return {
        status: 200,
        body: { id: someId, state: fake.state, vmm_version: '1.16.1', app_name: 'Firecracker' },
      };
    if (method === 'PATCH' && path === '/vm') return turn(body['state']);
    if (method === 'PUT' && path === '/actions') return act(body['action_type']);
    if (method !== 'PUT') return refused(`Invalid request method and/or path: ${method} ${path}.`);
    if (fake.state !== 'Not started') return refused(tooLate);
    const id = body['drive_id'] ?? body['iface_id'];
    if (typeof id === 'string' && !path.endsWith(`/${id}`))
      return refused('The id from the path does not match');
    if (body['is_root_device'] === true) fake.mistakes.push(`${path} adds words to the command line`);
    told.add(path);
    return ok;
  };

  const answer = (request: IncomingMessage, response: ServerResponse, text: string): void => {
    const { method = '', url = '', headers, rawHeaders } = request;
    const reply = ({ status, body }: Outcome): void => {
      const content = body === undefined ? '' : JSON.stringify(body);
      response.writeHead(status, {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(content),
      });
      response.end(content);
    };
    const wrong = (what: string): void => {
      fake.mistakes.push(`${method} ${url}: ${what}`);
      reply({ status: 400, body: { fault_message: what } });
    };
    const tooLong = rawHeaders.some(
      (word, index) =>
        index % 2 === 0 && word.length + (rawHeaders[index + 1] ?? '').length + 2 > longestHeaderLine,
    );
    if (headers['transfer-encoding'] !== undefined) return wrong('a chunked body');
    if (tooLong) return wrong('a header line that is too long');
    if (Buffer.byteLength(text) > longestBody) return wrong('a body that is too long');
    let body: unknown;
    try {
      body = text === '' ? undefined : JSON.parse(text);
      api.checkRequest(method, url, body);
    } catch (error) {
      return wrong(String(error));
    }
    const detail = url === '/actions' ? ` ${String((body as Record<string, unknown>)['action_type'])}` : '';
    const call = `${method} ${url}${detail}`;
    if (method !== 'GET') fake.calls.push(call);
    const other = instead[call] ?? instead['*'];
    if (other === 'hang') return;
    if (other === 'half') {
      return answerHalf(response);
    }
    if (other !== undefined) return reply('fault' in other ? refused(other.fault) : other);
    reply(obey(method, url, (body ?? {}) as Record<string, unknown>));
  };

  const server = createRestServer(answer, () => (fake.turnedAway += 1));
  await writeFile(fake.serialLog, '');
  await server.listen(fake.control);
  return fake;
}
