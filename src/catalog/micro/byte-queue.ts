// SPDX-License-Identifier: Apache-2.0

/** Takes a stream of pieces of any size and gives out pieces of the sizes somebody wants. */
export interface ByteQueue {
  /** Exactly so many bytes, or null when the stream ends before the first of them. */
  take(bytes: number): Promise<Buffer | null>;
  /** So many bytes as they come, without collecting them. */
  pass(bytes: number): AsyncGenerator<Buffer>;
  /** Reads to the end of the stream and forgets what comes. */
  drain(): Promise<void>;
}

/** @param cutOff makes the error for a stream that ends in the middle of something */
export function createByteQueue(source: AsyncIterable<Uint8Array>, cutOff: () => Error): ByteQueue {
  const iterator = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);

  const more = async (): Promise<boolean> => {
    const { value, done } = await iterator.next();
    if (done === true) return false;
    const piece = Buffer.from(value.buffer, value.byteOffset, value.byteLength);
    rest = rest.length === 0 ? piece : Buffer.concat([rest, piece]);
    return true;
  };

  async function* pass(bytes: number): AsyncGenerator<Buffer> {
    for (let left = bytes; left > 0;) {
      if (rest.length === 0 && !(await more())) throw cutOff();
      const piece = rest.subarray(0, left);
      rest = rest.subarray(piece.length);
      left -= piece.length;
      if (piece.length > 0) yield piece;
    }
  }

  return {
    async take(bytes) {
      while (rest.length < bytes) {
        if (await more()) continue;
        if (rest.length === 0) return null;
        throw cutOff();
      }
      const piece = rest.subarray(0, bytes);
      rest = rest.subarray(bytes);
      return piece;
    },
    pass,
    async drain() {
      rest = Buffer.alloc(0);
      while (await more()) rest = Buffer.alloc(0);
    },
  };
}
