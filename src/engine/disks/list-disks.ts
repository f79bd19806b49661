// SPDX-License-Identifier: Apache-2.0
import { readdir } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { isBlockDevice } from '../../contract/block-device.ts';
import type { DiskFile, MachineDisk, MachineDisks } from '../../contract/disk.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Disk } from '../../contract/machine.ts';
import { formatOfFile } from '../../disk/format-of-file.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { locate } from '../../disk/locate.ts';
import { sharersOf, type Owner } from '../../disk/sharers.ts';
import { spaceOf } from '../../disk/space.ts';
import { readBlockDevice } from '../../host/block-device.ts';
import { openTree } from '../../host/tree.ts';
import { requireDefinition } from '../running.ts';
import type { StoredMachine } from '../store.ts';
import { imagesOf, whoNeeds, type NeededBy } from './needed.ts';

export interface Surroundings {
  /** Every other machine, those in the bin too; `words` is what people know it by */
  others: readonly (StoredMachine & { words: string })[];
  /** A guest may be writing: its images are then not looked into for damage */
  running: boolean;
}

interface Layer {
  file: string;
  format: string;
}

/** What the disks of a machine take, what is below each, and what removing it would give back. Starts no program. */
export async function listDisks(
  machine: StoredMachine,
  { others, running }: Surroundings,
): Promise<MachineDisks> {
  const { directory } = machine;
  const { disks } = requireDefinition(machine);
  const owners = others.map(({ words, directory: folder }) => ({ words, directory: folder }));
  const found: MachineDisk[] = [];
  for (const [index, disk] of disks.entries()) {
    const neededBy = await whoNeeds(machine, others, disk.file);
    found.push(await describeDisk(machine, disk, index, neededBy, owners, running));
  }
  const neededBy = await whoNeeds(machine, others, null);
  const unused = imagesOf(directory).filter((file) => neededBy(file).length === 0);
  const layers = await Promise.all(unused.map(async (file) => ({ file, format: await formatOfFile(file) })));
  const everything = await filesBelow(directory);
  const foreign = await whoNeeds({ ...machine, definition: null }, others, null);
  const whole = await spaceOf(everything, neededIn(everything, foreign, /^the machine /));
  return {
    disks: found,
    unused: await describeFiles(machine, layers, new Set(), owners),
    allocated: whole.allocated,
    freed: whole.freed,
  };
}

async function describeDisk(
  machine: StoredMachine,
  disk: Disk,
  index: number,
  neededBy: NeededBy,
  owners: readonly Owner[],
  running: boolean,
): Promise<MachineDisk> {
  const { file, format, bus, cache, readOnly, limits } = disk;
  const common = { index, file, format, bus, cache, readOnly, ...(limits && { limits }) };
  if (isBlockDevice(file)) return { ...common, ...describeDevice(disk) };
  const layers: Layer[] = [];
  let virtualSize: number | null = null;
  let problem: string | null = null;
  try {
    await inspectImage({
      file: locate(machine.directory, file),
      format,
      directory: machine.directory,
      damaged: running,
      onImage: (image) => {
        virtualSize ??= image.virtualSize;
        layers.push({ file: image.file, format: image.format });
        if (image.dataFile !== null) layers.push({ file: image.dataFile, format: 'raw' });
      },
    });
  } catch (error) {
    problem = PhyllomeError.from(error).message;
  }
  const files = layers.map((layer) => layer.file);
  const needed = neededIn(files, neededBy);
  const { allocated, freed } = await spaceOf(files, needed);
  const chain = await describeFiles(machine, layers, needed, owners);
  return { ...common, kind: 'image', virtualSize, allocated, freed, chain, problem };
}

function describeDevice({ file, device }: Disk): Omit<MachineDisk, keyof Disk | 'index'> {
  const nothing = { kind: 'device' as const, allocated: 0, freed: 0, chain: [] };
  const found = readBlockDevice(openTree('/'), file);
  if (found === null) return { ...nothing, virtualSize: null, problem: `There is no device ${file}.` };
  const other = device !== found.identity ? `It calls itself ${found.identity}, not ${device}.` : null;
  return {
    ...nothing,
    virtualSize: found.size,
    problem: other ?? (found.reason === '' ? null : found.reason),
  };
}

async function describeFiles(
  { directory }: StoredMachine,
  layers: readonly Layer[],
  needed: ReadonlySet<string>,
  owners: readonly Owner[],
): Promise<DiskFile[]> {
  const { files } = await spaceOf(
    layers.map(({ file }) => file),
    needed,
  );
  const shared = files.filter(({ otherNames }) => otherNames > 0).map(({ file }) => file);
  const sharers = await sharersOf(shared, owners);
  return files.map(({ file, allocated, freed }) => ({
    file: file.startsWith(directory + sep) ? relative(directory, file) : file,
    format: layers.find((layer) => layer.file === file)?.format ?? 'raw',
    allocated,
    freed,
    sharedWith: sharers.get(file) ?? [],
  }));
}

/** @param only counts those whose words fit */
function neededIn(files: readonly string[], neededBy: NeededBy, only = /./): Set<string> {
  return new Set(files.filter((file) => neededBy(file).some((words) => only.test(words))));
}

async function filesBelow(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  return entries.map((entry) => join(entry.parentPath, entry.name));
}
