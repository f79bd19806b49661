// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { bridgeProfile, portProfile, wifiProfile, wiredProfile } from './profile.ts';

const id = '11111111-2222-3333-4444-555555555555';

test('a network of any name is a list of bytes, and its passphrase stays what was typed', () => {
  const hostile = Buffer.from('a\n[ipv4]\n"', 'utf8').toString('hex');
  const text = wifiProfile(id, { ssid: hostile, passphrase: ' b\\s=;#[x] ', hidden: true, security: 'wpa' });
  expect(text).toContain('ssid=97;10;91;105;112;118;52;93;10;34;\n');
  expect(text).toContain('psk=\\sb\\\\s=;#[x]\\s\n');
  expect(text).toContain('hidden=true\n');
  // One group of each kind, whatever the name says.
  expect(text.match(/^\[ipv4\]$/gm)).toHaveLength(1);
});

test.each([
  ['wpa', 'key-mgmt=wpa-psk'],
  ['sae', 'key-mgmt=sae'],
  ['owe', 'key-mgmt=owe'],
] as const)('%s', (security, line) => {
  expect(wifiProfile(id, { ssid: '61', passphrase: 'p', hidden: false, security })).toContain(line);
});

test('an open network has no protection to fail at', () => {
  const text = wifiProfile(id, { ssid: '61', passphrase: undefined, hidden: false, security: 'open' });
  expect(text).not.toContain('wifi-security');
  expect(text).not.toContain('hidden');
});

test('addresses of a wired device', () => {
  const fixed = { address: '192.168.1.10/24', gateway: '192.168.1.1', nameservers: ['9.9.9.9', '1.1.1.1'] };
  expect(wiredProfile(id, 'enp1s0', fixed)).toBe(`[connection]
id=wired-enp1s0
uuid=${id}
type=ethernet
interface-name=enp1s0
autoconnect-priority=10

[ethernet]

[ipv4]
method=manual
address1=192.168.1.10/24,192.168.1.1
dns=9.9.9.9;1.1.1.1;

[ipv6]
method=auto
`);
  expect(wiredProfile(id, 'enp1s0', 'dhcp')).toContain('[ipv4]\nmethod=auto\n');
});

test('a bridge has the hardware address of its device, and the device is a port before it is anything else', () => {
  expect(bridgeProfile(id, 'br0', '52:54:00:00:00:01', 'dhcp')).toContain(
    'cloned-mac-address=52:54:00:00:00:01\n',
  );
  const port = portProfile(id, 'enp1s0', 'br0');
  expect(port).toContain('controller=br0\nport-type=bridge\nautoconnect-priority=20\n');
  expect(port).not.toContain('[ipv4]');
});
