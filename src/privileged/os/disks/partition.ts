// SPDX-License-Identifier: Apache-2.0
//
// What a partition holds, as far as its type, its file system and its label tell: enough for its owner to recognise it.
import type { OsPartition } from '../../../contract/os-install.ts';
import type { BlockNode } from './lsblk.ts';

const startUnit = 512; // of lsblk's START, in bytes

type Known = Pick<OsPartition, 'system' | 'role'>;
const linux = (role: OsPartition['role']): Known => ({ system: 'Linux', role });
const windows = (role: OsPartition['role']): Known => ({ system: 'Windows', role });

// Types of partitions: GPT by UUID (UEFI specification, Discoverable Partitions Specification), the older table by number.
const types: Readonly<Record<string, Known>> = {
  'c12a7328-f81f-11d2-ba4b-00a0c93ec93b': { system: null, role: 'boot' },
  '21686148-6449-6e6f-744e-656564454649': { system: null, role: 'boot' },
  'bc13c2ff-59e6-4262-a352-b275fd6f7172': linux('boot'),
  'e3c9e316-0b5c-4db8-817d-f92df00215ae': windows('system'),
  'de94bba4-06d1-4d40-a16a-bfd50179d6ac': windows('recovery'),
  '5808c8aa-7e8f-42e0-85d2-e1e90434cfb3': windows('member'),
  'af9b60a0-1431-4f62-bc68-3311714a69ad': windows('member'),
  '4f68bce3-e8cd-4db1-96e7-fbcaf984b709': linux('system'),
  'b921b045-1df0-41c3-af44-4c6f280d3fae': linux('system'),
  '8484680c-9521-48c6-9c11-b0720656f69e': linux('system'),
  '77ff5f63-e7b6-4633-acf4-1565b864c0e6': linux('system'),
  '933ac7e1-2eb4-4f13-b844-0e14e2aef915': linux('data'),
  '0fc63daf-8483-4772-8e79-3d69d8477de4': linux('data'),
  '0657fd6d-a4ab-43c4-84e5-0933c84b4f4f': linux('swap'),
  'e6d6d379-f507-44c2-a23c-238f2a3df928': linux('member'),
  'a19d880f-05fc-4d3b-a006-743f0f84911e': linux('member'),
  '7c3457ef-0000-11aa-aa11-00306543ecac': { system: 'macOS', role: 'system' },
  '48465300-0000-11aa-aa11-00306543ecac': { system: 'macOS', role: 'data' },
  '516e7cb4-6ecf-11d6-8ff8-00022d09712b': { system: 'FreeBSD', role: 'data' },
  '516e7cb6-6ecf-11d6-8ff8-00022d09712b': { system: 'FreeBSD', role: 'system' },
  '516e7cba-6ecf-11d6-8ff8-00022d09712b': { system: 'FreeBSD', role: 'system' },
  'fe3a2a5d-4f32-41a7-b725-accc3285a309': { system: 'ChromeOS', role: 'boot' },
  '3cb8e202-3b7e-47dd-8a3c-7ff2a13cfcec': { system: 'ChromeOS', role: 'system' },
  '0xef': { system: null, role: 'boot' },
  '0x27': windows('recovery'),
  '0x82': linux('swap'),
  '0x83': linux('data'),
  '0x8e': linux('member'),
  '0xfd': linux('member'),
  '0xa5': { system: 'FreeBSD', role: 'system' },
};

// What is on it says more than the type that somebody once gave it.
const fileSystems: Readonly<Record<string, Known>> = {
  BitLocker: windows('data'),
  ntfs: windows('data'),
  ReFS: windows('data'),
  LVM2_member: linux('member'),
  linux_raid_member: linux('member'),
  isw_raid_member: { system: null, role: 'member' },
  ddf_raid_member: { system: null, role: 'member' },
  zfs_member: { system: null, role: 'member' },
  bcache: linux('member'),
  mpath_member: { system: null, role: 'member' },
  swap: linux('swap'),
  apfs: { system: 'macOS', role: 'data' },
  hfsplus: { system: 'macOS', role: 'data' },
  iso9660: { system: null, role: 'data' },
};

/** An extended partition is only room for others; it is left out. */
export const isContainer = ({ parttype }: BlockNode): boolean =>
  ['0x5', '0xf', '0x85'].includes(parttype ?? '');

/** @param node a partition, or a disk that has a file system without a partition around it */
export function describePartition(node: BlockNode): OsPartition {
  const { partn, start, size, fstype, label, partlabel } = node;
  return {
    number: partn,
    start: (start ?? 0) * startUnit,
    size,
    fileSystem: fstype,
    label: label ?? partlabel,
    ...whatItIs(node),
  };
}

function whatItIs({ parttype, partlabel, fstype }: BlockNode): Known {
  if (/^phyllome[_-]/.test(partlabel ?? '')) {
    const role = partlabel === 'phyllome-state' ? 'data' : 'system';
    return { system: 'Phyllome OS', role };
  }
  const byType = types[(parttype ?? '').toLowerCase()];
  const byContent = fileSystems[fstype ?? ''];
  if (byType?.role === 'boot' || byType?.role === 'recovery') return byType;
  if (byContent !== undefined) return byContent;
  if (byType !== undefined) return byType;
  const unknown: Known = { system: null, role: fstype === null ? 'unknown' : 'data' };
  return unknown;
}
