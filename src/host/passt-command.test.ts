// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { guestNameservers } from './nameservers.ts';
import { passtCommand, type Passt } from './passt-command.ts';

const fixtures = join(import.meta.dirname, 'fixtures');
// Debian 12 and 13: the options that differ and matter.
const old: Passt = {
  path: '/usr/bin/passt',
  version: null,
  options: ['--stderr'],
  asRoot: false,
  nameservers: [],
};
const recent: Passt = { ...old, options: ['--dns-host', '--no-map-gw'] };
const socket = '/run/user/1000/phyllome/ab12cd34/a,b.sock';

describe('the command of passt', () => {
  test('an old version', () => {
    expect(passtCommand(old, { socket, forwards: [] })).toEqual([
      '/usr/bin/passt',
      '--foreground',
      '--one-off',
      '--socket',
      socket,
      '--stderr',
      '--no-map-gw',
    ]);
  });

  test('a recent version hands on DNS questions', () => {
    const command = passtCommand({ ...recent, nameservers: ['192.168.1.1'] }, { socket, forwards: [] });
    expect(command.join(' ')).toContain('--no-map-gw --dns-forward 169.254.1.1');
    expect(command).not.toContain('--dns');
    expect(command).not.toContain('--stderr');
  });

  test('an old version is told the DNS servers it cannot find out', () => {
    const nameservers = ['192.168.1.1', '2001:db8::1'];
    const command = passtCommand({ ...old, nameservers }, { socket, forwards: [] });
    expect(command.join(' ')).toContain('--dns 192.168.1.1 --dns 2001:db8::1');
    expect(command).not.toContain('--dns-forward');
  });

  test('root stays root, or passt could not make its socket in a private folder', () => {
    expect(passtCommand({ ...old, asRoot: true }, { socket, forwards: [] }).join(' ')).toContain(
      '--runas 0:0',
    );
  });

  test('forwards', () => {
    const forwards = [
      { protocol: 'tcp', hostAddress: '127.0.0.1', hostPort: 2222, guestPort: 22 },
      { protocol: 'udp', hostAddress: '0.0.0.0', hostPort: 5353, guestPort: 53 },
    ] as const;
    const command = passtCommand(old, { socket, forwards });
    expect(command.slice(-4)).toEqual(['--tcp-ports', '127.0.0.1/2222:22', '--udp-ports', '0.0.0.0/5353:53']);
  });
});

describe('DNS servers for guests', () => {
  test('those behind systemd-resolved, without what only means something here', () => {
    expect(guestNameservers(join(fixtures, 'laptop'))).toEqual(['192.168.1.1']);
  });

  test('none when guests can reach those of this PC, or there are none', () => {
    expect(guestNameservers(join(fixtures, 'server'))).toEqual([]);
    expect(guestNameservers(join(fixtures, 'nowhere'))).toEqual([]);
  });

  test('null when the only one listens on this PC alone', () => {
    expect(guestNameservers(join(fixtures, 'dnsmasq'))).toBeNull();
  });
});
