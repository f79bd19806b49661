// SPDX-License-Identifier: Apache-2.0
//
// What several fixes ask of a PC.
import type { Tree } from './tree.ts';

export function kernelRelease(tree: Tree): string {
  return tree.text('/proc/sys/kernel/osrelease')?.trim() ?? '';
}

/** The module that drives this processor's virtualization, or null where no module does (ARM, or no extensions). */
export function kvmModule(tree: Tree): 'kvm_intel' | 'kvm_amd' | null {
  const flags = /^flags\s*:\s*(.*)$/m.exec(tree.text('/proc/cpuinfo') ?? '')?.[1]?.split(' ') ?? [];
  if (flags.includes('vmx')) return 'kvm_intel';
  return flags.includes('svm') ? 'kvm_amd' : null;
}

export const isIntel = (tree: Tree): boolean =>
  /^vendor_id\s*:\s*GenuineIntel$/m.test(tree.text('/proc/cpuinfo') ?? '');
export const isAmd = (tree: Tree): boolean =>
  /^vendor_id\s*:\s*(AuthenticAMD|HygonGenuine)$/m.test(tree.text('/proc/cpuinfo') ?? '');

/** Loaded, or part of the kernel itself. */
export const moduleThere = (tree: Tree, name: string): boolean => tree.node(`/sys/module/${name}`) !== null;

/** Whether the kernel that runs has such a module; null when its list cannot be read. */
export function moduleExists(tree: Tree, name: string): boolean | null {
  const folder = `/lib/modules/${kernelRelease(tree)}`;
  const lists = ['modules.dep', 'modules.builtin'].map((file) => tree.text(`${folder}/${file}`));
  if (lists.every((list) => list === null)) return null;
  // Of modules.dep only what stands before the colon; a file may be named with "-" where the module has "_".
  const names = lists.flatMap((list) => (list ?? '').split('\n').map((line) => line.split(':')[0] ?? ''));
  return names.some((path) => /([^/]+)\.ko/.exec(path)?.[1]?.replaceAll('-', '_') === name);
}

export interface Group {
  name: string;
  gid: number;
  members: string[];
}

// A line of /etc/group: name:password:gid:member,member
export function groups(tree: Tree): Group[] {
  return (tree.text('/etc/group') ?? '').split('\n').flatMap((line) => {
    const [name = '', , gid = '', members = ''] = line.split(':');
    if (!/^\d+$/.test(gid)) return [];
    return [{ name, gid: Number(gid), members: members.split(',').filter((member) => member !== '') }];
  });
}

/** Whether a user is in a group: as a member, or because it is their own one. */
export function isMember(tree: Tree, user: string, group: Group): boolean {
  if (group.members.includes(user)) return true;
  const line = (tree.text('/etc/passwd') ?? '').split('\n').find((text) => text.startsWith(`${user}:`));
  return line?.split(':')[3] === String(group.gid);
}
