// SPDX-License-Identifier: Apache-2.0
//
// What is known of a guest that its machine should be made for, from our own catalogue or from osinfo-db.
import type { Resources } from '../../contract/catalog.ts';
import type { System } from '../entry-file.ts';
import type { OsinfoFacts } from '../osinfo/facts.ts';

type Kernel = System['kernel'];
type Lack = System['lacks'][number];

export interface GuestFacts {
  /** Becomes guestOs */
  id: string;
  name: string;
  kernel: Kernel;
  /** YYYY-MM-DD; null: nobody says, as of systems that are always new */
  released: string | null;
  lacks: readonly Lack[];
  firmware: 'uefi' | 'bios' | 'both';
  secureBoot: 'required' | 'supported' | 'unsupported';
  tpm: 'required' | 'supported' | 'unsupported';
  minimum: Resources | null;
}

/** Of a system that nobody knows: what every system of today has. */
export function unknownGuest(id = 'generic'): GuestFacts {
  return {
    id,
    name: 'A system that is not known',
    kernel: 'other',
    released: null,
    lacks: [],
    firmware: 'both',
    secureBoot: 'unsupported',
    tpm: 'supported',
    minimum: null,
  };
}

export function factsOfSystem(system: System): GuestFacts {
  const { id, name, kernel, released, lacks, firmware, secureBoot, tpm, minimum } = system;
  return {
    id,
    name,
    kernel,
    released: released ?? null,
    lacks,
    firmware,
    secureBoot,
    tpm,
    minimum: { vcpus: minimum.vcpus, memoryBytes: minimum.memory, diskBytes: minimum.disk },
  };
}

const kernels: Readonly<Record<string, Kernel>> = {
  linux: 'linux',
  winnt: 'windows',
  freebsd: 'freebsd',
  openbsd: 'openbsd',
  netbsd: 'netbsd',
  dragonflybsd: 'dragonfly',
  darwin: 'macos',
  solaris: 'illumos',
};

// Any of these names in osinfo-db's list of a system means that it has the driver.
const drivers: readonly [Lack, RegExp][] = [
  ['virtio-disk', /^virtio(1\.0)?-block$/],
  ['virtio-net', /^virtio(1\.0)?-net$/],
  ['virtio-gpu', /^virtio(1\.0)?-(gpu|vga)$/],
  ['virtio-input', /^virtio(1\.0)?-input$/],
  ['usb', /^(qemu-xhci|nec-xhci|tablet|usb-)/],
  ['hda', /^(ich6|ich9-hda|hda)/],
];

/**
 * osinfo-db names what a system supports; what it does not name may still work, but then nobody said so. A system of
 * which it names no devices at all is taken for one of today.
 */
export function factsOfOsinfo(facts: OsinfoFacts): GuestFacts {
  const { shortId, name, family, released, devices, firmware, minimum } = facts;
  const kernel = kernels[family] ?? 'other';
  const has = (pattern: RegExp): boolean => devices.some((device) => pattern.test(device));
  const lacks = devices.length === 0 ? [] : drivers.flatMap(([lack, names]) => (has(names) ? [] : [lack]));
  const efi = firmware.filter(({ type }) => type === 'efi');
  const isOld = kernel === 'windows' && (released ?? '9999') < '2012-10-01';
  return {
    id: shortId,
    name,
    kernel,
    released,
    lacks,
    firmware: isOld || (efi.length > 0 && efi.every(({ supported }) => !supported)) ? 'bios' : 'both',
    // Windows before 8 cannot start where it is on; before 10 no loader of theirs is trusted for long.
    secureBoot: kernel === 'windows' && (released ?? '') >= '2015-07-01' ? 'supported' : 'unsupported',
    tpm: kernel === 'windows' && (released ?? '') < '2015-07-01' ? 'unsupported' : 'supported',
    minimum,
  };
}
