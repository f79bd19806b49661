// SPDX-License-Identifier: Apache-2.0
//
// No machine of ours has SEV, TDX or SGX: what is tested here are judgements and plans, for PCs as they would say of
// themselves what they are.
import { describe, expect, test } from 'vitest';
import { confidentialKinds, type ConfidentialKind } from '../../host/confidential.ts';
import { abilitiesOf } from './abilities.ts';
import { confidentialKind } from './confidential.ts';
import { lockableBytes, readSevNumbers } from './confidential-host.ts';
import { judge } from './judge.ts';
import type { QemuReport } from './report.ts';
import type { SealedFirmware } from './sealed-firmware.ts';
import { firmware, jsonOf, machine, planOf, report, tcgReport, valuesOf } from './testing.ts';

const targets = [{ architecture: 'x86_64', machines: ['pc-q35-*'] }];

const amdSealed: SealedFirmware = {
  descriptor: '/usr/share/qemu/firmware/60-edk2-ovmf-x64-amdsev.json',
  description: 'OVMF for AMD SEV',
  file: '/fw/OVMF.amdsev.fd',
  inMemory: true,
  targets,
  kinds: ['sev', 'sev-es', 'sev-snp'],
  secureBoot: false,
  enrolledKeys: false,
};
const intelSealed: SealedFirmware = {
  ...amdSealed,
  descriptor: '/usr/share/qemu/firmware/60-edk2-ovmf-x64-inteltdx.json',
  description: 'OVMF for Intel TDX',
  file: '/fw/OVMF.inteltdx.secboot.fd',
  kinds: ['tdx'],
  secureBoot: true,
  enrolledKeys: true,
};

const objectsSince: readonly (readonly [version: string, object: string])[] = [
  ['7.2.0', 'sev-guest'],
  ['7.2.0', 'memory-backend-epc'],
  ['9.1.0', 'sev-snp-guest'],
  ['10.1.0', 'tdx-guest'],
];
const atLeast = (version: string, needed: string) =>
  version.localeCompare(needed, 'en', { numeric: true }) >= 0;

/** A PC with everything of one vendor, under a QEMU of this version. */
function server(vendor: 'amd' | 'intel', version: string, more: Partial<QemuReport> = {}): QemuReport {
  const usual = report('x86_64');
  const amd = vendor === 'amd';
  return {
    ...usual,
    version,
    answers: {
      ...usual.answers,
      version,
      machine: { name: `pc-q35-${version.slice(0, version.lastIndexOf('.'))}`, maxVcpus: 288 },
      objects: [
        ...usual.answers.objects,
        ...objectsSince.filter(([since]) => atLeast(version, since)).map(([, object]) => object),
      ],
    },
    firmware: { ...usual.firmware, sealed: [amdSealed, intelSealed] },
    confidential: {
      kinds: amd ? ['sev', 'sev-es', 'sev-snp'] : ['tdx'],
      sevDevice: amd ? null : 'ENOENT',
      sev: amd ? { cbitpos: 51, reducedPhysBits: 1 } : null,
      problem: '',
      lockableBytes: null,
      sgxDevice: amd ? 'ENOENT' : null,
    },
    ...more,
  };
}

const uefi = { type: 'uefi' };
const kernel = {
  type: 'kernel',
  kernel: 'kernel/vmlinuz',
  initrd: 'kernel/initrd',
  commandLine: 'console=ttyS0',
};
const secret = (confidential: ConfidentialKind, more: object = {}) => ({
  confidential,
  boot: uefi,
  balloon: false,
  disks: [{ file: 'disks/a.raw', format: 'raw' }],
  nics: [{ type: 'user' }],
  ...more,
});
const verdict = (draft: object, someReport: QemuReport) => {
  const { refusals, losses } = judge(machine(draft), someReport);
  return { refused: refusals.map(({ code }) => code), lost: losses.map(({ code }) => code) };
};

describe('whole plans', () => {
  test.for<[string, object, QemuReport]>([
    ['sev-8.2', secret('sev'), server('amd', '8.2.0')],
    ['sev-es-kernel-8.2', secret('sev-es', { boot: kernel }), server('amd', '8.2.0')],
    ['sev-snp-9.1', secret('sev-snp'), server('amd', '9.1.0')],
    ['sev-snp-kernel-10.1', secret('sev-snp', { boot: kernel }), server('amd', '10.1.0')],
    ['tdx-10.1', secret('tdx', { boot: { ...uefi, secureBoot: true } }), server('intel', '10.1.0')],
    ['sgx-8.2', { sgx: { epc: '64MiB' }, boot: uefi }, server('intel', '8.2.0')],
  ])('%s', async ([name, draft, someReport]) => {
    expect(verdict(draft, someReport).refused).toEqual([]);
    const made = planOf(draft, someReport);
    await expect(`${JSON.stringify(made, null, 2)}\n`).toMatchFileSnapshot(`golden/${name}.plan`);
  });
});

test.for<[ConfidentialKind, 'amd' | 'intel', object]>([
  ['sev', 'amd', { 'qom-type': 'sev-guest', policy: 1, cbitpos: 51, 'reduced-phys-bits': 1 }],
  ['sev-es', 'amd', { 'qom-type': 'sev-guest', policy: 5, cbitpos: 51, 'reduced-phys-bits': 1 }],
  ['sev-snp', 'amd', { 'qom-type': 'sev-snp-guest', policy: 0x3_0000, cbitpos: 51, 'reduced-phys-bits': 1 }],
  ['tdx', 'intel', { 'qom-type': 'tdx-guest' }],
])('%s: the object, nothing that moves memory, no code of a card', ([kind, vendor, object]) => {
  const made = planOf(secret(kind, { balloon: true }), server(vendor, '10.1.0'));
  expect(jsonOf(made, '-object', 'confidential')).toEqual({ ...object, id: 'confidential' });
  expect(valuesOf(made, '-machine')[0]).toContain('confidential-guest-support=confidential');
  expect(jsonOf(made, '-device', 'balloon')).toBeUndefined();
  expect(jsonOf(made, '-device', 'display')).toMatchObject({ romfile: '' });
  expect(made.confidential).toBe(kind);
  expect(confidentialKind(machine(secret(kind)))).toBe(kind);
});

test('kernel, initrd and command line are part of what is measured', () => {
  const made = planOf(secret('sev', { boot: kernel }), server('amd', '8.2.0'));
  expect(jsonOf(made, '-object', 'confidential')).toMatchObject({ 'kernel-hashes': true });
  expect(valuesOf(made, '-bios')).toEqual(['/fw/OVMF.amdsev.fd']);
  expect(valuesOf(made, '-append')).toEqual(['console=ttyS0']);
});

test('stateless flash is flash, except where KVM cannot make memory read-only', () => {
  const stateless = { ...server('amd', '9.1.0').firmware, sealed: [{ ...amdSealed, inMemory: false }] };
  const some = server('amd', '9.1.0', { firmware: stateless });
  expect(valuesOf(planOf(secret('sev-es'), some), '-machine')[0]).toMatch(/pflash0=firmware(?!.*pflash1)/);
  const snp = planOf(secret('sev-snp'), some);
  expect(valuesOf(snp, '-bios')).toEqual(['/fw/OVMF.amdsev.fd']);
  expect(valuesOf(snp, '-machine')[0]).not.toContain('pflash');
});

test('an ordinary pair serves SEV and SEV-ES where nothing better is there, and keeps variables', () => {
  const pair = firmware('amd', false, { kinds: ['sev', 'sev-es'] });
  const some = server('amd', '9.1.0', {
    firmware: { ...report().firmware, found: [firmware('plain', false), pair], sealed: [] },
  });
  expect(valuesOf(planOf(secret('sev'), some), '-machine')[0]).toContain('pflash1=firmware-vars');
  expect(verdict(secret('sev'), some)).toEqual({ refused: [], lost: [] });
  expect(verdict(secret('sev', { boot: kernel }), some).refused).toEqual(['confidential-firmware-missing']);
  expect(verdict(secret('sev-snp'), some).refused).toEqual(['confidential-firmware-missing']);
});

test.for<[string, object, QemuReport]>([
  ['confidential-vmm', secret('sev-snp'), server('amd', '8.2.0')],
  ['confidential-vmm', secret('tdx'), server('intel', '9.1.0')],
  ['confidential-host', secret('tdx'), server('amd', '10.1.0')],
  ['confidential-host', secret('sev'), server('intel', '10.1.0')],
  ['confidential-kvm', secret('sev'), { ...server('amd', '9.1.0'), accelerator: tcgReport().accelerator }],
  [
    'confidential-device',
    secret('sev'),
    server('amd', '9.1.0', { confidential: { ...server('amd', '9.1.0').confidential, sevDevice: 'EACCES' } }),
  ],
  [
    'confidential-numbers',
    secret('sev'),
    server('amd', '9.1.0', {
      confidential: { ...server('amd', '9.1.0').confidential, sev: null, problem: 'x' },
    }),
  ],
  ['confidential-bios', secret('sev', { boot: { type: 'bios' } }), server('amd', '9.1.0')],
  ['confidential-board', secret('sev', { board: 'micro' }), server('amd', '9.1.0')],
  ['confidential-sgx', secret('tdx', { sgx: { epc: '64MiB' } }), server('intel', '10.1.0')],
  [
    'confidential-secure-boot',
    secret('sev-es', { boot: { ...uefi, secureBoot: true } }),
    server('amd', '9.1.0'),
  ],
  [
    'confidential-firmware-missing',
    secret('tdx'),
    server('intel', '10.1.0', { firmware: { ...report().firmware, sealed: [amdSealed] } }),
  ],
  [
    'confidential-locked-memory',
    secret('sev', { memory: '1GiB' }),
    server('amd', '9.1.0', {
      confidential: { ...server('amd', '9.1.0').confidential, lockableBytes: 8_388_608 },
    }),
  ],
  ['sgx-vmm', { sgx: { epc: '64MiB' } }, server('intel', '6.1.0')],
  ['sgx-host', { sgx: { epc: '64MiB' } }, server('amd', '8.2.0')],
  [
    'sgx-kvm',
    { sgx: { epc: '64MiB' } },
    { ...server('intel', '8.2.0'), accelerator: tcgReport().accelerator },
  ],
])('refused: %s', ([code, draft, someReport]) => {
  const { refusals, losses } = judge(machine(draft), someReport);
  expect(refusals.map((reason) => reason.code)).toEqual([code]);
  expect(losses).toEqual([]);
  for (const { text, hint } of refusals) {
    expect(text).toMatch(/\.$/);
    expect(hint).toMatch(/\.$/);
  }
});

test('other processors have neither', () => {
  const arm = { architecture: 'aarch64', boot: uefi };
  expect(verdict({ ...arm, confidential: 'sev' }, report('aarch64')).refused).toEqual([
    'confidential-architecture',
  ]);
  expect(verdict({ ...arm, sgx: { epc: '64MiB' } }, report('aarch64')).refused).toEqual(['sgx-architecture']);
});

test.for<[ConfidentialKind, 'amd' | 'intel', string[]]>([
  ['sev', 'amd', ['no-balloon', 'no-variables']],
  ['sev-es', 'amd', ['no-balloon', 'no-variables', 'no-reset']],
  ['sev-snp', 'amd', ['no-balloon', 'no-variables', 'no-reset']],
  ['tdx', 'intel', ['no-balloon', 'no-variables', 'no-reset']],
])('what a guest with %s does without', ([kind, vendor, codes]) => {
  const expected = codes.map((code) => `confidential-${code}`);
  expect(verdict(secret(kind, { balloon: true }), server(vendor, '10.1.0'))).toEqual({
    refused: [],
    lost: expected,
  });
  const bare = verdict(secret(kind, { boot: kernel }), server(vendor, '10.1.0'));
  expect(bare.lost).toEqual(expected.filter((code) => code === 'confidential-no-reset'));
});

test('the claims say what is in the way', () => {
  const of = (someReport: QemuReport) => {
    const abilities = abilitiesOf(someReport);
    return [...confidentialKinds, 'sgx' as const].map(
      (kind) => `${abilities[kind].possible} ${abilities[kind].source}`,
    );
  };
  expect(of(server('amd', '9.1.0'))).toEqual(['yes host', 'yes host', 'yes host', 'no asked', 'no host']);
  expect(of(server('intel', '10.1.0'))).toEqual(['no host', 'no host', 'no host', 'yes host', 'yes host']);
  expect(of(report('aarch64'))).toEqual(['no design', 'no design', 'no design', 'no design', 'no design']);
  expect(abilitiesOf(server('amd', '8.2.0'))['sev-snp'].detail).toContain('has no sev-snp-guest');
});

test('numbers of SEV and limits of memory are read, or said to be unknown', () => {
  expect(readSevNumbers({ pdh: 'x', cbitpos: 47, 'reduced-phys-bits': 5 })).toEqual({
    sev: { cbitpos: 47, reducedPhysBits: 5 },
    problem: '',
  });
  expect(readSevNumbers({ pdh: 'x' }).sev).toBeNull();
  expect(readSevNumbers(null).problem).not.toBe('');
  const limits = (soft: string) => `Limit                     Soft Limit           Hard Limit           Units
Max locked memory         ${soft}              8388608              bytes
Max address space         unlimited            unlimited            bytes
`;
  expect(lockableBytes(limits('8388608'))).toBe(8_388_608);
  expect(lockableBytes(limits('unlimited'))).toBeNull();
  expect(lockableBytes('')).toBeNull();
});
