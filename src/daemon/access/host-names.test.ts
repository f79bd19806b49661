// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { browserName } from './browser-name.ts';
import { hostNames, normalAddress, passingAddresses } from './host-names.ts';

test.each([
  ['pc', ['pc.local', 'pc']],
  ['PC.lan', ['pc.local', 'pc.lan', 'pc']],
  ['localhost', ['localhost']],
  ['a b', []],
])('%s is reached as %j', (name, names) => {
  expect(hostNames(name)).toEqual(names);
});

test('addresses that IPv6 makes anew each day are told apart', () => {
  const lines = [
    '20010db8000000000000000000000001 02 40 00 80     eth0',
    '20010db800000000abcd000000000002 02 40 00 01     eth0',
    '20010db800000000abcd000000000003 02 40 00 21     eth0',
    'nonsense',
  ];
  expect([...passingAddresses(lines.join('\n'))]).toEqual(['2001:db8::abcd:0:0:2', '2001:db8::abcd:0:0:3']);
});

test.each([
  ['::ffff:192.0.2.1', '192.0.2.1'],
  ['[FD00:0:0:0:0:0:0:2]', 'fd00::2'],
  ['fe80::1%eth0', 'fe80::1'],
  ['192.0.2.1', '192.0.2.1'],
])('%s is %s', (address, normal) => {
  expect(normalAddress(address)).toBe(normal);
});

test.each([
  ['Mozilla/5.0 (X11; Linux x86_64; rv:150.0) Gecko/20100101 Firefox/150.0', 'Firefox on Linux'],
  [
    'Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/149.0 Safari/537.36 Edg/149.0',
    'Edge on Windows',
  ],
  [
    'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile Safari/604.1',
    'Safari on iPhone',
  ],
  ['curl/8.0 <script>', 'curl'],
  [undefined, ''],
])('%s is %s', (userAgent, name) => {
  expect(browserName(userAgent)).toBe(name);
});
