// SPDX-License-Identifier: Apache-2.0
//
// Messages of RFB (RFC 6143 and its registry) that noVNC sends and that we want otherwise. noVNC sends each
// message in a piece of its own, so the first byte of a piece is the type of a message.

const setEncodings = 2;
const setDesktopSize = 251;
const rawEncoding = 0;

/**
 * Puts raw pixels first in the list of encodings, so that the VMM sends those: over a socket of this PC they
 * come faster (32 frames of video a second instead of 8) and keep no processor busy with packing.
 */
export function preferRaw(message: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  if (message[0] !== setEncodings) return message;
  const view = viewOf(message);
  // Type, padding, number of encodings (u16), then each as a signed number of four bytes.
  const count = view.getUint16(2);
  if (message.byteLength !== 4 + 4 * count) return message;
  const encodings = Array.from({ length: count }, (_, index) => view.getInt32(4 + 4 * index));
  if (!encodings.includes(rawEncoding)) return message;
  const changed = message.slice();
  [rawEncoding, ...encodings.filter((encoding) => encoding !== rawEncoding)].forEach((encoding, index) => {
    viewOf(changed).setInt32(4 + 4 * index, encoding);
  });
  return changed;
}

/**
 * Asks the guest for a screen in pixels of the display rather than of the page, so that on a screen with two
 * pixels to a CSS pixel the picture is as sharp as that screen.
 */
export function inDevicePixels(message: Uint8Array<ArrayBuffer>, ratio: number): Uint8Array<ArrayBuffer> {
  // Type, padding, width, height (u16), number of screens (u8), padding; a screen: id (u32), x, y, width,
  // height (u16), flags (u32). noVNC always describes one screen that fills the desktop.
  if (message[0] !== setDesktopSize || message.byteLength !== 24) return message;
  const changed = message.slice();
  const view = viewOf(changed);
  for (const offset of [2, 4, 16, 18]) {
    view.setUint16(offset, Math.min(0xffff, Math.round(view.getUint16(offset) * ratio)));
  }
  return changed;
}

function viewOf({ buffer, byteOffset, byteLength }: Uint8Array<ArrayBuffer>): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
