// SPDX-License-Identifier: Apache-2.0
//
// Which disks of this PC Phyllome OS may be installed on. Pure: from what lsblk and SMART say. Whatever is not clearly free
// is refused; a disk that is refused is shown all the same, with the reason.
import { smallestTarget, type DiskRefusal, type OsDisk } from '../../../contract/os-install.ts';
import { roundSize } from '../../../contract/size.ts';
import { withAllOnIt, type BlockNode } from './lsblk.ts';
import { nameDisks } from './naming.ts';
import { describePartition, isContainer } from './partition.ts';

export interface DiskFacts {
  devices: readonly BlockNode[];
  /** Where each disk is plugged in, by kernel name */
  plugs: ReadonlyMap<string, string>;
  /** What SMART says of disks that are about to fail, by kernel name */
  failing: ReadonlyMap<string, string>;
  /** Devices below loop devices, by the kernel name of the loop: a system on a disc runs from such a one */
  backing: ReadonlyMap<string, string>;
}

type Refused = { reason: DiskRefusal; text: string };

// Where the system that runs has its parts.
const systemMounts = ['/', '/usr', '/sysroot', '/sysusr/usr', '/boot', '/efi'];
// Memory, floppies and what only looks like a disk to the kernel.
const noDisk = /^(?:loop|ram|zram|fd|nbd|md|dm-|sr|mtdblock)\d*/;
// Small pieces of an eMMC or of an NVMe that are no place for files.
const pieceOfDisk = /^mmcblk\d+(?:boot|rpmb|gp)\d*$/;

/** All disks of this PC, those that can be chosen first. */
export function judgeDisks(facts: DiskFacts): OsDisk[] {
  const disks = facts.devices.filter(isDisk);
  const namings = nameDisks(disks, facts.plugs);
  const judged = disks.map((disk, index): OsDisk => {
    const parts = partitionsOf(disk);
    return {
      ...(namings[index] as { id: string; name: string }),
      path: disk.path,
      model: (disk.model ?? '').trim(),
      serial: (disk.serial ?? '').trim(),
      size: disk.size,
      sectorSize: disk['log-sec'],
      bus: busOf(disk),
      removable: disk.rm || disk.hotplug || disk.tran === 'usb',
      table: disk.pttype,
      partitions: parts,
      refused: refusalOf(disk, facts),
      warnings: warningsOf(parts),
    };
  });
  return judged.toSorted((a, b) => Number(a.refused !== null) - Number(b.refused !== null));
}

/** The disk that the running system is on: its path; null: in memory or on a disc. */
export function runningDisk(facts: DiskFacts): string | null {
  return facts.devices.find((disk) => isDisk(disk) && holdsSystem(disk, facts))?.path ?? null;
}

const isDisk = ({ type, kname }: BlockNode): boolean =>
  type === 'disk' && !noDisk.test(kname) && !pieceOfDisk.test(kname);

function refusalOf(disk: BlockNode, facts: DiskFacts): Refused | null {
  if (holdsSystem(disk, facts)) return refuse('runs-from-it', 'the system that runs now is on it');
  if (disk.size === 0) return refuse('no-medium', 'there is nothing in it');
  const use = useOf(disk, facts);
  if (use !== null) return refuse('in-use', use);
  if (disk.ro) return refuse('read-only', 'it cannot be written: look for a switch on it');
  const words = facts.failing.get(disk.kname);
  if (words !== undefined) return refuse('failing', `it says itself that it is about to fail (${words})`);
  if (disk.size < smallestTarget)
    return refuse(
      'too-small',
      `it has ${roundSize(disk.size, 'down')}, and ${roundSize(smallestTarget)} are needed`,
    );
  return null;
}

const refuse = (reason: DiskRefusal, text: string): Refused => ({ reason, text });

function holdsSystem(disk: BlockNode, { devices, backing }: DiskFacts): boolean {
  const names = new Set(withAllOnIt(disk).map(({ path }) => path));
  const loops = devices.filter(({ kname }) => names.has(backing.get(kname) ?? ''));
  return [disk, ...loops]
    .flatMap(withAllOnIt)
    .some(({ mountpoints }) => mountpoints.some((point) => point !== null && systemMounts.includes(point)));
}

/** What this PC does with it now, in words; null: nothing. */
function useOf(disk: BlockNode, { devices, backing }: DiskFacts): string | null {
  const all = withAllOnIt(disk);
  const points = all.flatMap(({ mountpoints }) => mountpoints).filter((point) => point !== null);
  const mounted = points.find((point) => point !== '[SWAP]');
  if (mounted !== undefined) return `it is mounted at ${mounted}`;
  if (points.length > 0) return 'it is used as swap';
  const above = all.find(({ type }) => type !== 'disk' && type !== 'part');
  if (above !== undefined) return `${wordsOf(above)} is on it`;
  const paths = new Set(all.map(({ path }) => path));
  const loop = devices.find(({ kname }) => paths.has(backing.get(kname) ?? ''));
  return loop === undefined ? null : `${loop.path} uses it`;
}

function wordsOf({ type, path }: BlockNode): string {
  const kinds: Readonly<Record<string, string>> = {
    crypt: 'the encrypted volume',
    lvm: 'the logical volume',
    mpath: 'the multipath device',
    dm: 'the mapped device',
  };
  return `${kinds[type] ?? (type.startsWith('raid') ? 'the RAID' : `the ${type} device`)} ${path}`;
}

function partitionsOf(disk: BlockNode) {
  const parts = (disk.children ?? []).filter((child) => child.type === 'part' && !isContainer(child));
  if (parts.length === 0 && disk.fstype !== null) return [{ ...describePartition(disk), number: null }];
  return parts.map(describePartition).toSorted((a, b) => a.start - b.start);
}

function warningsOf(parts: OsDisk['partitions']): string[] {
  const systems = [...new Set(parts.map(({ system }) => system))].filter((system) => system !== null);
  const isMember = parts.some(({ role }) => role === 'member');
  return [
    ...(systems.length > 0 ? [`${systems.join(' and ')} will be gone from it.`] : []),
    ...(parts.some(({ fileSystem }) => fileSystem === 'BitLocker')
      ? ['It holds a disk encrypted by Windows, which no recovery key brings back afterwards.']
      : []),
    ...(isMember
      ? ['It is a piece of a RAID or a group of volumes: what lies on its other disks may be lost, too.']
      : []),
  ];
}

function busOf({ tran, kname }: BlockNode): string {
  if (tran !== null && tran !== '') return tran;
  if (kname.startsWith('vd')) return 'virtio';
  return kname.startsWith('mmcblk') ? 'mmc' : '';
}
