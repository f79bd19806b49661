// SPDX-License-Identifier: Apache-2.0
//
// The least a VNC viewer can be: RFB 3.8 (RFC 6143) with raw pixels, to measure others against.
import { connectRfb } from '../test/support/rfb.ts';

export interface RawViewer extends Disposable {
  width: number;
  height: number;
  /** Asks for what changed and waits until it came. @returns the rectangles that were sent */
  update(): Promise<{ x: number; y: number; width: number; height: number; pixels: Buffer }[]>;
  /** Presses a key and lets go of it. `keysym` as in X11: for ASCII the code of the character */
  press(keysym: number): void;
}

/** Connects to the display socket of a machine. */
export async function openRawViewer(path: string): Promise<RawViewer> {
  const { socket, read, width, height } = await connectRfb(path);
  socket.write(Buffer.of(2, 0, 0, 1, 0, 0, 0, 0)); // only raw pixels

  const request = Buffer.of(3, 1, 0, 0, 0, 0, 0, 0, 0, 0);
  request.writeUInt16BE(width, 6);
  request.writeUInt16BE(height, 8);
  return {
    width,
    height,
    async update() {
      socket.write(request);
      const [type] = await read(1);
      if (type !== 0) throw new Error(`not an update of the screen: ${type}`);
      const count = (await read(3)).readUInt16BE(1);
      const rectangles = [];
      for (let index = 0; index < count; index += 1) {
        const head = await read(12);
        const [x, y, w, h] = [0, 2, 4, 6].map((offset) => head.readUInt16BE(offset)) as [
          number,
          number,
          number,
          number,
        ];
        rectangles.push({ x, y, width: w, height: h, pixels: await read(w * h * 4) });
      }
      return rectangles;
    },
    press(keysym) {
      for (const down of [1, 0]) {
        const event = Buffer.of(4, down, 0, 0, 0, 0, 0, 0);
        event.writeUInt32BE(keysym, 4);
        socket.write(event);
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}
