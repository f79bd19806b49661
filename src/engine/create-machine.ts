// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import type { Body } from '../contract/api.ts';
import { parseDefinition } from '../contract/definition.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { formatVersion, type Architecture, type MachineDefinition } from '../contract/machine.ts';
import { checkName } from '../contract/name.ts';
import type { Task } from '../contract/task.ts';
import { catalog } from '../catalog/catalog.ts';
import type { CatalogItem } from '../catalog/item.ts';
import { createImage } from '../disk/create.ts';
import { locate } from '../disk/locate.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { writeDefinitionText } from './definition-file.ts';
import type { EventStream } from './event-stream.ts';
import { explainNoSpace, sync } from '../host/files.ts';
import type { Store } from './store.ts';
import type { TaskContext, Tasks } from './tasks.ts';

export interface CreateOptions {
  store: Store;
  tasks: Tasks;
  events: EventStream;
  cacheDirectory: string;
}

/**
 * Returns the function that makes machines. What can be refused is refused at once; the rest is a task.
 *
 * A machine comes into being by one rename, after everything it needs is on the disk; a name is reserved
 * from the request on, so that two requests cannot both have it.
 */
export function createMachineMaker({ store, tasks, events, cacheDirectory }: CreateOptions) {
  const reservedNames = new Set<string>();

  return (request: Body<'createMachine'>): Task => {
    const name = checkName(request.name);
    store.requireFreeName(name);
    if (reservedNames.has(name)) throw new PhyllomeError('name-taken', { name });
    const item = request.from === undefined ? null : findItem(request.from);
    const definition = completeDraft(name, item, request.definition ?? {}, store);

    reservedNames.add(name);
    return tasks.run(`Create ${name}`, definition.id, async (context) => {
      try {
        await make(definition, item, context);
        events.emit({ type: 'machine.created', machineId: definition.id, machineName: name });
        return definition.id;
      } catch (error) {
        throw explainNoSpace(error, `the machine ${name}`, cacheDirectory);
      } finally {
        reservedNames.delete(name);
      }
    });
  };

  async function make(
    definition: MachineDefinition,
    item: CatalogItem | null,
    context: TaskContext,
  ): Promise<void> {
    const { progress, signal } = context;
    await using stage = await store.stage(definition.id);
    const { directory } = stage;
    const { architecture } = definition;
    await item?.prepare({ directory, architecture, cacheDirectory, progress, signal });
    for (const disk of definition.disks) {
      const file = locate(directory, disk.file);
      // A disk that is there already is somebody's data. One outside of the folder is never made: an abort
      // would leave it behind.
      if (existsSync(file)) continue;
      if (disk.size === undefined || isAbsolute(disk.file))
        throw new PhyllomeError('file-missing', { what: 'disk', file: disk.file });
      progress(`Creating ${disk.file}`, null);
      await mkdir(dirname(file), { recursive: true, mode: 0o700 });
      await createImage({ file, format: disk.format, size: disk.size });
    }
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      if (entry.isFile()) await sync(join(entry.parentPath, entry.name));
    }
    signal.throwIfAborted();
    await stage.commit(writeDefinitionText(definition));
  }
}

function findItem(ref: string): CatalogItem {
  const item = catalog.find(({ id }) => id === ref);
  if (item === undefined) {
    throw new PhyllomeError('catalog-entry-not-found', { ref, known: catalog.map(({ id }) => id) });
  }
  return item;
}

function completeDraft(
  name: string,
  item: CatalogItem | null,
  wishes: Record<string, unknown>,
  store: Store,
): MachineDefinition {
  const architecture = wishes['architecture'] ?? hostArchitecture();
  // An unknown architecture is refused with the rest of the definition below.
  const draft = item?.draft(architecture as Architecture) ?? {};
  const common = { formatVersion, id: freshId(store), name, architecture };
  return parseDefinition({ ...draft, ...wishes, ...common });
}

/** A new UUID whose first eight characters, which name the run folder, no other machine has. */
function freshId(store: Store): string {
  const taken = new Set(store.list().map(({ id }) => id.slice(0, 8)));
  for (;;) {
    const id = randomUUID();
    if (!taken.has(id.slice(0, 8))) return id;
  }
}
