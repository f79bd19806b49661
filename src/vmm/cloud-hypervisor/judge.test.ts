// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { vmmFeatures } from '../../contract/vmm.ts';
import { claimsOf } from '../abilities.ts';
import { abilitiesOf } from './abilities.ts';
import { judge } from './judge.ts';
import { machine, report } from './testing.ts';

const codes = (draft: object, someReport = report()) => {
  const { refusals, losses } = judge(machine(draft), someReport);
  return { refusals: refusals.map(({ code }) => code), losses: losses.map(({ code }) => code) };
};
const uefi = { boot: { type: 'uefi' } };
const windows = { ...uefi, guestOs: 'win11', disks: [{ file: 'w.raw', format: 'raw' }] };

test('a lean machine runs as it is', () => {
  const draft = {
    disks: [
      { file: 'a.raw', format: 'raw', cache: 'none' },
      { file: 'b.qcow2', format: 'qcow2', discard: 'ignore' },
    ],
    nics: [{ type: 'user', forwards: [{ hostPort: 2222, guestPort: 22 }] }],
    shares: [{ tag: 'docs', path: '/docs', readOnly: true }],
    vsock: { cid: 3 },
    cpu: { vcpus: 4, topology: { sockets: 1, cores: 2, threads: 2 } },
  };
  expect(codes(draft)).toEqual({ refusals: [], losses: [] });
});

test.each<[string, object, string]>([
  ['a BIOS', { boot: { type: 'bios' } }, 'no-bios'],
  ['Secure Boot', { boot: { type: 'uefi', secureBoot: true } }, 'no-secure-boot'],
  ['a bridge', { nics: [{ type: 'bridge', bridge: 'br0' }] }, 'no-bridge'],
  ['a PCI device', { devices: [{ type: 'pci', address: '0000:01:00.0' }] }, 'no-pci-devices'],
  ['a USB device', { devices: [{ type: 'usb', vendor: '1234', product: '5678' }] }, 'no-usb-devices'],
  ['SEV', { confidential: 'sev' }, 'no-sev'],
  ['TDX', { confidential: 'tdx' }, 'no-tdx'],
  [
    'cores of four threads',
    { cpu: { vcpus: 4, topology: { sockets: 1, cores: 1, threads: 4 } } },
    'too-many-threads',
  ],
  ['Windows in a qcow2 disk', { ...windows, disks: [{ file: 'w', format: 'qcow2' }] }, 'windows-needs-raw'],
  ['Windows without firmware', { guestOs: 'win11' }, 'windows-needs-uefi'],
])('%s is refused', (_what, draft, code) => {
  expect(codes(draft).refusals).toEqual([code]);
});

test.each<[string, object, string]>([
  ['a screen', { display: { type: 'vnc' } }, 'no-display'],
  ['the guest agent', { agent: true }, 'no-guest-agent'],
  ['sound', { sound: 'hda' }, 'no-sound'],
  ['a disk on SATA', { disks: [{ file: 'a', format: 'raw', bus: 'sata' }] }, 'no-disk-buses'],
  ['a fast TPM', { tpm: 'emulated' }, 'partly-tpm'],
  ['a CD', { removable: [{ type: 'cdrom', file: '/i.iso' }] }, 'partly-cdrom'],
  ['another model of card', { nics: [{ type: 'user', model: 'e1000e' }] }, 'nic-model'],
  ['a card without a cable', { nics: [{ type: 'none' }] }, 'nic-left-out'],
  ['writethrough', { disks: [{ file: 'a', format: 'raw', cache: 'writethrough' }] }, 'disk-cache'],
])('%s is gone without, and said so', (_what, draft, code) => {
  expect(codes(draft)).toEqual({ refusals: [], losses: [code] });
});

describe('UEFI', () => {
  test('runs, but its variables do not last', () => {
    expect(codes(uefi)).toEqual({ refusals: [], losses: ['no-uefi-variables'] });
  });

  test('without its firmware it is refused, with the way to install it', () => {
    const { refusals } = judge(
      machine(uefi),
      report({ firmware: { found: null, install: 'sudo apt install x' } }),
    );
    expect(refusals).toMatchObject([
      { code: 'no-uefi', hint: expect.stringContaining('sudo apt install x') as string },
    ]);
  });

  test('the small firmware is said to be small, and does not start Windows', () => {
    const firmware = { found: { kind: 'rust', file: '/f/hypervisor-fw' } as const, install: '' };
    expect(codes(uefi, report({ firmware })).losses).toEqual(['partly-uefi', 'no-uefi-variables']);
    expect(codes(windows, report({ firmware })).refusals).toEqual(['no-windows']);
  });

  test('an order that the firmware cannot follow', () => {
    let files = 0;
    const disk = (bootIndex?: number) => ({
      file: `${(files += 1)}`,
      format: 'raw',
      ...(bootIndex !== undefined && { bootIndex }),
    });
    const lost = (draft: object) => codes({ ...uefi, ...draft }).losses.includes('boot-order');
    expect(lost({ disks: [disk(0), disk(1), disk()] })).toBe(false);
    expect(lost({ disks: [disk(1), disk(0)] })).toBe(true);
    expect(lost({ disks: [disk()], removable: [{ type: 'cdrom', file: 'i', bootIndex: 0 }] })).toBe(true);
    expect(lost({ nics: [{ type: 'user', bootIndex: 0 }] })).toBe(true);
  });
});

describe('Windows', () => {
  test('runs from a raw disk by UEFI, and one is told that there is no screen', () => {
    const { refusals, losses } = judge(machine(windows), report());
    expect(refusals).toEqual([]);
    expect(losses.find(({ code }) => code === 'partly-windows')?.text).toMatch(/no screen.*RDP/);
  });

  test('its TPM needs version 53', () => {
    const draft = { ...windows, tpm: 'emulated' };
    expect(codes(draft, report({ version: '52.0' })).losses).toContain('tpm-windows');
    expect(codes(draft).losses).not.toContain('tpm-windows');
  });

  test('not on ARM', () => {
    const arm = report({ architecture: 'aarch64' });
    expect(abilitiesOf(arm).windows.possible).toBe('no');
  });
});

describe('what this PC lacks', () => {
  const user = { nics: [{ type: 'user' }] };
  const noPasst = { available: false as const, reason: 'passt is not installed' };

  test.each<[string, object, Parameters<typeof report>[0], string]>([
    ['KVM', {}, { kvm: { usable: false, proven: true, explanation: 'no' } }, 'no-kvm'],
    ['flock', {}, { flock: { path: null, install: 'x' } }, 'tool-missing'],
    ['passt', user, { passt: noPasst }, 'no-user-network'],
    [
      'swtpm',
      { tpm: 'emulated' },
      { tools: { ...report().tools, swtpm: { path: null, install: 'x' } } },
      'no-tpm',
    ],
  ])('%s: refused', (_what, draft, more, code) => {
    expect(codes(draft, report(more)).refusals).toEqual([code]);
  });

  test('a passt from before vhost-user is no passt', () => {
    const passt = { ...report().passt, options: ['--stderr'] } as ReturnType<typeof report>['passt'];
    const [refusal] = judge(machine(user), report({ passt })).refusals;
    expect(refusal?.text).toContain('vhost-user');
  });

  test('shares: gone without, said once', () => {
    const draft = {
      shares: [
        { tag: 'a', path: '/a', readOnly: true },
        { tag: 'b', path: '/b' },
      ],
    };
    const missing = { ...report().tools, virtiofsd: { path: null, install: 'x' } };
    const none = { current: false, readOnly: false };
    expect(codes(draft, report({ tools: missing, virtiofsd: none })).losses).toEqual(['no-shares']);
    expect(codes(draft, report({ virtiofsd: none })).losses).toEqual(['no-shares']);
    expect(codes(draft, report({ virtiofsd: { current: true, readOnly: false } })).losses).toEqual([
      'share-read-only',
    ]);
  });
});

test('every feature has a claim, and what is not possible says why', () => {
  for (const architecture of ['x86_64', 'aarch64', 'riscv64'] as const) {
    const claims = claimsOf(abilitiesOf(report({ architecture })));
    expect(claims.map(({ feature }) => feature)).toEqual([...vmmFeatures]);
    for (const { possible, detail } of claims) if (possible !== 'yes') expect(detail).not.toBe('');
  }
});
