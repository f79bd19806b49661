// SPDX-License-Identifier: Apache-2.0
//
// QMP, the control protocol of QEMU: one JSON value a line, a greeting, then commands with ids.
// https://www.qemu.org/docs/master/interop/qmp-spec.html
import type { Readable, Writable } from 'node:stream';
import { PhyllomeError } from '../../contract/errors.ts';
import { readLines } from './lines.ts';

export interface QmpEvent {
  name: string;
  data: Readonly<Record<string, unknown>>;
  /** When QEMU sent it, in seconds; 0 when it did not say */
  seconds: number;
}

export interface QmpOptions {
  /** Whose VMM this is, for errors */
  name: string;
  onEvent?: (event: QmpEvent) => void;
  /** The conversation ended; called once, also after `close()` */
  onClose?: () => void;
  /** How long an answer may take. Storage that hangs can block QEMU for long, so this is generous */
  timeoutSeconds?: number;
  signal?: AbortSignal;
}

export interface Qmp {
  /** @throws PhyllomeError `vmm-no-answer`, `vmm-refused`, `vmm-gone` */
  execute(command: string, args?: Readonly<Record<string, unknown>>): Promise<unknown>;
  close(): void;
}

/** A socket is both; standard input and output are two. */
export interface QmpStreams {
  input: Readable;
  output: Writable;
}

interface Pending {
  command: string;
  answered: (value: unknown) => void;
  failed: (error: PhyllomeError) => void;
  timer: NodeJS.Timeout;
}

const defaultTimeoutSeconds = 10;

/**
 * Starts a conversation with a QEMU that listens already. Waits for the greeting: QEMU talks to one client at a time, a
 * second one is accepted but hears nothing until the first has left.
 *
 * Lines that are no JSON, answers nobody waits for and messages of unknown form are ignored: the worst that a
 * peer can do is to let a command run into its timeout.
 */
export async function openQmp({ input, output }: QmpStreams, options: QmpOptions): Promise<Qmp> {
  const { name, onEvent, onClose, timeoutSeconds = defaultTimeoutSeconds, signal } = options;
  const pending = new Map<unknown, Pending>();
  let lastId = 0;
  let ended: PhyllomeError | null = null;

  const expect = (id: unknown, command: string) =>
    new Promise<unknown>((answered, failed) => {
      if (ended !== null) return failed(ended);
      const timer = setTimeout(() => {
        pending.delete(id);
        failed(new PhyllomeError('vmm-no-answer', { name, command, seconds: timeoutSeconds }));
      }, timeoutSeconds * 1000);
      pending.set(id, { command, answered, failed, timer });
    });

  const settle = (id: unknown): Pending | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    clearTimeout(waiting?.timer);
    return waiting;
  };

  const end = (reason: string): void => {
    if (ended !== null) return;
    const error = new PhyllomeError('vmm-gone', { name, reason });
    ended = error;
    for (const id of pending.keys()) settle(id)?.failed(error);
    input.destroy();
    output.destroy();
    onClose?.();
  };

  const onLine = (line: string): void => {
    const message = parseMessage(line);
    if (message === null) return;
    if ('QMP' in message) settle('greeting')?.answered(message['QMP']);
    else if (typeof message['event'] === 'string') onEvent?.(readEvent(message['event'], message));
    else if ('return' in message) settle(message['id'])?.answered(message['return']);
    else if ('error' in message) {
      const waiting = settle(message['id']);
      waiting?.failed(
        new PhyllomeError('vmm-refused', { name, command: waiting.command, reason: words(message['error']) }),
      );
    }
  };

  const execute: Qmp['execute'] = (command, args) => {
    const id = ++lastId;
    const answer = expect(id, command);
    if (ended === null) output.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
    return answer;
  };

  const greeting = expect('greeting', 'greeting');
  const abort = (): void => end('the wait for it was given up');
  signal?.addEventListener('abort', abort, { once: true });
  const onError = (error: Error): void => end(error.message);
  input.on('error', onError).once('close', () => end('it closed its control channel'));
  output.on('error', onError);
  readLines(input, onLine, end);
  if (signal?.aborted === true) abort();
  try {
    await greeting;
    await execute('qmp_capabilities');
  } catch (error) {
    end('it did not greet');
    throw error;
  } finally {
    signal?.removeEventListener('abort', abort);
  }
  return { execute, close: () => end('the conversation was ended on this side') };
}

function parseMessage(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
}

function readEvent(name: string, message: Readonly<Record<string, unknown>>): QmpEvent {
  const { data, timestamp } = message;
  const seconds = isRecord(timestamp)
    ? Number(timestamp['seconds']) + Number(timestamp['microseconds']) / 1e6
    : 0;
  return { name, data: isRecord(data) ? data : {}, seconds: Number.isFinite(seconds) ? seconds : 0 };
}

function words(error: unknown): string {
  return isRecord(error) && typeof error['desc'] === 'string' ? error['desc'] : 'it gave no reason';
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
