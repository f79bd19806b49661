// SPDX-License-Identifier: Apache-2.0
//
// The agent in the guest: one JSON object a line over a virtio-serial port.
// https://www.qemu.org/docs/master/interop/qemu-ga-ref.html
//
// Whoever answers there is the guest, so nothing it says is trusted: not its size, form, order or time.
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { isRecord } from './qmp.ts';

export interface GuestAgent {
  /** One question after the other, whoever asks. @throws PhyllomeError `guest-agent-failed` */
  ask(command: string, wish?: AgentWish): Promise<unknown>;
  /** For commands that have no answer when they succeed. Resolves when it is on its way */
  tell(command: string): Promise<void>;
  close(): void;
}

interface AgentWish {
  arguments?: Readonly<Record<string, unknown>>;
  /** How long this one may take (ms); left out: as usual */
  timeout?: number;
  /** Ends the waiting; the guest goes on with what it does */
  signal?: AbortSignal;
}

export interface GuestAgentOptions {
  /** Whose guest this is, for errors */
  name: string;
  socket: string;
  /** How long one answer may take (ms) */
  timeout?: number;
}

// Agents answer within milliseconds; guests that are busy, or emulated, take longer (ms).
const usualTimeout = 5000;
// The longest answer we ask for is a list of network cards: some 500 bytes for each.
const answerLimit = 2 ** 20;
// No JSON holds this byte; an agent throws away what came before it, and so do we.
const delimiter = 0xff;
const newline = 0x0a;

/** Connects when something is asked, and again after a failure. Opens nothing before. */
export function createGuestAgent(options: GuestAgentOptions): GuestAgent {
  const { name, timeout = usualTimeout } = options;
  let line: Promise<unknown> = Promise.resolve();
  let connection: Connection | null = null;
  let closed = false;

  const fail = (reason: string, cause?: unknown) =>
    new PhyllomeError('guest-agent-failed', { name, reason }, { cause });

  const drop = (): void => {
    connection?.socket.destroy();
    connection = null;
  };

  const connected = async (signal: AbortSignal): Promise<Connection> => {
    if (connection !== null && !connection.socket.destroyed) return connection;
    connection = await openConnection(options.socket, signal);
    await synchronise(connection, signal);
    return connection;
  };

  const askNow = async (command: string, answered: boolean, wish: AgentWish): Promise<unknown> => {
    if (closed) throw fail('the conversation was ended');
    const patience = wish.timeout ?? timeout;
    const late = AbortSignal.timeout(patience);
    const signal = wish.signal === undefined ? late : AbortSignal.any([late, wish.signal]);
    try {
      const { socket, nextLine, forget } = await connected(signal);
      forget();
      socket.write(`${JSON.stringify({ execute: command, arguments: wish.arguments })}\n`);
      if (!answered) return null;
      const answer = readAnswer(await nextLine(signal));
      if (isRecord(answer) && 'return' in answer) return answer['return'];
      throw new Refused(words(answer));
    } catch (error) {
      // After a refusal both sides are in step; after anything else an old answer may still come.
      if (!(error instanceof Refused)) drop();
      throw fail(late.aborted ? `none within ${patience / 1000} seconds` : reasonOf(error), error);
    }
  };

  const inTurn = (command: string, answered: boolean, wish: AgentWish = {}): Promise<unknown> => {
    const answer = line.then(() => askNow(command, answered, wish));
    line = answer.catch(() => {});
    return answer;
  };

  return {
    ask: (command, wish) => inTurn(command, true, wish),
    async tell(command) {
      await inTurn(command, false);
    },
    close() {
      closed = true;
      drop();
    },
  };
}

class Refused extends Error {}

interface Connection {
  socket: Socket;
  nextLine(signal: AbortSignal): Promise<Buffer>;
  /** What came unasked is no answer to what is asked next. */
  forget(): void;
}

async function openConnection(path: string, signal: AbortSignal): Promise<Connection> {
  const socket = connect(path);
  try {
    await once(socket, 'connect', { signal });
  } catch (error) {
    socket.destroy();
    throw error;
  }
  // What keeps a service alive is its machines, not a guest that may answer.
  socket.unref();
  let rest: Buffer = Buffer.alloc(0);
  const lines: Buffer[] = [];
  let failure: Error | null = null;
  let wake: (() => void) | null = null;
  const end = (error: Error): void => {
    failure ??= error;
    socket.destroy();
    wake?.();
  };
  socket.on('error', end).once('close', () => end(new Error('the VMM closed the channel')));
  socket.on('data', (bytes: Buffer) => {
    rest = Buffer.concat([rest, bytes]);
    for (let at = rest.indexOf(newline); at !== -1; at = rest.indexOf(newline)) {
      lines.push(rest.subarray(0, at));
      rest = rest.subarray(at + 1);
    }
    const waiting = lines.reduce((sum, one) => sum + one.length, rest.length);
    if (waiting > answerLimit) end(new Error(`it sent more than ${answerLimit / 2 ** 20} MiB`));
    wake?.();
  });
  return {
    socket,
    forget: () => void lines.splice(0),
    async nextLine(signal) {
      for (;;) {
        const next = lines.shift();
        if (next !== undefined) return next;
        if (failure !== null) throw failure;
        signal.throwIfAborted();
        await new Promise<void>((resolve) => {
          wake = resolve;
          signal.addEventListener('abort', () => resolve(), { once: true });
        });
      }
    },
  };
}

/** Brings both sides to where the next answer belongs to the next question, whatever was left of earlier ones. */
async function synchronise({ socket, nextLine }: Connection, signal: AbortSignal): Promise<void> {
  const id = randomInt(2 ** 32);
  const question = JSON.stringify({ execute: 'guest-sync-delimited', arguments: { id } });
  socket.write(Buffer.concat([Buffer.of(delimiter), Buffer.from(`${question}\n`)]));
  for (;;) {
    const line = await nextLine(signal);
    const start = line.lastIndexOf(delimiter);
    if (start === -1) continue;
    const answer = readAnswer(line.subarray(start + 1));
    if (isRecord(answer) && answer['return'] === id) return;
  }
}

function readAnswer(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch {
    return null;
  }
}

function words(answer: unknown): string {
  const error = isRecord(answer) ? answer['error'] : undefined;
  const text =
    isRecord(error) && typeof error['desc'] === 'string' ? error['desc'] : 'its answer is no answer';
  return text.slice(0, 200);
}
