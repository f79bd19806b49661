// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { vmmFeatures } from '../../contract/vmm.ts';
import { claimsOf } from '../abilities.ts';
import { abilitiesOf } from './abilities.ts';
import { judge } from './judge.ts';
import { machine, report, without } from './testing.ts';

const codes = (draft: object, someReport = report()) => {
  const { refusals, losses } = judge(machine(draft), someReport);
  return { refusals: refusals.map(({ code }) => code), losses: losses.map(({ code }) => code) };
};

// Nothing that crosvm would have to leave out.
const lean = { display: { type: 'none' }, agent: false };
const noPasst = { available: false as const, reason: 'passt is not installed' };
const noSandbox = { usable: false, reason: 'not permitted', emptyFolder: null, root: false };

test('a machine without frills runs as it is', () => {
  const nics = [{ type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }];
  const shares = [{ tag: 'a', path: '/a' }];
  const disks = [{ file: 'd', format: 'raw' }];
  expect(codes({ ...lean, nics, shares, disks, vsock: { cid: 3 } })).toEqual({ refusals: [], losses: [] });
});

describe('what it cannot do', () => {
  test.for<[string, object, string]>([
    ['UEFI', { boot: { type: 'uefi' } }, 'no-uefi'],
    ['Secure Boot', { boot: { type: 'uefi', secureBoot: true } }, 'no-secure-boot'],
    ['a BIOS', { boot: { type: 'bios' } }, 'no-bios'],
    ['a TPM', { tpm: 'emulated' }, 'no-tpm'],
    ['Windows', { guestOs: 'win11' }, 'no-windows'],
    ['a bridge', { nics: [{ type: 'bridge', bridge: 'br0' }] }, 'no-bridge'],
    ['PCI devices', { devices: [{ type: 'pci', address: '0000:01:00.0' }] }, 'no-pci-devices'],
    ['USB devices', { devices: [{ type: 'usb', vendor: '1234', product: '5678' }] }, 'no-usb-devices'],
    ['encrypted memory', { confidential: 'tdx' }, 'no-tdx'],
    ['so many processors', { cpu: { vcpus: 255 } }, 'too-many-vcpus'],
    [
      'command lines that are not ASCII',
      { boot: { type: 'kernel', kernel: 'k', commandLine: 'ü' } },
      'command-line',
    ],
    ['nor those of guests', { boot: { type: 'guest-kernel', commandLine: 'ü' } }, 'command-line'],
  ])('%s', ([, draft, code]) => expect(codes({ ...lean, ...draft }).refusals).toContain(code));

  test('the way out of UEFI is named', () => {
    const { refusals } = judge(machine({ ...lean, boot: { type: 'uefi' } }), report());
    expect(refusals.find(({ code }) => code === 'no-uefi')?.text).toContain('phyllome switch');
  });

  test.for<[string, Parameters<typeof report>[0], object, string]>([
    ['without KVM', { kvm: { usable: false, proven: true, explanation: 'no' } }, {}, 'no-kvm'],
    ['without flock', { flock: { path: null, install: 'apt' } }, {}, 'tool-missing'],
    ['a network without passt', { passt: noPasst }, { nics: [{ type: 'user' }] }, 'no-user-network'],
    [
      'a network with an old passt',
      { passt: { ...report().passt, options: [] } as ReturnType<typeof report>['passt'] },
      { nics: [{ type: 'user' }] },
      'no-user-network',
    ],
    [
      'qcow2 where it is not built in',
      { answers: { ...report().answers, commands: [] } },
      { disks: [{ file: 'd', format: 'qcow2' }] },
      'no-qcow2',
    ],
  ])('%s', ([, more, draft, code]) =>
    expect(codes({ ...lean, ...draft }, report(more)).refusals).toContain(code),
  );
});

describe('what it leaves out', () => {
  test.for<[string, object, string]>([
    ['a screen', { display: { type: 'vnc' } }, 'no-display'],
    ['sound', { sound: 'hda' }, 'no-sound'],
    ['the agent', { agent: true }, 'no-guest-agent'],
    ['other disk buses', { disks: [{ file: 'd', format: 'raw', bus: 'sata' }] }, 'no-disk-buses'],
    ['telling formats', { disks: [{ file: 'd', format: 'qcow2' }] }, 'partly-qcow2'],
    ['drives', { removable: [{ type: 'cdrom', file: 'i' }] }, 'no-cdrom'],
    ['Ethernet addresses', { nics: [{ type: 'user', mac: '52:54:00:00:00:01' }] }, 'no-mac'],
    ['other network cards', { nics: [{ type: 'user', model: 'e1000e' }] }, 'no-nic-model'],
    ['cards without a cable', { nics: [{ type: 'none' }] }, 'no-loose-nic'],
    ['read-only shares', { shares: [{ tag: 'a', path: '/a', readOnly: true }] }, 'share-read-only'],
    ['shares with a colon', { shares: [{ tag: 'a', path: '/a:b' }] }, 'share-path'],
  ])('%s', ([, draft, code]) =>
    expect(codes({ ...lean, ...draft })).toEqual({ refusals: [], losses: [code] }),
  );

  test('shares without the sandbox, unless it runs as root', () => {
    const shares = { ...lean, shares: [{ tag: 'a', path: '/a' }] };
    expect(codes(shares, report({ sandbox: noSandbox })).losses).toEqual(['no-shares']);
    expect(codes(shares, report({ sandbox: { ...noSandbox, root: true } })).losses).toEqual([]);
    expect(codes(shares, without('--shared-dir')).losses).toEqual(['no-shares']);
  });

  test('vsock and balloon as the build and the PC have them', () => {
    const vsock = { ...lean, vsock: { cid: 3 } };
    expect(codes(vsock, report({ vhostVsock: false })).losses).toEqual(['no-vsock']);
    expect(codes(vsock, without('--vsock')).losses).toEqual(['no-vsock']);
    expect(codes(lean, without('--balloon-page-reporting')).losses).toEqual(['partly-balloon']);
    expect(codes(lean, without('--no-balloon')).losses).toEqual(['no-balloon']);
  });
});

test('a claim for every feature', () => {
  expect(claimsOf(abilitiesOf(report())).map(({ feature }) => feature)).toEqual(vmmFeatures);
});
