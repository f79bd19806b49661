// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest';
import { describeDistribution, kernelMetaPackage, kernelPackages } from './packages.ts';

describe('describeDistribution', () => {
  test.each<[Record<string, string>, string | null, string, string]>([
    [{ ID: 'debian', VERSION_ID: '12', VERSION_CODENAME: 'bookworm' }, 'debian', 'debian 12', 'bookworm'],
    [
      { ID: 'ubuntu', ID_LIKE: 'debian', VERSION_ID: '24.04', VERSION_CODENAME: 'noble' },
      'ubuntu',
      'ubuntu 24.04',
      'noble',
    ],
    [
      {
        ID: 'mint',
        ID_LIKE: 'ubuntu debian',
        VERSION_ID: '22',
        UBUNTU_CODENAME: 'noble',
        VERSION_CODENAME: 'x',
      },
      'ubuntu',
      'mint 22',
      'noble',
    ],
    [{ ID: 'debian', VERSION_CODENAME: 'forky' }, 'debian', 'debian', 'forky'],
    [{ ID: 'fedora', VERSION_ID: '43' }, 'fedora', 'fedora 43', ''],
    [{ ID: 'nobara', ID_LIKE: 'rhel centos fedora', VERSION_ID: '41' }, 'fedora', 'nobara 41', ''],
    [{ ID: 'arch' }, null, 'arch', ''],
    [{}, null, 'unknown', ''],
  ])('%o', (keys, family, release, codename) => {
    expect(describeDistribution(keys)).toMatchObject({ family, release, codename });
  });
});

test('kernelMetaPackage', () => {
  expect(kernelMetaPackage('debian', 'x86_64')).toBe('linux-image-amd64');
  expect(kernelMetaPackage('debian', 'aarch64')).toBe('linux-image-arm64');
  expect(kernelMetaPackage('ubuntu', 'aarch64')).toBe('linux-image-generic');
});

describe('kernelPackages', () => {
  test("finds Debian's one package", () => {
    const output = `linux-image-amd64
  Depends: linux-image-6.1.0-56-amd64
linux-image-6.1.0-56-amd64
  Depends: kmod
 |Depends: initramfs-tools
  Depends: <linux-initramfs-tool>
kmod
  Depends: libc6
linux-base
`;
    expect(kernelPackages(output)).toEqual(['linux-image-6.1.0-56-amd64']);
  });

  test("finds Ubuntu's two, without the extra modules and firmware", () => {
    const output = `linux-image-generic
linux-image-6.8.0-151-generic
linux-modules-6.8.0-151-generic
linux-modules-extra-6.8.0-151-generic
linux-firmware
linux-image-unsigned-6.8.0-151-generic
linux-image-6.8.0-151-generic-dbg
`;
    expect(kernelPackages(output)).toEqual([
      'linux-image-6.8.0-151-generic',
      'linux-modules-6.8.0-151-generic',
    ]);
  });

  test('takes off the architecture', () => {
    expect(kernelPackages('linux-image-6.12.107+deb13-riscv64:riscv64\n')).toEqual([
      'linux-image-6.12.107+deb13-riscv64',
    ]);
  });

  test('finds nothing in nothing', () => expect(kernelPackages('')).toEqual([]));
});
