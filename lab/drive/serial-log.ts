// SPDX-License-Identifier: Apache-2.0
//
// What a PC says on its serial port, as QEMU writes it into a file.
import { open } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { patience } from './patience.ts';
import { despair, plainText } from './verdict.ts';

export interface SerialLog {
  /** All lines so far */
  lines(): readonly string[];
  /** Number of lines so far: `from` of a wait for what comes later */
  mark(): number;
  /**
   * Waits for a line. @param options.seconds how long @param options.from index of the first line that counts
   * @throws with the last words when time is over, and at once when `hope` is on and the PC will never come up
   */
  wait(pattern: RegExp, options: { seconds: number; from?: number; hope?: boolean }): Promise<string>;
  /** Why there is no hope, if there is none, in lines from an index on */
  verdict(from?: number): string | null;
  stop(): Promise<void>;
}

// Often enough for a person; a boot says a few hundred lines (ms).
const pollEvery = 200;
const lastWords = 15;

export async function followSerial(file: string): Promise<SerialLog> {
  const handle = await open(file, 'a+');
  const heard: string[] = [];
  let position = 0;
  let rest = '';
  const stop = new AbortController();

  const read = async (): Promise<void> => {
    const buffer = Buffer.alloc(2 ** 16);
    for (;;) {
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      const parts = plainText(rest + buffer.toString('latin1', 0, bytesRead)).split('\n');
      rest = parts.pop() ?? '';
      heard.push(...parts);
    }
  };
  const reading = (async () => {
    while (!stop.signal.aborted) {
      await read();
      await delay(pollEvery);
    }
  })();

  const log: SerialLog = {
    lines: () => heard,
    mark: () => heard.length,
    verdict: (from = 0) => {
      for (const line of heard.slice(from)) {
        const why = despair(line);
        if (why !== null) return why;
      }
      return null;
    },
    async wait(pattern, { seconds, from = 0, hope = true }) {
      const deadline = Date.now() + patience(seconds);
      for (;;) {
        const found = [...heard.slice(from), rest].find((line) => pattern.test(line));
        if (found !== undefined) return found;
        const why = hope ? log.verdict(from) : null;
        if (why !== null) throw new Error(`waited for ${String(pattern)}, but ${why}`);
        if (Date.now() > deadline)
          throw new Error(
            `${seconds} s without ${String(pattern)}; the last words:\n${heard.slice(-lastWords).join('\n')}\n${rest}`,
          );
        await delay(pollEvery);
      }
    },
    async stop() {
      stop.abort();
      await reading;
      await handle.close();
    },
  };
  return log;
}
