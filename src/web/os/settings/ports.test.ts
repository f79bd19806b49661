// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { portsText, readPorts } from './ports.ts';

test('ports as people write them', () => {
  expect(readPorts(' 8080, 5000/udp;9000/tcp ')).toEqual([
    { port: 8080, protocol: 'tcp' },
    { port: 5000, protocol: 'udp' },
    { port: 9000, protocol: 'tcp' },
  ]);
  expect(readPorts('')).toEqual([]);
});

test.each(['22', '1023', '65536', 'http', '8080/sctp', '8080-8090', '-8080'])('%s is none', (text) => {
  expect(readPorts(text)).toBeNull();
});

test('what is shown is read again', () => {
  const ports = [
    { port: 5000, protocol: 'udp' as const },
    { port: 8080, protocol: 'tcp' as const },
  ];
  expect(readPorts(portsText(ports))).toEqual(ports);
});
