// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from 'ws';
import type { Context } from '../context.ts';
import { rawTerminal } from '../terminal/raw-terminal.ts';
import { createMarkReader } from './marks.ts';
import { sendInput, type MicroInput } from './input.ts';

/** Ctrl-], as in consoles. */
const leaveKey = 0x1d;

/** How a command in a micro machine ended. */
export type MicroEnd =
  | { how: 'ended'; code: number; words: string }
  /** The machine or the service went away before; `words` is what the guest said last, if its command did not begin */
  | { how: 'cut-off'; began: boolean; words: string }
  /** By us: a key, or the signal that has this exit code */
  | { how: 'left'; code: number };

export interface MicroSession {
  socket: WebSocket;
  mark: string;
  /** The command talks to a terminal, which is ours */
  terminal: boolean;
}

// Kept of what the guest says before its command begins (bytes).
const mostWords = 8192;
const endingSignals = { SIGHUP: 129, SIGTERM: 143 } as const;

/** Passes input and output between us and the command until it has ended, we were told to end, or the machine is gone. */
export async function microSession(
  { output }: Context,
  { socket, mark, terminal }: MicroSession,
): Promise<MicroEnd> {
  const { stdin, stdout } = process;
  const { promise, resolve } = Promise.withResolvers<MicroEnd>();
  let began = false;
  let ended = false;
  let words = '';
  let input: MicroInput | null = null;
  using raw = new DisposableStack();
  using listening = new DisposableStack();

  const send = (bytes: string | Buffer): void => {
    if (socket.readyState === socket.OPEN) socket.send(Buffer.from(bytes));
  };
  const onKeys = (bytes: Buffer): void => {
    const leave = bytes.indexOf(leaveKey);
    const typed = leave === -1 ? bytes : bytes.subarray(0, leave);
    if (began && typed.length > 0) send(typed);
    if (leave !== -1) resolve({ how: 'left', code: 130 });
  };
  const begin = (): void => {
    began = true;
    if (!terminal) input = raw.use(sendInput(stdin, send));
  };

  const reader = createMarkReader(mark, {
    onOutput(bytes) {
      // What the kernel says of the end of the machine is not the command's.
      if (ended) return;
      if (began) output.raw('stdout', bytes);
      else words = (words + bytes.toString('latin1')).slice(-mostWords);
    },
    onMark(line) {
      const [word, number = '', ...rest] = line.split(' ');
      if (word === 'begin') begin();
      if (word === 'ack') input?.taken();
      if (word !== 'end') return;
      ended = true;
      resolve({ how: 'ended', code: Number(number), words: rest.join(' ') });
    },
  });

  if (terminal) {
    raw.use(rawTerminal(stdin, stdout, (code) => resolve({ how: 'left', code })));
    stdin.on('data', onKeys);
    raw.defer(() => void stdin.off('data', onKeys).pause());
  } else {
    let interrupted = false;
    const onInterrupt = (): void => {
      // The command may want to end in order; whoever insists is not kept waiting by it.
      if (interrupted || input === null) resolve({ how: 'left', code: 130 });
      else input.signal('INT');
      interrupted = true;
    };
    listen(listening, 'SIGINT', onInterrupt);
    for (const [signal, code] of Object.entries(endingSignals))
      listen(listening, signal as NodeJS.Signals, () => resolve({ how: 'left', code }));
  }
  socket.on('message', (bytes: Buffer) => reader.feed(bytes));
  socket.on('close', () => resolve({ how: 'cut-off', began, words }));
  socket.on('error', () => resolve({ how: 'cut-off', began, words }));
  socket.resume();
  return await promise;
}

function listen(stack: DisposableStack, signal: NodeJS.Signals, react: () => void): void {
  process.on(signal, react);
  stack.defer(() => void process.off(signal, react));
}
