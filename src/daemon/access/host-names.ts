// SPDX-License-Identifier: Apache-2.0
//
// Under which names and addresses other devices reach this PC.
import { readFileSync } from 'node:fs';
import { hostname, networkInterfaces } from 'node:os';

/** The name of this PC as it is, its first part, and what others on the same network find by mDNS. */
export function hostNames(name: string = hostname()): string[] {
  const whole = name.toLowerCase().replace(/\.$/, '');
  const short = whole.split('.', 1)[0] as string;
  if (!/^[a-z0-9-]+$/.test(short)) return [];
  return short === 'localhost' ? ['localhost'] : [...new Set([`${short}.local`, whole, short])];
}

/** Addresses that last: none of this PC alone, of one cable alone, or that IPv6 makes anew each day. */
export function hostAddresses(): string[] {
  const passing = passingAddresses();
  const all = Object.values(networkInterfaces()).flatMap((interfaces) => interfaces ?? []);
  const lasting = all.filter(
    ({ internal, address }) =>
      !internal && !/^(fe[89ab]|169\.254\.)/i.test(address) && !passing.has(address.toLowerCase()),
  );
  return [
    ...new Set(lasting.toSorted((a, b) => a.family.localeCompare(b.family)).map(({ address }) => address)),
  ];
}

// Flags of the kernel (if_addr.h): temporary, deprecated, and not known yet to be nobody else's.
const passingFlags = 0x01 | 0x20 | 0x40 | 0x08;

/** @param text of /proc/net/if_inet6; there is none without IPv6 */
export function passingAddresses(text: string = read()): Set<string> {
  const found = new Set<string>();
  for (const line of text.split('\n')) {
    const [digits = '', , , , flags = ''] = line.trim().split(/\s+/);
    if (digits.length !== 32 || (Number.parseInt(flags, 16) & passingFlags) === 0) continue;
    found.add(normalAddress(digits.match(/.{4}/g)?.join(':') ?? ''));
  }
  return found;
}

/** An address as the system writes it: IPv4 without the wrapping of IPv6, IPv6 short and without its zone. */
export function normalAddress(address: string): string {
  const bare = address.replace(/^\[|\]$/g, '').split('%', 1)[0] as string;
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(bare)?.[1];
  if (mapped !== undefined) return mapped;
  if (!bare.includes(':')) return bare;
  return URL.parse(`http://[${bare}]/`)?.hostname.slice(1, -1) ?? bare;
}

function read(): string {
  try {
    return readFileSync('/proc/net/if_inet6', 'utf8');
  } catch {
    // A kernel without IPv6.
    return '';
  }
}
