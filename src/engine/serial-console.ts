// SPDX-License-Identifier: Apache-2.0
import { watch, type FSWatcher } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
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
 * The VMM's socket takes one client, and tells a late one nothing of what came before. So output is read from
 * the log that the VMM writes anyway (the whole history, in order, nothing twice, however slow a viewer is),
 * and the one connection only types. It also has to drain what the VMM sends there, or the guest would wait.
 *
 * @param ended resolves when the machine has ended
 */
export function createSerialConsole(
  name: string,
  socketPath: string,
  log: string,
  ended: Promise<void>,
): SerialConsole {
  let connection: Promise<Socket> | null = null;

  const open = (): Promise<Socket> => {
    connection ??= new Promise<Socket>((resolve, reject) => {
      const socket = connect(socketPath);
      const fail = (cause: unknown) => {
        connection = null;
        reject(new PhyllomeError('vmm-gone', { name, reason: 'its serial port does not answer' }, { cause }));
      };
      socket.once('connect', () => resolve(socket)).once('error', fail);
      socket.once('close', () => (connection = null)).resume();
      void ended.then(() => socket.destroy());
    });
    return connection;
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
      const socket = await open();
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
