// SPDX-License-Identifier: Apache-2.0
//
// Our end of the port of the test unit in a PC: runs scripts there as root, over restarts of the PC.
import { once } from 'node:events';
import { connect } from 'node:net';
import { createInterface } from 'node:readline';
import { patience } from './patience.ts';
import { parseAgentLine } from './agent-unit.ts';

interface Outcome {
  code: number;
  output: string;
}

export interface Agent {
  /** Waits until the unit speaks, of a boot other than `than`. @returns the boot id */
  boot(options: { seconds: number; than?: string }): Promise<string>;
  /** Runs a script (sh) as root. @throws when it takes longer, or when the PC restarts meanwhile */
  run(script: string, options?: { seconds?: number }): Promise<Outcome>;
  close(): void;
}

// Patient: everything in an emulated PC is ten times slower (s).
const usualPatience = 120;

/** @param socketPath where QEMU listens for whoever is at the other end of the port */
export async function openAgent(socketPath: string): Promise<Agent> {
  const socket = connect(socketPath);
  await once(socket, 'connect');
  socket.on('error', () => {});
  interface Waiting {
    resolve: (outcome: Outcome) => void;
    reject: (error: Error) => void;
  }
  const waiting = new Map<string, Waiting>();
  const listeners = new Set<() => void>();
  const ended = new AbortController();
  let bootId: string | null = null;
  let last = 0;

  const giveUp = (reason: string): void => {
    for (const { reject } of waiting.values()) reject(new Error(reason));
    waiting.clear();
  };
  const lines = createInterface({ input: socket });
  // It repeats those of the socket, whose end says all.
  lines.on('error', () => {});
  lines.on('line', (line) => {
    const heard = parseAgentLine(line);
    if (heard === null) return;
    if (heard.kind === 'answer') {
      waiting.get(heard.id)?.resolve({ code: heard.code, output: heard.output });
      waiting.delete(heard.id);
      return;
    }
    giveUp('the PC restarted while a script was running');
    bootId = heard.bootId;
    for (const listener of listeners) listener();
  });
  socket.once('close', () => {
    giveUp('the PC went off while a script was running');
    ended.abort();
  });

  return {
    boot({ seconds, than }) {
      const { promise, resolve, reject } = Promise.withResolvers<string>();
      const done = (): void => {
        clearTimeout(timer);
        listeners.delete(look);
        ended.signal.removeEventListener('abort', off);
      };
      const look = (): void => {
        if (bootId === null || bootId === than) return;
        done();
        resolve(bootId);
      };
      const fail = (reason: string) => (): void => {
        done();
        reject(new Error(reason));
      };
      const off = fail('the PC went off before its test unit spoke');
      const timer = setTimeout(fail(`the test unit did not speak within ${seconds} s`), patience(seconds));
      listeners.add(look);
      ended.signal.addEventListener('abort', off);
      if (ended.signal.aborted) off();
      else look();
      return promise;
    },
    async run(script, { seconds = usualPatience } = {}) {
      last += 1;
      const id = `${last}`;
      const { promise, resolve, reject } = Promise.withResolvers<Outcome>();
      waiting.set(id, { resolve, reject });
      const timer = setTimeout(() => {
        waiting.delete(id);
        reject(new Error(`no answer within ${seconds} s to: ${script.slice(0, 200)}`));
      }, patience(seconds));
      socket.write(`${id} ${Buffer.from(script).toString('base64')}\n`);
      return promise.finally(() => clearTimeout(timer));
    },
    close: () => void socket.destroy(),
  };
}
