// SPDX-License-Identifier: Apache-2.0
import type { ClientRequest, IncomingMessage } from 'node:http';
import { dirname } from 'node:path';
import type { Body, OperationId, Params, Query, Reply } from '../../contract/api.ts';
import { PhyllomeError, type ErrorReport } from '../../contract/errors.ts';
import { apiPrefix, operations, streamPaths } from '../../contract/operations.ts';
import type { Paths } from '../../contract/paths.ts';
import { requireOwnDirectory } from './own-directory.ts';

// `import 'node:http'` makes Node load every part of it, its WebSocket and fetch included: 35 ms we do not need.
const loadHttp = () => process.getBuiltinModule('node:http');

/** What an operation must be given; parts without content may be left out. */
type Input<Id extends OperationId> = Part<'params', Params<Id>> &
  Part<'query', Partial<Query<Id>>> &
  Part<'body', Body<Id>>;
type ServicePaths = Pick<Paths, 'serviceSocket' | 'serviceLog'>;
type Part<Name extends string, Value> = Value extends undefined
  ? unknown
  : {} extends Value
    ? { [Key in Name]?: Value }
    : { [Key in Name]: Value };

export interface Client {
  /** Calls one operation of the API. @throws PhyllomeError as the service reports it, or `service-unreachable` */
  call<Id extends OperationId>(
    id: Id,
    ...input: {} extends Input<Id> ? [Input<Id>?] : [Input<Id>]
  ): Promise<Reply<Id>>;
  /** The screen of a machine as PNG */
  screenshot(ref: string): Promise<Buffer>;
  /** Opens a reply that goes on; used for events. @throws PhyllomeError */
  open(path: string, headers: Record<string, string>, signal?: AbortSignal): Promise<IncomingMessage>;
  /** Lets the process end: connections are kept alive between calls until then */
  close(): void;
}

type QueryValues = Record<string, string | number | undefined>;

interface AnyInput {
  params?: Record<string, string>;
  query?: QueryValues;
  body?: unknown;
}

/** A client of the service behind the unix socket. Opens nothing before the first call. */
export function createClient(paths: ServicePaths): Client {
  let agent: import('node:http').Agent | undefined;

  async function send(
    method: string,
    path: string,
    options: { headers?: Record<string, string>; body?: unknown; signal?: AbortSignal },
  ) {
    const http = loadHttp();
    requireOwnDirectory(dirname(paths.serviceSocket));
    agent ??= new http.Agent({ keepAlive: true });
    const body = options.body === undefined ? undefined : JSON.stringify(options.body);
    const headers = { ...options.headers, ...(body !== undefined && { 'content-type': 'application/json' }) };
    const { signal } = options;
    const request = http.request({
      socketPath: paths.serviceSocket,
      agent,
      method,
      path,
      headers,
      ...(signal && { signal }),
    });
    const answer = answerOf(request, paths);
    request.end(body);
    const reply = await answer;
    if ((reply.statusCode ?? 500) >= 400)
      throw failureIn(await contentOf(reply, paths), reply.statusCode ?? 500);
    return reply;
  }

  const call = async (id: OperationId, input: AnyInput = {}): Promise<unknown> => {
    const [method, path] = operations[id];
    const reply = await send(method, address(path, input.params, input.query), { body: input.body });
    const text = (await contentOf(reply, paths)).toString('utf8');
    return text === '' ? {} : JSON.parse(text);
  };

  return {
    call: call as Client['call'],
    async screenshot(ref) {
      return contentOf(await send('GET', address(streamPaths.screenshot, { ref }), {}), paths);
    },
    open: (path, headers, signal) => send('GET', path, { headers, ...(signal && { signal }) }),
    close: () => agent?.destroy(),
  };
}

/** Fills the parameters of a route into its path. */
export function address(path: string, params: Record<string, string> = {}, query: QueryValues = {}): string {
  const filled = path.replaceAll(/:(\w+)/g, (_, name: string) => {
    const value = params[name] ?? '';
    if (value === '') throw new PhyllomeError('bad-request', { reason: `"${name}" is empty` });
    // A lone surrogate (half a character) cannot be written in an address; no name holds one.
    return encodeURIComponent(value.toWellFormed());
  });
  const search = new URLSearchParams(
    Object.entries(query).flatMap(([key, value]) => (value === undefined ? [] : [[key, String(value)]])),
  ).toString();
  return apiPrefix + filled + (search === '' ? '' : `?${search}`);
}

/** The error in the body of a refused request. */
export function failureIn(content: Buffer, status: number): PhyllomeError {
  const text = content.toString('utf8');
  try {
    const { code, message, hint, facts } = JSON.parse(text) as ErrorReport;
    if (typeof code === 'string' && typeof message === 'string') {
      return PhyllomeError.fromReport({ code, message, hint: hint ?? '', facts: facts ?? {} });
    }
  } catch {
    // Not JSON: not an answer of ours.
  }
  return new PhyllomeError('internal-error', {
    reason: `the service answered ${status}: ${text.slice(0, 200)}`,
  });
}

export function unreachable(paths: ServicePaths): PhyllomeError {
  return new PhyllomeError('service-unreachable', { socket: paths.serviceSocket, log: paths.serviceLog });
}

function answerOf(request: ClientRequest, paths: ServicePaths): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (error) => reject(error.name === 'AbortError' ? error : unreachable(paths)));
  });
}

async function contentOf(reply: IncomingMessage, paths: ServicePaths): Promise<Buffer> {
  try {
    return Buffer.concat(await Array.fromAsync(reply as AsyncIterable<Buffer>));
  } catch {
    throw unreachable(paths);
  }
}
