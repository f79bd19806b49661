// SPDX-License-Identifier: Apache-2.0
import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { MachineDefinition } from '../contract/machine.ts';
import { locate } from '../disk/locate.ts';
import type { StoredMachine } from './store.ts';

/** Who uses a file of the library: the words by which people know these machines. */
export type ImageUsers = (name: string) => string[];

export interface Machines {
  listed: readonly StoredMachine[];
  deleted: readonly StoredMachine[];
  /** The text of a definition that cannot be understood, or null when it cannot be read either */
  text(machine: StoredMachine): string | null;
}

/**
 * Finds out which machines use which files of a folder, in one pass over their definitions.
 *
 * A definition that cannot be understood uses, to be safe, every image whose name stands in its text.
 */
export function imageUsers(folder: string, { listed, deleted, text }: Machines): ImageUsers {
  const users = new Map<string, string[]>();
  const broken: { text: string; words: string }[] = [];
  const realFolder = real(folder);

  const note = (machine: StoredMachine, words: string): void => {
    const { definition, directory } = machine;
    if (definition === null) {
      broken.push({ text: text(machine) ?? '', words });
      return;
    }
    const names = filesOf(definition).flatMap((file) => {
      const path = resolve(locate(directory, file));
      // As it is written, and where it leads when it is a link.
      const ways = [join(real(dirname(path)), basename(path)), real(path)];
      return ways.filter((way) => dirname(way) === realFolder).map((way) => basename(way));
    });
    for (const name of new Set(names)) users.set(name, [...(users.get(name) ?? []), words]);
  };
  for (const machine of listed) note(machine, machine.name);
  for (const machine of deleted) note(machine, `${machine.name} (in the bin)`);

  return (name) => [
    ...(users.get(name) ?? []),
    ...broken.filter(({ text }) => text.includes(name)).map(({ words }) => words),
  ];
}

/** Every file a definition names, as it stands there. */
function filesOf({ boot, disks, removable }: MachineDefinition): string[] {
  const ofBoot = boot.type === 'kernel' ? [boot.kernel, boot.initrd] : [];
  const all = [...ofBoot, ...disks.map(({ file }) => file), ...removable.map(({ file }) => file)];
  return all.filter((file) => file !== undefined);
}

// A folder can have several paths (a home that is a link); one that is gone has only the one given.
function real(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    return join(folder);
  }
}
