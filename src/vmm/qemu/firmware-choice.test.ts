// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { chooseFirmware, type Firmware, type FirmwareWish } from './firmware-choice.ts';
import { firmware } from './testing.ts';

const wish: FirmwareWish = {
  architecture: 'x86_64',
  machine: 'pc-q35-7.2',
  secureBoot: false,
  version: '8.2.0',
};

function chosen(found: Firmware[], more: Partial<FirmwareWish> = {}): string | null {
  return chooseFirmware(found, { ...wish, ...more })?.description ?? null;
}

// In the order of Debian's files: enrolled, secure without keys, plain.
const debian = [
  firmware('enrolled', true),
  firmware('secure', true, { enrolledKeys: false }),
  firmware('plain', false),
];

describe('Secure Boot', () => {
  test('takes the pair with keys', () => {
    expect(chosen(debian, { secureBoot: true })).toBe('enrolled firmware');
  });
  test('is not had by firmware without keys', () => {
    expect(chosen(debian.slice(1), { secureBoot: true })).toBeNull();
  });
  test('is never on when it is not wanted', () => {
    expect(chosen(debian)).toBe('plain firmware');
    expect(chosen(debian.slice(0, 1))).toBeNull();
  });
  test('firmware that could have it serves without keys', () => {
    expect(chosen(debian.slice(0, 2))).toBe('secure firmware');
  });
});

test('4 MiB of flash go before 2 MiB, as Fedora has both', () => {
  const small = firmware('2m', false, { code: { file: '/usr/share/edk2/ovmf/OVMF_CODE.fd', format: 'raw' } });
  const large = firmware('4m', false, {
    code: { file: '/usr/share/edk2/ovmf/OVMF_CODE_4M.qcow2', format: 'qcow2' },
  });
  expect(chosen([small, large])).toBe('4m firmware');
  expect(chosen([small])).toBe('2m firmware');
  // But what was asked for comes before size.
  expect(chosen([small, firmware('secure', true, { enrolledKeys: false })])).toBe('2m firmware');
});

const only = (architecture: string, ...machines: string[]) => [
  firmware('x', false, { targets: [{ architecture, machines }] }),
];

test('the board and the architecture have to match', () => {
  expect(chosen(only('x86_64', 'pc-i440fx-*'))).toBeNull();
  expect(chosen(only('i386', 'pc-q35-*'))).toBeNull();
  expect(chosen(only('x86_64', 'pc-i440fx-*', 'pc-q35-*'))).toBe('x firmware');
  expect(chosen(only('x86_64', 'pc-q35-7.2'))).toBe('x firmware');
  // A dot in a pattern is a dot.
  expect(chosen(only('x86_64', 'pc-q35-7.2'), { machine: 'pc-q35-702' })).toBeNull();
});

test('RISC-V, since the QEMU whose board takes the pair', () => {
  const riscv = { architecture: 'riscv64', machine: 'virt' } as const;
  expect(chosen(debian, { ...riscv, version: '7.2.22' })).toBeNull();
  expect(chosen(debian, { ...riscv, version: '8.1.0' })).toBe('plain firmware');
});
