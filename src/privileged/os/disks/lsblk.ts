// SPDX-License-Identifier: Apache-2.0
import { join } from 'node:path';
import { readdirSync, readlinkSync, type Dirent } from 'node:fs';
import { basename } from 'node:path';
import { osTool } from '../os-tool.ts';

/** One device as lsblk tells it, with what lies on it. What it does not know is null. */
export interface BlockNode {
  kname: string;
  path: string;
  /** disk, part, crypt, lvm, mpath, raid1, loop, rom, ... */
  type: string;
  /** bytes */
  size: number;
  ro: boolean;
  rm: boolean;
  hotplug: boolean;
  model: string | null;
  vendor: string | null;
  serial: string | null;
  wwn: string | null;
  tran: string | null;
  'log-sec': number;
  pttype: string | null;
  parttype: string | null;
  partlabel: string | null;
  partn: number | null;
  /** in sectors of 512 bytes, whatever the disk has */
  start: number | null;
  fstype: string | null;
  label: string | null;
  mountpoints: readonly (string | null)[];
  children?: readonly BlockNode[];
}

const columns =
  'KNAME,PATH,TYPE,SIZE,RO,RM,HOTPLUG,MODEL,VENDOR,SERIAL,WWN,TRAN,LOG-SEC,PTTYPE,PARTTYPE,PARTLABEL,PARTN,START,FSTYPE,' +
  'LABEL,MOUNTPOINTS';

/** Every block device of this PC, as a tree. @throws PhyllomeError `os-tool-failed` */
export async function readBlockDevices(root: string, signal?: AbortSignal): Promise<BlockNode[]> {
  const argv = ['/usr/bin/lsblk', '--json', '--bytes', '--tree', '--output', columns];
  const text = await osTool(root, argv, { signal });
  return (JSON.parse(text) as { blockdevices: BlockNode[] }).blockdevices;
}

/** Where each disk is plugged in ("pci-0000:02:00.0-nvme-1"), by its kernel name: tells two of one kind apart. */
export function readPlugs(root: string): ReadonlyMap<string, string> {
  const folder = join(root, 'dev/disk/by-path');
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { withFileTypes: true });
  } catch {
    // No disk has such a name on this PC.
    return new Map();
  }
  // Names of partitions are beside them, and in folders.
  const names = entries
    .filter((entry) => entry.isSymbolicLink() && !/-part\d+$/.test(entry.name))
    .map(({ name }) => name)
    .toSorted();
  return new Map(names.map((name) => [basename(readlinkSync(join(folder, name))), name]));
}

/** The device and all that lies on it, to any depth. */
export function withAllOnIt(node: BlockNode): BlockNode[] {
  return [node, ...(node.children ?? []).flatMap(withAllOnIt)];
}
