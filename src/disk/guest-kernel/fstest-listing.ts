// SPDX-License-Identifier: Apache-2.0
//
// What grub-fstest prints, as data. Names and labels in it are a guest's: they can say anything, and at worst mislead
// about the guest's own disk. Only devices of the image itself are taken: the tool also offers this PC's files as (host).

/** A place on a guest's disk that GRUB found a file system on. */
export interface GuestFileSystem {
  /** As GRUB names it: loop0 (the whole disk), loop0,gpt2, lvm/group-volume */
  device: string;
  /** ext*, xfs, btrfs, fat, ... */
  type: string;
  uuid: string | null;
  label: string | null;
}

export interface GuestFile {
  name: string;
  folder: boolean;
  /** Changes when the file does: its size and when it was written */
  stamp: string;
}

const devicePattern = /^(?:loop0(?:,[a-z]+\d{1,3}){0,3}|(?:lvm|md|lvmid)\/[A-Za-z0-9+_.:/-]{1,300})$/;
// Real disks have a handful; a hostile one could name thousands.
const mostFileSystems = 64;

export function isGuestDevice(device: string): boolean {
  return devicePattern.test(device);
}

/** Reads "ls -l". Devices without a file system, and those that are not the guest's, are left out. */
export function parseFileSystems(text: string): GuestFileSystem[] {
  const found: GuestFileSystem[] = [];
  for (const line of text.split('\n')) {
    const [, device = '', about = ''] = /^\s*(?:Device|Partition) (\S+): (.*)$/.exec(line) ?? [];
    const type = /^Filesystem type (\S+?),?(?: |$)/.exec(about)?.[1];
    if (type === undefined || !isGuestDevice(device)) continue;
    const uuid = /,? UUID ([0-9A-Za-z-]+)/.exec(about)?.[1] ?? null;
    const label = / - Label `(.*?)'/.exec(about)?.[1] ?? null;
    // A disk that is one file system may look like a partition table, too: the same content under two names.
    if (uuid !== null && found.some((other) => other.uuid === uuid && other.device === 'loop0')) continue;
    found.push({ device, type, uuid, label });
  }
  return found.slice(0, mostFileSystems);
}

/** Reads "ls -l (device)/folder/". Names with line breaks in them are not told apart from two names. */
export function parseFolder(text: string): GuestFile[] {
  return text.split('\n').flatMap((line): GuestFile[] => {
    const [, size = '', time = '', name = ''] = /^(DIR|\d+)\s+(?:(\d{14})\s+)?(\S.*)$/.exec(line) ?? [];
    if (name === '') return [];
    const folder = size === 'DIR';
    return [{ name: folder ? name.replace(/\/$/, '') : name, folder, stamp: `${size} ${time}` }];
  });
}
