// SPDX-License-Identifier: Apache-2.0
//
// HTTP over a unix socket, as Cloud Hypervisor and Firecracker speak it. Both use the same small server (micro_http):
// one thread, so a long call holds up all others; ten connections at most, the eleventh hears 503; no chunked bodies.
// So there is one connection with one question at a time, and every body goes with its length.
import { Agent, request, type IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { errorCode } from '../host/files.ts';

// A VMM that is asked something answers in milliseconds; on a busy PC it may take longer (ms).
const patience = 10_000;
// What a VMM says is short; something that says more is no VMM (bytes).
const longestAnswer = 4 * 2 ** 20;
// How often a socket that is not there yet is tried (ms).
const retryMilliseconds = 5;
// The server was full (503): how often, and after how long, we come back (ms).
const fullRetries = 5;
const fullDelay = 200;

export interface RestApi {
  /**
   * @param body sent as JSON; undefined: none
   * @param milliseconds how long the answer may take
   * @returns the JSON of the answer; null when it has none
   * @throws PhyllomeError `vmm-refused` with the VMM's own words, `vmm-no-answer`, `vmm-gone`
   */
  call(
    method: 'GET' | 'PUT' | 'PATCH',
    path: string,
    body?: unknown,
    milliseconds?: number,
  ): Promise<unknown>;
  /** Ends the conversation; calls under way fail with `vmm-gone`. */
  close(): void;
}

export interface RestOptions {
  /** Of the machine, for errors */
  name: string;
  socket: string;
  /** Reads the VMM's words out of the body of an error */
  readError(body: string): string;
}

interface Answer {
  status: number;
  text: string;
}

/** Makes no connection yet: each call does, and keeps it for the next one. */
export function createRestApi({ name, socket, readError }: RestOptions): RestApi {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const ended = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  const send = async (method: string, path: string, body: unknown, limit: number): Promise<Answer> => {
    const content = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const signal = AbortSignal.any([ended.signal, AbortSignal.timeout(limit)]);
    try {
      return await exchange(
        {
          agent,
          socketPath: socket,
          method,
          path,
          signal,
          headers: {
            accept: 'application/json',
            ...(content && { 'content-type': 'application/json', 'content-length': content.length }),
          },
        },
        content,
      );
    } catch (cause) {
      if (signal.aborted && !ended.signal.aborted)
        throw new PhyllomeError(
          'vmm-no-answer',
          { name, command: `${method} ${path}`, seconds: limit / 1000 },
          { cause },
        );
      throw new PhyllomeError('vmm-gone', { name, reason: reasonOf(cause) }, { cause });
    }
  };

  const ask = async (method: string, path: string, body: unknown, limit: number): Promise<unknown> => {
    for (let tries = 0; ; tries += 1) {
      const { status, text } = await send(method, path, body, limit);
      if (status >= 200 && status < 300) return text.trim() === '' ? null : parse(name, text);
      if (status !== 503 || tries === fullRetries)
        throw refused(`${method} ${path}`, status, readError(text));
      await delay(fullDelay, undefined, { signal: ended.signal }).catch(() => {});
    }
  };

  return {
    call(method, path, body, milliseconds = patience) {
      const next = last.then(() => ask(method, path, body, milliseconds));
      last = next.catch(() => {});
      return next;
    },
    close() {
      ended.abort(new Error('we closed the connection'));
      agent.destroy();
    },
  };
}

/**
 * Waits until something accepts connections on a socket that is about to appear.
 * @throws PhyllomeError `vmm-gone` when `signal` aborts before
 */
export async function waitForApi(
  api: RestApi,
  { name, path, signal }: { name: string; path: string; signal: AbortSignal },
): Promise<unknown> {
  for (;;) {
    try {
      signal.throwIfAborted();
      return await api.call('GET', path);
    } catch (error) {
      const code = error instanceof PhyllomeError ? errorCode(error.cause) : null;
      if (code !== 'ENOENT' && code !== 'ECONNREFUSED') throw asGone(name, error);
    }
    await delay(retryMilliseconds, undefined, { signal }).catch((error: unknown) => {
      throw asGone(name, error);
    });
  }
}

function asGone(name: string, error: unknown): PhyllomeError {
  if (error instanceof PhyllomeError) return error;
  return new PhyllomeError('vmm-gone', { name, reason: reasonOf(error) }, { cause: error });
}

function exchange(options: Parameters<typeof request>[1], content: Buffer | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(options as object, (response) => {
      collect(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    asking.once('error', reject);
    asking.end(content);
  });
}

async function collect(response: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > longestAnswer) throw new Error(`it says more than ${longestAnswer} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parse(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PhyllomeError('vmm-gone', { name, reason: 'it answers something that is no JSON' }, { cause });
  }
}

function refused(command: string, status: number, words: string): PhyllomeError {
  return new PhyllomeError('vmm-refused', {
    command,
    reason: words === '' ? `HTTP status ${status}` : words,
    status,
  });
}
