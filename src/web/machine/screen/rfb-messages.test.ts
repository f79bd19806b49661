// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { inDevicePixels, preferRaw } from './rfb-messages.ts';

const encodings = (...list: number[]): Uint8Array<ArrayBuffer> => {
  const message = new Uint8Array(4 + 4 * list.length);
  message[0] = 2;
  const view = new DataView(message.buffer);
  view.setUint16(2, list.length);
  list.forEach((encoding, index) => view.setInt32(4 + 4 * index, encoding));
  return message;
};

const resize = (width: number, height: number): Uint8Array<ArrayBuffer> => {
  const message = new Uint8Array(24);
  const view = new DataView(message.buffer);
  message.set([251, 0, 0, 0, 0, 0, 1]);
  for (const [offset, value] of [
    [2, width],
    [4, height],
    [16, width],
    [18, height],
  ] as const)
    view.setUint16(offset, value);
  view.setUint32(8, 0xabcdef01);
  return message;
};

describe('raw pixels first', () => {
  test('the others keep their order', () => {
    expect(preferRaw(encodings(1, 7, 0, -223))).toEqual(encodings(0, 1, 7, -223));
  });

  test('a list without raw stays as it is', () => {
    expect(preferRaw(encodings(1, 7))).toEqual(encodings(1, 7));
  });

  test.each([
    ['another message', new Uint8Array([3, 0, 0, 4, 0, 0, 0, 0])],
    ['a message whose length is not what it says', encodings(1, 0).subarray(0, 10)],
  ])('%s passes untouched', (_, message) => {
    expect(preferRaw(message)).toBe(message);
  });
});

describe('sizes in pixels of the display', () => {
  test('desktop and screen grow, the rest stays', () => {
    expect(inDevicePixels(resize(801, 600), 1.5)).toEqual(resize(1202, 900));
  });

  test('no size is beyond what the protocol can say', () => {
    expect(inDevicePixels(resize(40_000, 10), 2)).toEqual(resize(65_535, 20));
  });

  test('another message passes untouched', () => {
    const key = new Uint8Array([4, 1, 0, 0, 0, 0, 0, 65]);
    expect(inDevicePixels(key, 2)).toBe(key);
  });
});
