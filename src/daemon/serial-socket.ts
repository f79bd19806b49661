// SPDX-License-Identifier: Apache-2.0
import type { WebSocket } from 'ws';
import { PhyllomeError } from '../contract/errors.ts';
import type { SerialConsole } from '../engine/serial-console.ts';
import type { Begin, Opening } from './web-sockets.ts';

// A viewer that leaves more than this unread (bytes) has stopped reading. A guest that writes without end must
// not fill our memory; the whole output is in the log.
const unreadLimit = 16 * 2 ** 20;

// Reasons for the end of a WebSocket (RFC 6455, section 7.4.1).
const machineEnded = 1000;
const portFailed = 1011;

/**
 * The serial port of a machine as a WebSocket: binary messages both ways, first the last `history` bytes.
 *
 * It ends with 1000 when the machine has ended, and with 1011 and the reason when its port fails.
 * @throws PhyllomeError when the machine does not run or has no serial port
 */
export function openSerial({ engine, ref, query }: Opening): Begin {
  const port = engine.serial(ref);
  return (client) => {
    // Who types at once wants to see the answer: nothing is taken before the view has begun.
    client.pause();
    takeInput(port, client);
    show(port, query['history'] as number, client).then(
      () => client.resume(),
      (thrown: unknown) => fail(client, thrown),
    );
  };
}

async function show(port: SerialConsole, history: number, client: WebSocket): Promise<void> {
  const onOutput = (bytes: Uint8Array): void => {
    if (client.readyState !== client.OPEN) return;
    client.send(bytes);
    if (client.bufferedAmount > unreadLimit) client.terminate();
  };
  const view = await port.view(history, onOutput, () => client.close(machineEnded, 'The machine has ended'));
  if (client.readyState === client.CLOSED) view.close();
  else client.once('close', () => view.close());
}

// Nothing more is taken from a client while the guest has not taken what it sent before.
function takeInput(port: SerialConsole, client: WebSocket): void {
  let untaken = 0;
  client.on('message', (bytes) => {
    untaken += 1;
    client.pause();
    port.write(bytes as Buffer).then(
      () => {
        untaken -= 1;
        if (untaken === 0) client.resume();
      },
      (thrown: unknown) => fail(client, thrown),
    );
  });
}

function fail(client: WebSocket, thrown: unknown): void {
  if (client.readyState !== client.OPEN) return;
  const text = Buffer.from(PhyllomeError.from(thrown).message);
  // The message of a close has room for 123 bytes; half a character at its end is left out.
  client.close(
    portFailed,
    text
      .subarray(0, 123)
      .toString('utf8')
      .replace(/\uFFFD$/, ''),
  );
  client.resume();
}
