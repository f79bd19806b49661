// SPDX-License-Identifier: Apache-2.0
import type { OpenPort } from '../../../contract/os-settings.ts';

export const portsText = (ports: readonly OpenPort[]): string =>
  ports.map(({ protocol, port }) => (protocol === 'tcp' ? String(port) : `${port}/udp`)).join(', ');

/** @returns null when that is no list of ports that may be opened */
export function readPorts(text: string): OpenPort[] | null {
  const words = text.split(/[\s,;]+/).filter((word) => word !== '');
  const ports = words.map((word): OpenPort | null => {
    const [, digits, protocol] = /^(\d{4,5})(?:\/(tcp|udp))?$/.exec(word) ?? [];
    const port = Number(digits);
    return port >= 1024 && port <= 65_535 ? { port, protocol: protocol === 'udp' ? 'udp' : 'tcp' } : null;
  });
  return ports.includes(null) ? null : (ports as OpenPort[]);
}
