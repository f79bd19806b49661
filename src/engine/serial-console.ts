// SPDX-License-Identifier: Apache-2.0
import { constants, openSync } from 'node:fs';
import { Socket } from 'node:net';
import { PhyllomeError } from '../contract/errors.ts';
import { followFile } from '../host/follow-file.ts';

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
