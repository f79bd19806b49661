// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { canForward, inNetwork, networkReady, pastaCommand, type Pasta } from './pasta-command.ts';

const pasta: Pasta = {
  path: '/usr/bin/pasta',
  version: null,
  options: [],
  asRoot: false,
  nameservers: [],
  tools: {
    sh: '/bin/sh',
    ip: '/sbin/ip',
    nsenter: '/usr/bin/nsenter',
    setpriv: '/usr/bin/setpriv',
    unshare: '/usr/bin/unshare',
  },
};
const run = '/run/user/1000/phyllome/ab12cd34; $(reboot) "x"';
const command = (
  more: Partial<Pasta> = {},
  forwards = [] as Parameters<typeof pastaCommand>[1]['forwards'],
) => pastaCommand({ ...pasta, ...more }, { run, forwards });
const forward = { protocol: 'tcp', hostAddress: '192.168.1.2', hostPort: 8080, guestPort: 80 } as const;

describe('the command of pasta', () => {
  test('no port is open that nobody asked for', () => {
    expect(command().join(' ')).toContain(
      '--tcp-ns none --udp-ns none --tcp-ports none --udp-ports none -- /bin/sh',
    );
    expect(command({}, [forward]).join(' ')).toContain('--tcp-ports 192.168.1.2/8080:80 --udp-ports none');
    expect(command({}, [forward, { ...forward, protocol: 'udp' }]).join(' ')).toContain(
      '--udp-ports 192.168.1.2/8080:80 --',
    );
  });

  test('options that only some versions have', () => {
    expect(command()).not.toContain('--no-splice');
    expect(command({ options: ['--no-splice', '--stderr', '--dns-host'] })).toEqual(
      expect.arrayContaining(['--no-splice', '--stderr', '--dns-forward']),
    );
    expect(command({ nameservers: ['192.168.1.1'] }).join(' ')).toContain('--dhcp-dns --dns 192.168.1.1');
  });

  test('root makes no user namespace, and keeps mounts of pasta from everybody else', () => {
    const words = command({ asRoot: true }).join(' ');
    expect(words).toContain('/usr/bin/unshare --mount --propagation private /usr/bin/pasta');
    expect(words).toContain('--netns-only --runas 0:0');
    expect(command().join(' ')).not.toContain('unshare');
    expect(inNetwork({ ...pasta, asRoot: true }, run)).not.toContain('--user');
  });

  test('what is run by the shell does not depend on what it is about', () => {
    const scripts = (words: string[]) => words.filter((_, index) => words[index - 1] === '-c');
    const other = { run: '/run/other', forwards: [] };
    expect(scripts(command())).toEqual(scripts(pastaCommand(pasta, other)));
    expect(scripts(inNetwork(pasta, run))).toEqual(scripts(inNetwork(pasta, '/run/other')));
    for (const script of [...scripts(command()), ...scripts(inNetwork(pasta, run))])
      expect(script).not.toContain('reboot');
  });

  test('every process of it names its folder, by which it is found again', () => {
    const words = command();
    const inner = words.slice(words.indexOf('--') + 1);
    expect(inner.some((word) => word.includes(run))).toBe(true);
    expect(networkReady(run).startsWith(`${run}/`)).toBe(true);
  });
});

test('who runs in the network leaves all powers behind that it has there', () => {
  const words = inNetwork(pasta, run);
  expect(words.slice(-4)).toEqual([
    '/usr/bin/setpriv',
    '--no-new-privs',
    '--bounding-set=-all',
    '--inh-caps=-all',
  ]);
});

test.for([
  ['127.0.0.1', [], false],
  ['127.0.0.53', [], false],
  ['0.0.0.0', [], true],
  ['192.168.1.2', [], true],
  ['127.0.0.1', ['--no-splice'], true],
] as const)('a forward from %s with %j', ([hostAddress, options, works]) =>
  expect(canForward({ options }, { hostAddress })).toBe(works),
);
