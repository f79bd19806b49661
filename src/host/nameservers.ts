// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The DNS servers that a guest must be told because it cannot reach those of /etc/resolv.conf: none when it can, those
 * behind systemd-resolved when that is what this PC asks, null when there is no way to reach one.
 */
export function guestNameservers(root: string): string[] | null {
  const servers = nameservers(join(root, 'etc/resolv.conf'));
  if (servers.length === 0 || !servers.every(isLoopback)) return [];
  const behind = nameservers(join(root, 'run/systemd/resolve/resolv.conf'));
  // "%" names an interface of this PC, of which a guest knows nothing; resolvers look at three servers at most.
  const usable = behind.filter((address) => !isLoopback(address) && !address.includes('%')).slice(0, 3);
  return usable.length > 0 ? usable : null;
}

function nameservers(file: string): string[] {
  try {
    return [...readFileSync(file, 'utf8').matchAll(/^nameserver\s+(\S+)/gm)].map(
      (match) => match[1] as string,
    );
  } catch {
    return [];
  }
}

function isLoopback(address: string): boolean {
  return address.startsWith('127.') || address === '::1';
}
