// SPDX-License-Identifier: Apache-2.0
//
// The two places for /usr on the disk that this PC runs from, as the partition table has them at this moment. What udev
// remembers is not asked: it does not hear of an update that changes no more than the label of a partition.
import { PhyllomeError } from '../../../contract/errors.ts';
import { readBlockDevices, withAllOnIt, type BlockNode } from '../disks/lsblk.ts';
import { osTool } from '../os-tool.ts';

export interface UsrPartition {
  path: string;
  /** null: nothing, or something that is only being written */
  version: string | null;
  bytes: number;
  /** It is what /usr shows now */
  runs: boolean;
}

// Types of the Discoverable Partitions Specification for /usr: x86-64, arm64.
const usrTypes = ['8484680C-9521-48C6-9C11-B0720656F69E', 'B0E01050-EE5F-4390-949A-9101B17104E9'];

interface PartitionTable {
  partitiontable: {
    sectorsize?: number;
    partitions: readonly { node: string; size: number; type: string; name?: string }[];
  };
}

/** @throws PhyllomeError `os-tool-failed` @returns in the order on the disk; none when /usr is on no disk */
export async function readUsrPartitions(root: string, signal?: AbortSignal): Promise<UsrPartition[]> {
  const found = systemDisk(await readBlockDevices(root, signal));
  if (found === null) return [];
  const text = await osTool(root, ['/usr/sbin/sfdisk', '--json', found.disk.path], { signal });
  return readTable(text, found.usr);
}

const holdsUsr = (node: BlockNode): boolean =>
  withAllOnIt(node).some(({ mountpoints }) => mountpoints.includes('/usr'));

/** The disk below /usr, and its partition; null when /usr comes from elsewhere. */
export function systemDisk(devices: readonly BlockNode[]): { disk: BlockNode; usr: string } | null {
  const disk = devices.find((one) => one.type === 'disk' && holdsUsr(one));
  const parts = (disk?.children ?? []).filter(holdsUsr);
  // Both halves of a sealed /usr lie below its mount; the one with the type of /usr is meant.
  const usr = parts.find(({ parttype }) => usrTypes.includes((parttype ?? '').toUpperCase()));
  return disk === undefined || usr === undefined ? null : { disk, usr: usr.path };
}

function readTable(text: string, usr: string): UsrPartition[] {
  let table: PartitionTable['partitiontable'];
  try {
    ({ partitiontable: table } = JSON.parse(text) as PartitionTable);
  } catch (error) {
    throw new PhyllomeError(
      'os-tool-failed',
      { tool: 'sfdisk', reason: text.slice(0, 200) },
      { cause: error },
    );
  }
  return table.partitions
    .filter(({ type }) => usrTypes.includes(type.toUpperCase()))
    .map(({ node, size, name = '' }) => ({
      path: node,
      version: /^phyllome_(.+)$/.exec(name)?.[1] ?? null,
      bytes: size * (table.sectorsize ?? 512),
      runs: node === usr,
    }));
}
