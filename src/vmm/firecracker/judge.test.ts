// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { abilitiesOf } from './abilities.ts';
import { judge } from './judge.ts';
import { machine, report, withPasta } from './testing.ts';

const codes = (draft: object, someReport = report()) => {
  const { refusals, losses } = judge(machine(draft), someReport);
  return { refusals: refusals.map(({ code }) => code), losses: losses.map(({ code }) => code) };
};
const lean = { display: { type: 'none' }, agent: false, balloon: false, clipboard: false };
const forward = (hostAddress: string) => ({
  ...lean,
  nics: [{ type: 'user', forwards: [{ hostAddress, hostPort: 2222, guestPort: 22 }] }],
});

test('a lean Linux with a raw disk and a card runs as it is', () => {
  const disks = [{ file: 'a.raw', format: 'raw' }];
  expect(codes({ ...lean, disks, nics: [{ type: 'user' }], cpu: { vcpus: 3 } })).toEqual({
    refusals: [],
    losses: [],
  });
});

test.for<[string, object, string]>([
  ['a firmware', { boot: { type: 'uefi' } }, 'no-uefi'],
  ['a BIOS', { boot: { type: 'bios' } }, 'no-bios'],
  ['Windows', { guestOs: 'win11' }, 'no-windows'],
  ['a TPM', { tpm: 'emulated' }, 'no-tpm'],
  ['a qcow2 disk', { disks: [{ file: 'a', format: 'qcow2' }] }, 'no-qcow2'],
  ['33 processors', { cpu: { vcpus: 33 } }, 'too-many-vcpus'],
  [
    'cores of four threads',
    { cpu: { vcpus: 4, topology: { sockets: 1, cores: 1, threads: 4 } } },
    'too-many-threads',
  ],
  ['two cards of type user', { nics: [{ type: 'user' }, { type: 'user' }] }, 'one-user-network'],
  ['a bridge', { nics: [{ type: 'bridge', bridge: 'br0' }] }, 'no-bridge'],
  [
    'a command line without room for more',
    { boot: { type: 'kernel', kernel: 'k', commandLine: 'x'.repeat(1900) } },
    'command-line-too-long',
  ],
  ['encrypted memory', { confidential: 'sev' }, 'no-sev'],
])('%s is refused', ([, draft, code]) => {
  expect(codes({ ...lean, ...draft }).refusals).toContain(code);
});

test.for<[string, object, string]>([
  ['a screen', { display: { type: 'vnc' } }, 'no-display'],
  ['a balloon', { balloon: true }, 'partly-balloon'],
  ['an agent', { agent: true }, 'no-guest-agent'],
  ['a medium', { removable: [{ type: 'cdrom', file: '/a.iso' }] }, 'partly-cdrom'],
  ['a disk past the page cache', { disks: [{ file: 'a', format: 'raw', cache: 'none' }] }, 'disk-cache'],
  ['a serial number', { disks: [{ file: 'a', format: 'raw', serial: 'x' }] }, 'disk-serial'],
  ['a card without a cable', { nics: [{ type: 'none' }] }, 'nic-left-out'],
  ['another kind of card', { nics: [{ type: 'user', model: 'e1000e' }] }, 'nic-model'],
  ['shared folders', { shares: [{ tag: 't', path: '/t' }] }, 'no-shares'],
  ['vsock, which hangs after a pause', { vsock: { cid: 3 } }, 'partly-vsock'],
])('%s is a loss', ([, draft, code]) => {
  expect(codes({ ...lean, ...draft })).toEqual({ refusals: [], losses: [code] });
});

test('without pasta there is no network, and why', () => {
  const without = report({ pasta: { available: false, reason: 'pasta is not installed' } });
  expect(codes({ nics: [{ type: 'user' }] }, without).refusals).toEqual(['no-user-network']);
  expect(judge(machine({ nics: [{ type: 'user' }] }), without).refusals[0]?.text).toContain('not installed');
  expect(codes(lean, without)).toEqual({ refusals: [], losses: [] });
});

test('a forward from 127.0.0.1 is lost, unless pasta can be told to hand it on', () => {
  expect(codes(forward('127.0.0.1')).losses).toEqual(['partly-port-forwards']);
  expect(codes(forward('0.0.0.0')).losses).toEqual([]);
  expect(codes(forward('127.0.0.1'), withPasta({ options: ['--no-splice'] })).losses).toEqual([]);
});

test('it needs KVM and flock', () => {
  const kvm = { usable: false, proven: true, explanation: 'there is no /dev/kvm' };
  const bare = report({ kvm, flock: { path: null, install: 'sudo apt install util-linux' } });
  expect(codes(lean, bare).refusals).toEqual(['no-kvm', 'tool-missing']);
  expect(abilitiesOf(bare).kvm).toMatchObject({ possible: 'no', source: 'host' });
});

test('what a newer version can', () => {
  const newer = report({ version: '1.17.0', answers: { version: '1.17.0', options: [] } });
  expect(abilitiesOf(newer).vsock).toMatchObject({ possible: 'yes' });
  expect(abilitiesOf(newer)['kernel-boot'].detail).toContain('bzImage');
  expect(abilitiesOf(report())['kernel-boot'].detail).toContain('phyllome switch');
});
