// SPDX-License-Identifier: Apache-2.0
//
// The image as an ISO, for optical drives and for programs that write sticks from ISOs only. Behind a small ISO 9660 file
// system lie the same partitions as in the disk image, in the partition table that firmware and Linux read.
import { join } from 'node:path';
import { readdir } from 'node:fs/promises';
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
  const built = await readdir(output);
  const seen = [{ folder: output, place: '/output' }];
  const inside = (...argv: string[]): Promise<string> => run(inTree(tree, seen, argv), { log });
  const partitions = Object.entries(types).map(([kind, type], index) => {
    const file = built.find((one) => one.startsWith(`${name}.${kind}.`) && one.endsWith('.raw'));
    if (file === undefined) throw new Error(`mkosi made no ${kind} of ${name} in ${output}`);
    const id = /\.([0-9a-f]{32})\.raw$/.exec(file)?.[1] ?? null;
    return { number: index + 2, type, file, id };
  });
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
