// SPDX-License-Identifier: Apache-2.0
//
// What a disk shows of the system that is installed on it, without starting anything: its partitions, the boot loaders on its
// EFI partition, and the file in which Linux distributions say who they are, where it lies on ext4.
import type { ReadBytes } from '../guest-bytes.ts';
import { fatNames } from '../fat.ts';
import { espType, readPartitionTable, type PartitionTable } from '../partitions.ts';
import { isExt4, readExt4File } from './ext4.ts';

export interface DiskFacts {
  table: PartitionTable['kind'];
  /** Types of the partitions: GUIDs, or two hexadecimal digits */
  types: string[];
  /** Names of the partitions */
  names: string[];
  fileSystems: ('ext4' | 'ntfs' | 'xfs' | 'btrfs' | 'hfs+' | 'apfs')[];
  /** Folders of boot loaders in \EFI */
  loaders: string[];
  /** Programs in \EFI\BOOT */
  programs: string[];
  /** Text of os-release */
  osRelease: string | null;
}

const mostPartitions = 24;
const releaseFiles = [
  ['usr', 'lib', 'os-release'],
  ['etc', 'os-release'],
];

/** Reads some 100 KiB. What cannot be read is left out. */
export async function readInstalled(read: ReadBytes): Promise<DiskFacts> {
  const { kind, partitions } = await readPartitionTable(read);
  const found: DiskFacts = {
    table: kind,
    types: partitions.map(({ type }) => type),
    names: partitions.flatMap(({ name }) => (name === undefined ? [] : [name])),
    fileSystems: [],
    loaders: [],
    programs: [],
    osRelease: null,
  };
  // A disk without a table may be one file system.
  const places = kind === 'none' ? [{ offset: 0, type: '' }] : partitions.slice(0, mostPartitions);
  for (const { offset, type } of places) {
    if (type === espType || type === 'ef') {
      found.loaders.push(...(await fatNames(read, offset, ['EFI'])));
      found.programs.push(...(await fatNames(read, offset, ['EFI', 'BOOT'])));
      continue;
    }
    const system = await fileSystemAt(read, offset);
    if (system === null) continue;
    found.fileSystems.push(system);
    if (system !== 'ext4') continue;
    for (const path of releaseFiles) found.osRelease ??= await readExt4File(read, offset, path);
  }
  return found;
}

async function fileSystemAt(
  read: ReadBytes,
  offset: number,
): Promise<DiskFacts['fileSystems'][number] | null> {
  const begin = await read(offset, 4096);
  if (begin.toString('latin1', 3, 11) === 'NTFS    ') return 'ntfs';
  if (begin.toString('latin1', 0, 4) === 'XFSB') return 'xfs';
  if (begin.toString('latin1', 32, 36) === 'NXSB') return 'apfs';
  if (['H+', 'HX'].includes(begin.toString('latin1', 1024, 1026))) return 'hfs+';
  if (isExt4(begin.subarray(1024))) return 'ext4';
  const btrfs = await read(offset + 64 * 1024, 128);
  return btrfs.toString('latin1', 64, 72) === '_BHRfS_M' ? 'btrfs' : null;
}
