// SPDX-License-Identifier: Apache-2.0
//
// Our standard input for a command in a micro machine: as lines that its init understands (catalog/tiny/micro/input), because
// a serial port has neither an end nor a way to say "not so fast".

export interface MicroInput extends Disposable {
  /** The guest took one more line of bytes. */
  taken(): void;
  /** Sends a signal to the command: "INT". */
  signal(name: string): void;
}

// Bytes in a line; its base64 fills the buffer of the guest's port (4096 bytes) almost.
const lineBytes = 3000;
// Lines under way: enough to keep the guest busy, few enough that none is lost.
const mostUnderWay = 4;

/** Begins to read `stdin`; `send` types into the serial port. */
export function sendInput(stdin: NodeJS.ReadableStream, send: (text: string) => void): MicroInput {
  const waiting: string[] = [];
  let underWay = 0;
  let ended = false;
  let closed = false;

  const next = (): void => {
    while (underWay < mostUnderWay && waiting.length > 0) {
      underWay += 1;
      send(`d ${waiting.shift() ?? ''}\n`);
    }
    if (waiting.length === 0 && !ended) stdin.resume();
    if (waiting.length === 0 && ended && !closed) {
      closed = true;
      send('e\n');
    }
  };
  const onData = (bytes: Buffer): void => {
    stdin.pause();
    for (let at = 0; at < bytes.length; at += lineBytes)
      waiting.push(bytes.subarray(at, at + lineBytes).toString('base64'));
    next();
  };
  const onEnd = (): void => {
    ended = true;
    next();
  };
  stdin.on('data', onData).on('end', onEnd).on('error', onEnd);
  return {
    taken() {
      underWay -= 1;
      next();
    },
    signal: (name) => send(`k ${name}\n`),
    [Symbol.dispose]() {
      stdin.off('data', onData).off('end', onEnd).off('error', onEnd);
      stdin.pause();
    },
  };
}
