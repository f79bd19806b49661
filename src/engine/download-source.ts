// SPDX-License-Identifier: Apache-2.0
//
// The far end of a download: follows redirects, and goes on where a broken connection ended.
import type { Agent, IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import { errorCode } from '../host/files.ts';
import {
  failed,
  isRest,
  totalOf,
  lengthOf,
  mayPass,
  redirectOf,
  requireContent,
  shownUrl,
  validatorOf,
  type Answer,
} from './download-answer.ts';
import { nameOfDownload } from './image-name.ts';

export interface Patience {
  /** Waits before each new attempt (ms); so many attempts are made in a row */
  pauses: readonly number[];
  /** A server that says nothing for so long (ms) is given up */
  silence: number;
}

// Together about a minute: a restart of a router or a server.
export const usualPatience: Patience = {
  pauses: [1000, 2000, 5000, 10_000, 20_000, 30_000],
  silence: 60_000,
};
const mostRedirects = 5;
// An attempt that brought so much (bytes) was worth it: afterwards there are as many attempts again.
const worthwhile = 2 ** 20;

/** Names of environment variables are those of Node's `proxyEnv`. */
export type ProxyEnv = Readonly<Record<string, string | undefined>>;

export interface SourceOptions {
  url: URL;
  signal: AbortSignal;
  /** What comes will be compared with a checksum */
  checked: boolean;
  proxyEnv: ProxyEnv;
  patience: Patience;
  /** Web pages are taken, too: what is asked for is not kept, only read */
  pages?: boolean;
  /** What an earlier download has already, when the file is the same still */
  had?: { at: number; validator: string | null; total: number | null };
}

export interface Source {
  /** A name for it that the library takes */
  name: string;
  /** Bytes of the whole file; null when the server does not say */
  readonly total: number | null;
  /** By which a later download can recognise the file; null when the server says nothing such */
  readonly validator: string | null;
  /** The content, in order; what was had is left out when the file is the same. A piece at 0 that is not the first means that everything begins anew. */
  content(): AsyncGenerator<{ at: number; bytes: Buffer }>;
  close(): void;
}

/**
 * Asks for a file and returns when the server begins to send it.
 * @throws PhyllomeError `url-refused`, `download-failed`, `image-unknown`; the reason of the signal
 */
export async function openSource(options: SourceOptions): Promise<Source> {
  const { url, signal, patience } = options;
  const { had } = options;
  const begin = (headers: Record<string, string>): Promise<Answered> =>
    request(options, headers).catch((error: unknown) => {
      if (signal.aborted || error instanceof PhyllomeError) throw error;
      throw failed(url, networkReason(error), error);
    });
  let first = await begin(had === undefined ? {} : restOf(had));
  const goesOn = had !== undefined && isRest(first.answer, had.at, had.total);
  // Whatever else it answers to the question for the rest, the whole is asked for then.
  if (had !== undefined && !goesOn && first.answer.status !== 200) {
    first.response.destroy();
    first = await begin({});
  }
  if (!goesOn) requireContentOf(first, options.pages);
  let { total, validator } = goesOn
    ? { ...factsOf(first.answer), total: totalOf(first.answer) }
    : factsOf(first.answer);

  /** Asks again for what is missing. @returns from where on it comes. Throws no PhyllomeError for what may pass */
  async function again(at: number): Promise<{ at: number; response: IncomingMessage }> {
    const rest = at > 0 && validator !== null ? restOf({ at, validator }) : {};
    const answered = await request(options, rest);
    const { url: from, response, answer } = answered;
    if (answer.status === 206 && isRest(answer, at, total)) return { at, response };
    if (mayPass(answer) || answer.status === 206) response.destroy();
    if (mayPass(answer)) throw new Error(`the server answered ${answer.status}`);
    if (answer.status === 206)
      throw failed(from, 'the server sent another part than the one that was missing');
    // It does not know parts, or the file is another by now.
    requireContentOf(answered, options.pages);
    ({ total, validator } = factsOf(answer));
    return { at: 0, response };
  }

  async function* content(): AsyncGenerator<{ at: number; bytes: Buffer }> {
    let at = goesOn ? had.at : 0;
    let response: IncomingMessage | null = first.response;
    for (let attempts = 0; ; attempts += 1) {
      const before = at;
      let reason: string;
      try {
        if (response === null) ({ at, response } = await again(at));
        for await (const bytes of response as AsyncIterable<Buffer>) {
          yield { at, bytes };
          at += bytes.length;
        }
        if (total === null || at === total) return;
        reason = 'the connection ended';
      } catch (error) {
        if (signal.aborted || error instanceof PhyllomeError) throw error;
        reason = networkReason(error);
      }
      response = null;
      if (at - before >= worthwhile) attempts = 0;
      const pause = patience.pauses[attempts];
      if (pause === undefined) throw failed(url, `${reason} after ${at} of ${total ?? 'unknown'} bytes`);
      await delay(pause, undefined, { signal });
    }
  }

  return {
    name: nameOfDownload([first.url, url], first.answer.headers['content-disposition']),
    get total() {
      return total;
    },
    get validator() {
      return validator;
    },
    content,
    close: () => void first.response.destroy(),
  };
}

/** Asks for what follows, if the file is the one of before. */
const restOf = ({ at, validator }: { at: number; validator: string | null }): Record<string, string> => ({
  range: `bytes=${at}-`,
  ...(validator !== null && { 'if-range': validator }),
});

function requireContentOf({ url, response, answer }: Answered, pages = false): void {
  try {
    requireContent(url, answer, pages);
  } catch (error) {
    response.destroy();
    throw error;
  }
}

const factsOf = (answer: Answer) => ({ total: lengthOf(answer), validator: validatorOf(answer) });

interface Answered {
  url: URL;
  response: IncomingMessage;
  answer: Answer;
}

/** Asks once, following redirects. */
async function request(options: SourceOptions, headers: Record<string, string>): Promise<Answered> {
  let { url } = options;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    const response = await ask(url, headers, options);
    const answer = {
      status: response.statusCode ?? 0,
      words: response.statusMessage ?? '',
      headers: response.headers,
    };
    let target: URL | null;
    try {
      target = redirectOf(url, answer, options.checked);
    } catch (error) {
      response.destroy();
      throw error;
    }
    if (target === null) return { url, response, answer };
    response.destroy();
    url = target;
  }
  throw failed(options.url, `it moved more than ${mostRedirects} times, at last to ${shownUrl(url)}`);
}

function ask(
  url: URL,
  headers: Record<string, string>,
  { signal, proxyEnv, patience }: SourceOptions,
): Promise<IncomingMessage> {
  // `import 'node:https'` would make every service load it, of which few ever download.
  const { request: send, Agent: AgentOf } =
    url.protocol === 'https:'
      ? process.getBuiltinModule('node:https')
      : process.getBuiltinModule('node:http');
  const agent: Agent = new AgentOf({ keepAlive: false, proxyEnv: { ...proxyEnv } });
  return new Promise((resolve, reject) => {
    const silent = () => new Error(`nothing came for ${patience.silence / 1000} seconds`);
    const asked = send(
      url,
      { agent, signal, headers: { accept: '*/*', 'accept-encoding': 'identity', ...headers } },
      (response) => {
        response.setTimeout(patience.silence, () => response.destroy(silent()));
        resolve(response);
      },
    );
    asked.setTimeout(patience.silence, () => asked.destroy(silent()));
    asked.once('error', reject);
    asked.end();
  });
}

// What people meet, in plain words; anything else (certificates, mostly) says itself what it is.
const plainReasons: Record<string, string> = {
  ENOTFOUND: 'there is no server of that name, or this PC has no network',
  EAI_AGAIN: 'the name of the server cannot be looked up; has this PC a network?',
  ECONNREFUSED: 'nobody answers at that address',
  ECONNRESET: 'the connection broke',
  ENETUNREACH: 'this PC has no network',
  EHOSTUNREACH: 'the server cannot be reached',
  ETIMEDOUT: 'the server does not answer',
  ERR_STREAM_PREMATURE_CLOSE: 'the connection broke',
};

function networkReason(error: unknown): string {
  const code = errorCode(error) ?? '';
  return plainReasons[code] ?? (reasonOf(error) || code);
}
