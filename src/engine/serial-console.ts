// SPDX-License-Identifier: Apache-2.0
import { constants, watch, openSync, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { Socket } from 'node:net';
import { PhyllomeError } from '../contract/errors.ts';

/** The serial port of one machine, for any number of viewers. */
export interface SerialConsole {
  /**
   * Calls `onOutput` with the last `history` bytes the guest wrote, then with everything it writes.
   * Calls `onEnd` once, when the machine has ended.
   * @returns ends the viewing
   */
  view(history: number, onOutput: (bytes: Uint8Array) => void, onEnd: () => void): Promise<{ close(): void }>;
  /** Types bytes into the guest's serial port. */
  write(bytes: Uint8Array): Promise<void>;
}

// What one look at the log reads at most (bytes); the rest follows at once.
const chunkBytes = 64 * 1024;

/**
 * Output is read from the log that the VMM writes anyway: the whole history, in order, nothing twice, however
 * slow a viewer is. Input goes into a named pipe.
 *
 * @param ended resolves when the machine has ended
 */
export function createSerialConsole(
  name: string,
  input: string,
  log: string,
  ended: Promise<void>,
): SerialConsole {
  let pipe: Socket | null = null;
  void ended.then(() => pipe?.destroy());

  const openPipe = (): Socket => {
    try {
      // Fails instead of waiting when the VMM does not read there. A terminal must not become that of the service.
      const fd = openSync(input, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
      const opened = new Socket({ fd, readable: false, writable: true });
      return opened.on('error', () => {}).once('close', () => (pipe = null));
    } catch (cause) {
      throw new PhyllomeError('vmm-gone', { name, reason: 'its serial port does not answer' }, { cause });
    }
  };

  return {
    async view(history, onOutput, onEnd) {
      const follower = await followFile(log, history, onOutput);
      void ended.then(async () => {
        await follower.close();
        onEnd();
      });
      return { close: () => void follower.close() };
    },
    async write(bytes) {
      const socket = (pipe ??= openPipe());
      // A guest that does not read holds up whoever types, and nobody else.
      if (!socket.write(bytes))
        await new Promise((resolve) => socket.once('drain', resolve).once('close', resolve));
    },
  };
}

/** Reads a growing file from `history` bytes before its end, as it grows, until closed (after a last look). */
async function followFile(
  file: string,
  history: number,
  onOutput: (bytes: Uint8Array) => void,
): Promise<{ close(): Promise<void> }> {
  const handle: FileHandle = await open(file, 'r');
  let position = Math.max(0, (await handle.stat()).size - history);
  let reading: Promise<void> | null = null;
  let again = false;
  let closed: Promise<void> | null = null;

  const readNew = async (): Promise<void> => {
    do {
      again = false;
      // Emptied by the log limit: what follows begins at the start.
      if ((await handle.stat()).size < position) position = 0;
      for (;;) {
        const { buffer, bytesRead } = await handle.read(Buffer.alloc(chunkBytes), 0, chunkBytes, position);
        if (bytesRead === 0) break;
        position += bytesRead;
        onOutput(buffer.subarray(0, bytesRead));
      }
    } while (again);
  };
  const look = (): Promise<void> => {
    again = true;
    reading ??= readNew().finally(() => (reading = null));
    return reading;
  };

  const watcher: FSWatcher = watch(file, () => void look());
  await look();
  return {
    close() {
      closed ??= (async () => {
        watcher.close();
        await look();
        await handle.close();
      })();
      return closed;
    },
  };
}
