// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { apiPrefix, streamPaths } from '../../src/contract/operations.ts';
import type { Paths } from '../../src/contract/paths.ts';

export interface TestConsole extends Disposable {
  text(): string;
  /** Waits until the guest has written something that matches. */
  expect(pattern: RegExp): Promise<void>;
  /** Types a line, waits for an answer that matches; take one that the line itself does not hold. */
  type(line: string, answer: RegExp): Promise<void>;
  closed: Promise<unknown>;
}

/** The serial console of a machine, through the API. */
export async function openConsole(paths: Paths, ref: string, history = 1_000_000): Promise<TestConsole> {
  const path = streamPaths.serial.replace(':ref', encodeURIComponent(ref));
  const socket = new WebSocket(`ws://localhost${apiPrefix}${path}?history=${history}`, {
    createConnection: () => connect(paths.serviceSocket),
  });
  let text = '';
  let waiting: (() => void) | null = null;
  socket.on('message', (bytes: Buffer) => {
    text += bytes.toString();
    waiting?.();
  });
  const closed = once(socket, 'close').then(() => waiting?.());
  await once(socket, 'open');

  const matchFrom = async (start: number, pattern: RegExp): Promise<void> => {
    while (!pattern.test(text.slice(start))) {
      if (socket.readyState !== socket.OPEN) throw new Error(`console closed; it said: ${text.slice(start)}`);
      await new Promise<void>((resolve) => (waiting = resolve));
    }
  };
  return {
    text: () => text,
    expect: (pattern) => matchFrom(0, pattern),
    async type(line, answer) {
      const start = text.length;
      socket.send(`${line}\n`);
      await matchFrom(start, answer);
    },
    closed,
    [Symbol.dispose]: () => socket.terminate(),
  };
}
