// SPDX-License-Identifier: Apache-2.0
//
// Our standard input for a command in a micro machine: as pieces that its init understands (catalog/tiny/micro/input), because
// a serial port has neither an end nor a way to say "not so fast".

export interface MicroInput extends Disposable {
  /** The guest took one more piece. */
  taken(): void;
  /** Sends a signal to the command: "INT". */
  signal(name: string): void;
}

// Bytes in one piece, and pieces under way: enough to keep the guest busy, and a tenth of what its kernel keeps for a
// port that nobody reads at the moment (640 KiB).
const pieceBytes = 16 * 1024;
const mostUnderWay = 4;

/** Begins to read `stdin`; `send` types into the serial port. */
export function sendInput(stdin: NodeJS.ReadableStream, send: (bytes: string | Buffer) => void): MicroInput {
  const waiting: Buffer[] = [];
  let underWay = 0;
  let ended = false;
  let closed = false;

  const next = (): void => {
    while (underWay < mostUnderWay && waiting.length > 0) {
      const piece = waiting.shift() as Buffer;
      underWay += 1;
      send(Buffer.concat([Buffer.from(`d ${piece.length}\n`), piece]));
    }
    if (waiting.length === 0 && !ended) stdin.resume();
    if (waiting.length === 0 && ended && !closed) {
      closed = true;
      send('e\n');
    }
  };
  const onData = (bytes: Buffer): void => {
    stdin.pause();
    for (let at = 0; at < bytes.length; at += pieceBytes) waiting.push(bytes.subarray(at, at + pieceBytes));
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
