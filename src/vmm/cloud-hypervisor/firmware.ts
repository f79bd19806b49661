// SPDX-License-Identifier: Apache-2.0
//
// Firmware that Cloud Hypervisor can load. The OVMF of QEMU cannot be used: it waits for devices that are not there.
import { accessSync, constants, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { findBinary } from '../../host/binaries.ts';
import { readOsRelease } from '../../host/os-release.ts';

export interface Firmware {
  file: string;
  /**
   * `edk2`: UEFI, complete but for variables that last. `rust`: rust-hypervisor-firmware, which finds the boot loader
   * of a Linux on the first disk and knows little else
   */
  kind: 'edk2' | 'rust';
}

// Names as the projects release them. https://github.com/cloud-hypervisor/edk2, .../rust-hypervisor-firmware
const names: Readonly<Record<Architecture, readonly (readonly [Firmware['kind'], string])[]>> = {
  x86_64: [
    ['edk2', 'CLOUDHV.fd'],
    ['rust', 'hypervisor-fw'],
  ],
  aarch64: [
    ['edk2', 'CLOUDHV_EFI.fd'],
    ['rust', 'hypervisor-fw-aarch64'],
  ],
  riscv64: [],
};

// Debian's package cloudhv-efi-x86-64 (forky and newer) has a folder of its own; the others are where people and
// other distributions put a file that they were given.
const folders: readonly string[] = [
  '/usr/share/cloudhv-efi-x86-64',
  '/usr/share/cloudhv-efi-aarch64',
  '/usr/share/cloud-hypervisor',
  '/usr/local/share/cloud-hypervisor',
  '/usr/local/share',
  '/usr/lib/cloud-hypervisor',
  '/var/lib/cloud-hypervisor',
  '/opt/cloud-hypervisor',
];

/**
 * The best firmware on this PC for guests of an architecture; null: there is none.
 * @param own where the owner of this PC keeps VMMs
 * @param binary the VMM: firmware is often unpacked beside it
 */
export function findFirmware(
  architecture: Architecture,
  { own, binary, root = '/' }: { own: string | null; binary: string; root?: string },
): Firmware | null {
  const looked = [
    ...(own === null ? [] : [own]),
    dirname(binary),
    ...folders.map((name) => join(root, name)),
  ];
  for (const [kind, name] of names[architecture]) {
    for (const folder of looked)
      if (isReadable(join(folder, name))) return { kind, file: join(folder, name) };
    const program = kind === 'rust' ? findBinary(name, root) : null;
    if (program !== null) return { kind, file: program };
  }
  return null;
}

/** How to get a firmware, for the hints of reasons. */
export function firmwareHint(architecture: Architecture, root = '/'): string {
  const [[, name] = ['edk2', 'CLOUDHV.fd']] = names[architecture];
  const download = `put ${name} of https://github.com/cloud-hypervisor/edk2/releases into /usr/local/share/cloud-hypervisor`;
  const { ID, VERSION_ID = '' } = readOsRelease(root);
  // Debian has it since forky (14), for guests of one architecture.
  const packaged =
    architecture === 'x86_64' && ID === 'debian' && (VERSION_ID === '' || Number(VERSION_ID) >= 14);
  return packaged ? 'sudo apt install cloudhv-efi-x86-64' : download;
}

function isReadable(file: string): boolean {
  try {
    accessSync(file, constants.R_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
