// SPDX-License-Identifier: Apache-2.0
//
// What of a definition changes when its machine moves to another VMM, and when it goes back. Pure.
import { basename, dirname, extname, isAbsolute, join } from 'node:path';
import type { Boot, MachineDefinition, VmmName } from '../contract/machine.ts';
import type { Change } from './definition-change.ts';

/** What was found out before. */
export interface SwitchFacts {
  /** The VMM can start UEFI guests on this PC */
  uefi: boolean;
  /** The first disk can be started by a firmware that remembers nothing */
  fallbackLoader: boolean;
  /** The owner wants the guest's kernel to be started directly, whatever else would do */
  guestKernel: boolean;
  /** Is there a file of this name already, as a definition writes it? */
  exists: (file: string) => boolean;
}

/** A disk whose content moves into a raw image. */
export interface Conversion {
  /** Index in the definition */
  disk: number;
  /** As the definition says it now */
  file: string;
  /** As it will say it */
  copy: string;
}

export interface SwitchedDefinition {
  changes: Change[];
  conversions: Conversion[];
  /** For people: what changes besides what they asked for, and why */
  notes: string[];
}

/** The way there. */
export function switchedDefinition(
  definition: MachineDefinition,
  vmm: VmmName,
  facts: SwitchFacts,
): SwitchedDefinition {
  const changes: Change[] = [];
  const conversions: Conversion[] = [];
  const notes: string[] = [];
  const lean = vmm !== 'qemu';
  if (definition.vmm !== vmm) changes.push({ path: ['vmm'], value: vmm });

  const bootWord = bootFor(definition.boot, vmm, facts);
  if (bootWord !== null) {
    changes.push({ path: ['boot'], value: { type: 'guest-kernel' } });
    notes.push(bootWord);
    if (definition.boot.type === 'uefi' && definition.boot.secureBoot)
      notes.push('Secure Boot no longer checks what is started: the kernel is loaded without firmware.');
  }
  const kernelFromDisk = bootWord !== null || definition.boot.type === 'guest-kernel';

  const taken = new Set(definition.disks.map(({ file }) => file));
  definition.disks.forEach((disk, index) => {
    const path = (key: string): Change['path'] => ['disks', index, key];
    // QEMU takes every format; the kernel is read from a raw disk only.
    if (disk.format !== 'raw' && (lean || (kernelFromDisk && index === 0))) {
      const copy = freeName(disk.file, (file) => taken.has(file) || facts.exists(file));
      taken.add(copy);
      conversions.push({ disk: index, file: disk.file, copy });
      changes.push({ path: path('file'), value: copy }, { path: path('format'), value: 'raw' });
    }
    if (lean && disk.bus !== 'virtio') changes.push({ path: path('bus'), value: 'virtio' });
  });
  definition.nics.forEach((nic, index) => {
    if (lean && nic.model !== 'virtio') changes.push({ path: ['nics', index, 'model'], value: 'virtio' });
  });
  if (changes.some(({ path }) => path.at(-1) === 'bus'))
    notes.push(
      'Disks become virtio disks: a guest that names them /dev/sda or the like no longer finds them.',
    );
  return { changes, conversions, notes };
}

/** Why the guest's kernel has to be started directly; null: the way it boots stays. */
function bootFor(
  boot: Boot,
  vmm: VmmName,
  { uefi, fallbackLoader, guestKernel }: SwitchFacts,
): string | null {
  if (boot.type === 'kernel' || boot.type === 'guest-kernel') return null;
  if (guestKernel) return "The guest's own kernel is started directly, as you wish.";
  if (vmm === 'qemu') return null;
  const direct = "so the guest's own kernel is started directly";
  if (boot.type === 'bios') return `${vmm} has no BIOS, ${direct}.`;
  if (vmm !== 'cloud-hypervisor' || !uefi) return `${vmm} cannot start UEFI guests here, ${direct}.`;
  return fallbackLoader
    ? null
    : `${vmm} keeps no UEFI variables, and the disk has no boot loader at the default place, ${direct}.`;
}

/** Beside the old one, or in the machine's folder when that lies outside: what is not ours stays alone. */
function freeName(file: string, isTaken: (file: string) => boolean): string {
  const folder = isAbsolute(file) ? 'disks' : dirname(file);
  const stem = basename(file, extname(file));
  for (let count = 1; ; count += 1) {
    const candidate = join(folder, count === 1 ? `${stem}.raw` : `${stem}-${count}.raw`);
    if (!isTaken(candidate)) return candidate;
  }
}

/**
 * The way back: VMM, boot and buses as they were before, on the disks as they are now. Everything else stays, whoever
 * changed it meanwhile.
 */
export function backDefinition(now: MachineDefinition, before: MachineDefinition): Change[] {
  const changes: Change[] = [];
  if (now.vmm !== before.vmm) changes.push({ path: ['vmm'], value: before.vmm });
  if (JSON.stringify(now.boot) !== JSON.stringify(before.boot))
    changes.push({ path: ['boot'], value: before.boot });
  now.disks.forEach((disk, index) => {
    const old =
      before.disks.find(({ file }) => stemOf(file) === stemOf(disk.file)) ?? sameCount(now, before)?.[index];
    if (old !== undefined && old.bus !== disk.bus)
      changes.push({ path: ['disks', index, 'bus'], value: old.bus });
  });
  now.nics.forEach((nic, index) => {
    const old = before.nics[index];
    if (old !== undefined && old.type === nic.type && old.model !== nic.model)
      changes.push({ path: ['nics', index, 'model'], value: old.model });
  });
  return changes;
}

const stemOf = (file: string): string => basename(file, extname(file));

function sameCount(now: MachineDefinition, before: MachineDefinition): MachineDefinition['disks'] | null {
  return now.disks.length === before.disks.length ? before.disks : null;
}
