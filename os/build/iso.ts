// SPDX-License-Identifier: Apache-2.0
//
// The image as an ISO, for optical drives and for programs that write sticks from ISOs only. Behind a small ISO 9660 file
// system lie the same partitions as in the disk image, in the partition table that firmware and Linux read.
import { join } from 'node:path';
import { findPartition } from './partition-files.ts';
import type { PublishParts } from './publish.ts';
import { inTree, run } from './run.ts';

// https://uapi-group.org/specifications/specs/discoverable_partitions_specification/
const types = {
  esp: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  'usr-x86-64-verity': '77ff5f63-e7b6-4633-acf4-1565b864c0e6',
  'usr-x86-64': '8484680c-9521-48c6-9c11-b0720656f69e',
} as const;

/** @returns its file name */
export async function makeIso({ tree, output, name, log }: PublishParts): Promise<string> {
  const seen = [{ folder: output, place: '/output' }];
  const inside = (...argv: string[]): Promise<string> => run(inTree(tree, seen, argv), { log });
  const partitions = await Promise.all(
    Object.entries(types).map(async ([kind, type], index) => {
      return { number: index + 2, type, ...(await findPartition(output, name, kind)) };
    }),
  );
  await inside(
    'xorriso',
    '-as',
    'mkisofs',
    '-quiet',
    '-V',
    'PHYLLOME',
    '-o',
    `/output/${name}.iso`,
    ...partitions.flatMap(({ number, type, file }) => [
      '-append_partition',
      `${number}`,
      type,
      `/output/${file}`,
    ]),
    '-appended_part_as_gpt',
    '-partition_offset',
    '16',
    '-e',
    '--interval:appended_partition_2:all::',
    '-no-emul-boot',
    '/usr/share/keyrings',
  );
  // The partitions of /usr are found by identifiers that are the halves of its seal; xorriso gives them others.
  for (const { number, id } of partitions)
    if (id !== null) await inside('sfdisk', '--part-uuid', `/output/${name}.iso`, `${number}`, id);
  return join(output, `${name}.iso`);
}
