// SPDX-License-Identifier: Apache-2.0
//
// As much of a VNC viewer as a test of the clipboard needs: RFB 3.8 with the extended clipboard.
// https://github.com/rfbproto/rfbproto/blob/master/rfbproto.rst#extended-clipboard-pseudo-encoding
import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { deflateSync, inflateSync } from 'node:zlib';

export interface RfbViewer extends Disposable {
  /** Puts a text into the clipboard that this viewer and the guest share */
  copy(text: string): void;
  /** Waits until somebody else puts a text there. @returns the text */
  pasted(): Promise<string>;
}

const extendedClipboard = 0xc0a1e5ce;
const text = 1; // format
const [request, notify, provide] = [1 << 25, 1 << 27, 1 << 28]; // actions
const caps = 1 << 24;
const cutText = { toServer: 6, toClient: 3 };

/** Connects to the display socket of a machine. */
export async function openViewer(path: string): Promise<RfbViewer> {
  const { socket, read } = await connectRfb(path);

  const encodings = Buffer.alloc(8);
  encodings.writeUInt8(2, 0); // SetEncodings
  encodings.writeUInt16BE(1, 2);
  encodings.writeUInt32BE(extendedClipboard, 4);
  socket.write(encodings);

  let mine = '';
  const heard: string[] = [];
  let wake: (() => void) | null = null;
  const ready = Promise.withResolvers<void>();
  const say = (flags: number, data: Buffer = Buffer.alloc(0)): void => {
    const head = Buffer.alloc(12);
    head.writeUInt8(cutText.toServer, 0);
    head.writeInt32BE(-(4 + data.length), 4); // a negative length: it is extended
    head.writeUInt32BE(flags >>> 0, 8);
    socket.write(Buffer.concat([head, data]));
  };
  const answer = (flags: number, data: Buffer): void => {
    if ((flags & caps) !== 0) return ready.resolve();
    if ((flags & request) !== 0) say(provide | text, packed(mine));
    if ((flags & notify) !== 0 && (flags & text) !== 0) say(request | text);
    if ((flags & provide) !== 0) {
      const plain = inflateSync(data);
      heard.push(plain.toString('utf8', 4, 4 + plain.readUInt32BE(0)).replace(/\0$/, ''));
      wake?.();
    }
  };
  const listen = async (): Promise<never> => {
    for (;;) {
      const [type] = await read(1);
      // Nothing else comes unasked, once the screen was not asked for.
      if (type !== cutText.toClient) throw new Error(`the viewer did not expect a message of type ${type}`);
      const length = (await read(7)).readInt32BE(3);
      const body = await read(Math.abs(length));
      if (length < 0) answer(body.readUInt32BE(0), body.subarray(4));
    }
  };
  const ended = listen();
  ended.catch(() => {});
  // Only now the display has read what we want, and tells us of what others copy.
  await Promise.race([ready.promise, ended]);

  return {
    copy(content) {
      mine = content;
      say(notify | text);
    },
    async pasted() {
      for (;;) {
        const found = heard.shift();
        if (found !== undefined) return found;
        await Promise.race([new Promise<void>((resolve) => (wake = resolve)), ended]);
      }
    },
    [Symbol.dispose]: () => void socket.destroy(),
  };
}

function packed(content: string): Buffer {
  const bytes = Buffer.from(`${content}\0`);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bytes.length);
  return deflateSync(Buffer.concat([length, bytes]));
}

/** Connects to the display socket of a machine, up to where a viewer says what it wants. */
export async function connectRfb(
  path: string,
): Promise<{ socket: Socket; read: (count: number) => Promise<Buffer>; width: number; height: number }> {
  const socket = connect(path);
  await once(socket, 'connect');
  const read = createReader(socket);
  await read(12);
  socket.write('RFB 003.008\n');
  const [securityTypes = 0] = await read(1);
  await read(securityTypes);
  socket.write(Buffer.of(1)); // no security: the folder of the socket is it
  await read(4);
  socket.write(Buffer.of(1)); // shared
  const init = await read(24);
  await read(init.readUInt32BE(20)); // its name
  return { socket, read, width: init.readUInt16BE(0), height: init.readUInt16BE(2) };
}

/** @returns a function that waits for so many bytes; pieces are joined once, since a screen has thousands of them */
function createReader(socket: Socket): (count: number) => Promise<Buffer> {
  let pieces: Buffer[] = [];
  let length = 0;
  let wake: (() => void) | null = null;
  socket.on('error', () => {});
  socket.on('close', () => wake?.());
  socket.on('data', (piece: Buffer) => {
    pieces.push(piece);
    length += piece.length;
    wake?.();
  });
  return async (count) => {
    for (;;) {
      if (length >= count) break;
      if (socket.destroyed) throw new Error('the display closed the connection');
      await new Promise<void>((resolve) => (wake = resolve));
    }
    const all = Buffer.concat(pieces);
    pieces = [all.subarray(count)];
    length -= count;
    return all.subarray(0, count);
  };
}
