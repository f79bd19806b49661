// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { LoadReport } from '../contract/load.ts';
import { apiPrefix } from '../contract/operations.ts';
import { createEventStream } from '../engine/event-stream.ts';
import { serve, until, type TestServer } from './testing.ts';

const machine = (machineName: string) => ({ type: 'machine.changed', machineId: 'a', machineName }) as const;

async function listen(
  server: TestServer,
  { path = '/events', query = '', headers = {} } = {},
): Promise<IncomingMessage> {
  const asked = request({
    socketPath: server.socketPath,
    path: `${apiPrefix}${path}${query}`,
    headers,
  }).end();
  const [reply] = (await once(asked, 'response')) as [IncomingMessage];
  return reply;
}

/** Reads so many messages, as their fields. */
async function read(reply: IncomingMessage, count: number): Promise<{ id: number; data: any }[]> {
  let text = '';
  for await (const piece of reply.iterator({ destroyOnReturn: false })) {
    text += piece;
    const messages = text.split('\n\n').slice(0, -1);
    if (messages.length >= count) return messages.map(fields);
  }
  throw new Error(`the stream ended after ${JSON.stringify(text)}`);
}

function fields(message: string): { id: number; data: any } {
  const match = /^id: (\d+)\ndata: (.+)$/.exec(message);
  return { id: Number(match?.[1]), data: JSON.parse(match?.[2] ?? 'null') };
}

async function next(reply: IncomingMessage): Promise<string> {
  return String((await once(reply, 'data'))[0]);
}

const watchLoad = (server: TestServer) => listen(server, { path: '/load' });

/** An event stream that tells how many listen to it. */
function counted() {
  const events = createEventStream();
  const counter = { listeners: 0 };
  const subscribe: typeof events.subscribe = (listener, lastId) => {
    counter.listeners += 1;
    const end = events.subscribe(listener, lastId);
    return () => {
      counter.listeners -= 1;
      end();
    };
  };
  return { events: { ...events, subscribe }, counter };
}

afterEach(() => {
  vi.useRealTimers();
});

describe('events', () => {
  test('reach every listener in order, also with line breaks in them', async () => {
    await using server = await serve();
    const listeners = [await listen(server), await listen(server)];
    expect(listeners[0]?.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
    });
    for (const name of ['one', 'two\n\ndata: x', 'ü']) server.events.emit(machine(name));
    for (const listener of listeners) {
      const messages = await read(listener, 3);
      expect(messages.map(({ data }) => data.machineName)).toEqual(['one', 'two\n\ndata: x', 'ü']);
      expect(messages.map(({ id, data }) => data.id === id)).toEqual([true, true, true]);
      listener.destroy();
    }
  });

  test('are repeated from where a listener left, by header or query, the header first', async () => {
    await using server = await serve();
    for (const name of ['one', 'two', 'three']) server.events.emit(machine(name));
    const all: number[] = [];
    server.events.subscribe(({ id }) => all.push(id), 0)();
    const lost = all[0] as number;
    const last = (back: number) => String(lost - back);

    const missed = async (options: object) => {
      const reply = await listen(server, options);
      const [first] = await read(reply, 1);
      reply.destroy();
      return first?.data.machineName ?? first?.data.type;
    };
    expect(await missed({ headers: { 'last-event-id': last(1) } })).toBe('three');
    expect(await missed({ query: `?lastEventId=${last(2)}` })).toBe('two');
    expect(await missed({ query: `?lastEventId=${last(2)}`, headers: { 'last-event-id': last(1) } })).toBe(
      'three',
    );
    expect(await missed({ headers: { 'last-event-id': '5' } })).toBe('events.lost');
    expect(await missed({ query: '?lastEventId=9007199254740991' })).toBe('events.lost');
  });

  test('end with the listener and with the service', async () => {
    const { events, counter } = counted();
    const server = await serve({ events });
    const leaving = await listen(server);
    const staying = await listen(server);
    expect(counter.listeners).toBe(2);
    leaving.destroy();
    await until(() => counter.listeners === 1);
    staying.resume();
    await Promise.all([once(staying, 'end'), server[Symbol.asyncDispose]()]);
    expect(staying.complete).toBe(true);
    expect(counter.listeners).toBe(0);
  });

  test('a listener that stops reading is dropped, the others stay', async () => {
    const { events, counter } = counted();
    await using server = await serve({ events });
    const slow = await listen(server);
    const fast = await listen(server);
    fast.resume();
    slow.pause();
    // The kernel keeps some for a slow reader, we keep 4 MiB; 64 MiB is beyond any of it.
    for (let sent = 0; sent < 1024 && counter.listeners === 2; sent += 1) {
      events.emit(machine('x'.repeat(65_536)));
      await turn();
    }
    expect(counter.listeners).toBe(1);
    expect(fast.readableEnded).toBe(false);
    slow.destroy();
    fast.destroy();
  });

  test('a quiet stream shows every 25 seconds that it lives', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    await using server = await serve();
    expect(vi.getTimerCount()).toBe(0);
    const listener = await listen(server);
    expect(vi.getTimerCount()).toBe(1);
    vi.advanceTimersByTime(50_000);
    const [piece] = (await once(listener, 'data')) as [Buffer];
    expect(piece.toString()).toBe(':\n\n:\n\n');
    listener.destroy();
    await until(() => vi.getTimerCount() === 0);
  });
});

describe('what machines do', () => {
  const report: LoadReport = { time: '2026-01-01T00:00:00.000Z', machines: [] };

  /** Somebody to watch, and how many do. */
  function watched() {
    const listeners = new Set<(report: LoadReport) => void>();
    const watch = (listener: (report: LoadReport) => void) => {
      listeners.add(listener);
      listener(report);
      return () => void listeners.delete(listener);
    };
    return { listeners, watch };
  }

  test('is told at once, and again with each look, to every listener', async () => {
    const { listeners, watch } = watched();
    await using server = await serve({ watchLoad: watch });
    const replies = await Promise.all([watchLoad(server), watchLoad(server)]);
    expect(replies[0]?.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const message = `data: ${JSON.stringify(report)}\n\n`;
    expect(await Promise.all(replies.map(next))).toEqual([message, message]);
    for (const listener of listeners) listener(report);
    expect(await Promise.all(replies.map(next))).toEqual([message, message]);
    for (const reply of replies) reply.destroy();
    await until(() => listeners.size === 0);
  });

  test('a listener that stops reading is dropped, and nobody looks for it any more', async () => {
    const { listeners, watch } = watched();
    await using server = await serve({ watchLoad: watch });
    const slow = await watchLoad(server);
    slow.pause();
    const machines = [{ machineId: 'x'.repeat(65_536) }] as LoadReport['machines'];
    for (let sent = 0; sent < 1024 && listeners.size > 0; sent += 1) {
      for (const listener of listeners) listener({ ...report, machines });
      await turn();
    }
    expect(listeners.size).toBe(0);
    slow.destroy();
  });
});
