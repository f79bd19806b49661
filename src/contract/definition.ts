// SPDX-License-Identifier: Apache-2.0
import { isBlockDevice } from './block-device.ts';
import { PhyllomeError } from './errors.ts';
import { formatVersion, MachineDefinition } from './machine.ts';
import { nameProblem } from './name.ts';
import { completeValue, problemText, type Problem } from './validate.ts';

type Raw = Record<string, unknown>;

/**
 * Brings an older definition to the next format, one function a step: `migrations[1]` turns version 1 into 2.
 * There is one version so far; the way through several is tested in definition.test.ts.
 */
export const migrations: Readonly<Record<number, (definition: Raw) => Raw>> = {};

/**
 * Reads a definition: migrates older formats, fills in defaults, turns sizes into bytes, refuses the rest.
 *
 * @param value what a YAML or JSON parser returned; never trusted
 * @returns the definition, complete
 * @throws PhyllomeError `definition-invalid` with every problem named, `definition-too-new`
 */
export function parseDefinition(value: unknown): MachineDefinition {
  const { definition, problems } = examineDefinition(value);
  if (problems.length === 0) return definition;
  throw definitionError(problems);
}

/** The same reading for callers that need the problems themselves, e.g. to name the line of each in a file. */
export function examineDefinition(value: unknown): { definition: MachineDefinition; problems: Problem[] } {
  const migrated = migrate(value, migrations, formatVersion);
  const completed = completeValue(MachineDefinition, migrated);
  const definition = completed.value as MachineDefinition;
  const { problems } = completed;
  // Rules that need more than one value only make sense when each value is right by itself.
  return { definition, problems: problems.length > 0 ? problems : contradictions(definition) };
}

export function definitionError(problems: readonly Problem[]): PhyllomeError {
  const lines = problems.map(problemText);
  const summary = lines.slice(0, 5).join('. ') + (lines.length > 5 ? `. And ${lines.length - 5} more.` : '');
  return new PhyllomeError('definition-invalid', { count: problems.length, summary, problems: lines });
}

/** Applies migration steps until the definition has the wanted version; content is checked afterwards. */
export function migrate(value: unknown, steps: typeof migrations, wanted: number): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  let definition = value as Raw;
  let version = definition['formatVersion'];
  if (typeof version !== 'number' || !Number.isSafeInteger(version)) return value;
  if (version > wanted) throw new PhyllomeError('definition-too-new', { found: version, known: wanted });
  for (let step = steps[version]; version < wanted && step !== undefined; step = steps[version]) {
    version += 1;
    definition = { ...step(definition), formatVersion: version };
  }
  return definition;
}

// What single values cannot say: rules between them.
function contradictions(definition: MachineDefinition): Problem[] {
  const problems: Problem[] = [];
  const add = (path: Problem['path'], found: string, allowed: string) =>
    problems.push({ path, found, allowed });

  const unfit = nameProblem(definition.name);
  if (unfit !== null) add(['name'], unfit, '1 to 100 characters without "/" and control characters');

  const { vcpus, topology } = definition.cpu;
  if (topology !== undefined) {
    const product = topology.sockets * topology.cores * topology.threads;
    if (product !== vcpus) {
      add(['cpu', 'topology'], `${product} processors`, `sockets x cores x threads = ${vcpus} (cpu.vcpus)`);
    }
  }
  if (definition.boot.type === 'bios' && definition.architecture !== 'x86_64') {
    add(['boot', 'type'], '"bios"', `uefi or kernel, since ${definition.architecture} has no BIOS`);
  }
  if (definition.architecture !== 'x86_64' && definition.input === 'ps2') {
    add(['input'], '"ps2"', `usb or virtio, since ${definition.architecture} has no PS/2 ports`);
  }

  const unique = <Item>(items: readonly Item[], key: string, read: (item: Item) => unknown) => {
    const seen = new Set<unknown>();
    items.forEach((item, index) => {
      const value = read(item);
      if (value !== undefined && seen.has(value)) add([key, index], JSON.stringify(value), 'each only once');
      seen.add(value);
    });
  };
  unique(definition.disks, 'disks', (disk) => disk.file);
  unique(definition.nics, 'nics', (nic) => nic.mac);
  unique(definition.shares, 'shares', (share) => share.tag);
  const bootable = [...definition.disks, ...definition.removable, ...definition.nics];
  unique(bootable, 'bootIndex', (device) => device.bootIndex);
  const forwards = definition.nics.flatMap((nic) => (nic.type === 'user' ? nic.forwards : []));
  unique(forwards, 'forwards', (forward) => `${forward.protocol} ${forward.hostAddress}:${forward.hostPort}`);

  definition.disks.forEach((disk, index) => {
    if (!staysInside(disk.file)) add(['disks', index, 'file'], JSON.stringify(disk.file), pathRule);
    if (disk.device !== undefined && !isBlockDevice(disk.file))
      add(['disks', index, 'device'], JSON.stringify(disk.device), 'only with a file below /dev');
    if (isBlockDevice(disk.file) && disk.format !== 'raw')
      add(['disks', index, 'format'], JSON.stringify(disk.format), 'raw, for a whole block device');
  });
  return problems;
}

const pathRule = 'a path in the folder of the machine without "..", or an absolute path';

function staysInside(file: string): boolean {
  return !file.split('/').includes('..');
}
