// SPDX-License-Identifier: Apache-2.0

// What would move the cursor, turn the direction of writing or show nothing at all.
const unseen = /[\p{Cc}\p{Cf}\p{Co}\p{Cn}\p{Zl}\p{Zp}]/gu;

/** The name of a network for people. It is up to 32 bytes of anything, chosen by whoever wants to be seen. */
export function ssidText(ssid: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })
      .decode(ssid)
      .replaceAll(unseen, '\u{FFFD}');
  } catch {
    return [...ssid]
      .map((byte) => (byte > 0x20 && byte < 0x7f ? String.fromCodePoint(byte) : `\\x${hex([byte])}`))
      .join('');
  }
}

export const hex = (bytes: Iterable<number>): string =>
  [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
