// SPDX-License-Identifier: Apache-2.0
import { rawTerminal } from '../terminal/raw-terminal.ts';

export interface Keyboard extends Disposable {
  /** The next key that was pressed; null: the terminal is gone */
  next(): Promise<string | null>;
  /** Gives the terminal to somebody else for as long as `work` runs: lines are edited and shown again */
  lend(work: () => Promise<void>): Promise<void>;
}

/** Hears single keys, and forgets those that were pressed while nobody listened. */
export function openKeyboard(stdin: NodeJS.ReadStream, stdout: NodeJS.WritableStream): Keyboard {
  let raw: Disposable | null = rawTerminal(stdin, stdout);
  let waiting: ((key: string | null) => void) | null = null;
  let gone = false;
  const heard = (key: string | null): void => {
    const resolve = waiting;
    waiting = null;
    resolve?.(key);
  };
  const onData = (data: Buffer): void => heard(data.toString('latin1'));
  const onEnd = (): void => {
    gone = true;
    heard(null);
  };
  stdin.on('data', onData);
  stdin.once('end', onEnd).once('error', onEnd);
  return {
    next() {
      if (gone) return Promise.resolve(null);
      const { promise, resolve } = Promise.withResolvers<string | null>();
      waiting = resolve;
      return promise;
    },
    async lend(work) {
      stdin.off('data', onData);
      stdin.pause();
      raw?.[Symbol.dispose]();
      raw = null;
      try {
        await work();
      } finally {
        raw = rawTerminal(stdin, stdout);
        stdin.on('data', onData);
        stdin.resume();
      }
    },
    [Symbol.dispose]() {
      stdin.off('data', onData);
      stdin.pause();
      raw?.[Symbol.dispose]();
    },
  };
}
