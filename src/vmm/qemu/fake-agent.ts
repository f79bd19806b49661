// SPDX-License-Identifier: Apache-2.0
//
// The socket of a guest agent for tests; what is behind it says whatever the test wants.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeAgent extends AsyncDisposable {
  socket: string;
  /** Every line it got, delimiters included */
  lines: string[];
  connections: number;
  /** Ends the conversation, as QEMU does when it ends */
  hangUp(): void;
}

/** @param answer what to send for a question: bytes as they are, or nothing */
export async function startFakeAgent(
  answer: (question: { execute: string; arguments?: { id: number } }, line: string) => string | undefined,
): Promise<FakeAgent> {
  const directory = await mkdtemp(join(tmpdir(), 'ph-ga-'));
  const socket = join(directory, 'agent');
  const clients = new Set<Socket>();
  const agent: FakeAgent = {
    socket,
    lines: [],
    connections: 0,
    hangUp: () => clients.forEach((client) => client.destroy()),
    async [Symbol.asyncDispose]() {
      agent.hangUp();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true, force: true });
    },
  };
  const server = createServer((client) => {
    agent.connections += 1;
    clients.add(client);
    let rest = '';
    client.setEncoding('latin1');
    client.on('error', () => {});
    client.on('data', (text: string) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        agent.lines.push(line);
        const reply = answer(JSON.parse(line.replace(/^\xff/, '')), line);
        if (reply !== undefined) client.write(reply, 'latin1');
      }
    });
  });
  await new Promise<void>((listening) => server.listen(socket, listening));
  return agent;
}

/** The answer of a well-behaved agent to a question for a fresh start. */
export const synced = (id: number | undefined): string => `\xff${JSON.stringify({ return: id })}\n`;
