// SPDX-License-Identifier: Apache-2.0
//
// The serial console of a machine, attached to our standard input and output.
import { text } from 'node:stream/consumers';
import { WebSocket } from 'ws';
import { address, failureIn, unreachable } from '../service/client.ts';
import type { Context } from '../context.ts';
import { streamPaths } from '../../contract/operations.ts';
import { plain } from '../terminal/output.ts';
import { withoutQueries } from '../terminal/queries.ts';
import { rawTerminal } from '../terminal/raw-terminal.ts';

/** Ctrl-], the key that leaves a console, as in telnet and virsh. */
const leaveKey = 0x1d;

// When what was piped in has been typed, the guest's answer is waited for until it was silent this long (ms).
const quietMilliseconds = 2000;

// With this code the service ends a WebSocket when the serial port fails (RFC 6455).
const serviceFailed = 1011;

/** How a console ended: the person left, the service closed it, or all piped input was typed and answered. */
export type ConsoleEnd = 'left' | 'closed' | 'typed';

/**
 * Shows what the guest writes to its serial port and types into it what arrives on standard input.
 *
 * On a terminal the guest's output is passed through as it is, as on any console, and Ctrl-] leaves. Otherwise
 * input is typed as it comes; after its end the console stays until the guest has been silent for two seconds.
 *
 * @param history bytes of earlier output to show first
 * @throws PhyllomeError as the service reports it
 */
export async function attachConsole(context: Context, ref: string, history: number): Promise<ConsoleEnd> {
  const { output } = context;
  const { stdin } = process;
  const socket = await openConsoleSocket(context, ref, history);
  using _ended = { [Symbol.dispose]: () => socket.terminate() };
  using _raw = stdin.isTTY ? rawTerminal(stdin, process.stdout) : null;

  return await new Promise<ConsoleEnd>((resolve) => {
    let quiet: NodeJS.Timeout | undefined;
    // Until a key is pressed this may be old output, and without a keyboard nobody could hear an answer.
    let answers = !output.terminal;
    socket.on('message', (bytes: Buffer) => {
      output.raw('stdout', answers ? bytes : withoutQueries(bytes));
      quiet?.refresh();
    });
    socket.on('close', (code, reason) => {
      // Anything but the end of the machine has a reason in words.
      if (code === serviceFailed) output.note(plain(reason.toString('utf8')));
      resolve('closed');
    });
    socket.on('error', () => resolve('closed'));
    stdin.on('data', (bytes: Buffer) => {
      answers ||= stdin.isTTY;
      const leave = stdin.isTTY ? bytes.indexOf(leaveKey) : -1;
      const typed = leave === -1 ? bytes : bytes.subarray(0, leave);
      if (typed.length > 0) {
        // No more is read than the guest takes.
        stdin.pause();
        socket.send(typed, () => stdin.resume());
      }
      if (leave !== -1) resolve('left');
    });
    stdin.on('end', () => {
      if (stdin.isTTY) resolve('left');
      else quiet = setTimeout(() => resolve('typed'), quietMilliseconds);
    });
    // A terminal window that was closed.
    stdin.on('error', () => resolve('left'));
    socket.resume();
  }).finally(() => {
    for (const event of ['data', 'end', 'error']) stdin.removeAllListeners(event);
    stdin.pause();
  });
}

/**
 * The serial port of a machine, with this much of its past. Held: nothing arrives before the socket is resumed.
 * @throws PhyllomeError as the service reports it
 */
export function openConsoleSocket({ paths }: Context, ref: string, history: number): Promise<WebSocket> {
  // The host is a word the service accepts; where the connection goes is the socket's matter.
  const url = new URL(address(streamPaths.serial, { ref }, { history }), 'ws://localhost');
  const createConnection = () => process.getBuiltinModule('node:net').connect(paths.serviceSocket);
  const socket = new WebSocket(url, { createConnection, perMessageDeflate: false });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.removeAllListeners('error');
      // Output may follow the opening at once; it has to wait until somebody listens.
      socket.pause();
      resolve(socket);
    });
    socket.once('error', () => reject(unreachable(paths)));
    socket.once('unexpected-response', (_request, reply) => {
      text(reply).then(
        (content) => reject(failureIn(Buffer.from(content), reply.statusCode ?? 500)),
        () => reject(unreachable(paths)),
      );
    });
  });
}
