// SPDX-License-Identifier: Apache-2.0
//
// A QEMU for tests that is nothing but its control socket. It speaks QMP as the real one does: greeting first,
// no command before qmp_capabilities, one client at a time.
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface FakeQemu extends AsyncDisposable {
  socket: string;
  /** Commands it got, after the negotiation */
  commands: { execute: string; arguments?: unknown }[];
  /** Sends an event, as JSON text or a whole line of any other content */
  send(line: string | object): void;
  /** Ends the conversation without a word */
  hangUp(): void;
}

/** What to return to each command: a value, a function of its arguments, a `Refusal` or `silence`. */
export type Answers = Record<string, unknown>;

/** An answer that is an error with these words. */
export class Refusal {
  readonly words: string;

  constructor(words: string) {
    this.words = words;
  }
}

export const silence = Symbol('silence');

const greeting = {
  QMP: { version: { qemu: { major: 7, minor: 2, micro: 22 }, package: '' }, capabilities: ['oob'] },
};

export async function startFakeQemu(
  answers: Answers = {},
  options: { greet?: boolean } = {},
): Promise<FakeQemu> {
  const directory = await mkdtemp(join(tmpdir(), 'ph-qmp-'));
  const socket = join(directory, 'control');
  const commands: FakeQemu['commands'] = [];
  let client: Socket | null = null;
  const write = (value: string | object): void => {
    client?.write(typeof value === 'string' ? value : `${JSON.stringify(value)}\r\n`);
  };
  const answer = (line: string, ready: { negotiated: boolean }): void => {
    const command = JSON.parse(line) as { execute: string; arguments?: unknown; id?: unknown };
    const fail = (desc: string) => write({ id: command.id, error: { class: 'GenericError', desc } });
    if (command.execute === 'qmp_capabilities') {
      ready.negotiated = true;
      return write({ id: command.id, return: {} });
    }
    if (!ready.negotiated) return fail('Expecting capabilities negotiation with qmp_capabilities');
    commands.push(command);
    const known = answers[command.execute];
    const value: unknown =
      typeof known === 'function' ? (known as (args: unknown) => unknown)(command.arguments) : known;
    if (value === silence) return;
    if (value instanceof Refusal) return fail(value.words);
    if (value === undefined) return fail(`The command ${command.execute} has not been found`);
    write({ return: value, id: command.id });
  };
  const server = createServer((connection) => {
    client = connection;
    const ready = { negotiated: false };
    let rest = '';
    connection.setEncoding('utf8');
    connection.on('error', () => {});
    connection.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) answer(line, ready);
    });
    if (options.greet !== false) write(greeting);
  });
  await new Promise<void>((listening) => server.listen(socket, listening));
  return {
    socket,
    commands,
    send: write,
    hangUp: () => client?.destroy(),
    async [Symbol.asyncDispose]() {
      client?.destroy();
      await new Promise((closed) => server.close(closed));
      await rm(directory, { recursive: true, force: true });
    },
  };
}
