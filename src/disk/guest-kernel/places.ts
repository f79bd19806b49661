// SPDX-License-Identifier: Apache-2.0
import type { GuestDisk } from './guest-disk.ts';
import type { GuestFileSystem } from './fstest-listing.ts';

/** A folder tree of a guest that may be a root or a boot file system: a file system, or a subvolume of a Btrfs. */
export interface Place {
  fileSystem: GuestFileSystem;
  /** "" or "/@": what stands before every path */
  base: string;
  /** Names in its top folder */
  names: ReadonlySet<string>;
}

// A Btrfs has some subvolumes at its top; a hostile one any number.
const mostSubvolumes = 16;
const mostLoaders = 12;

/** Every place of a disk, the ones that the boot loader on the EFI system partition names first. */
export async function placesOf(disk: GuestDisk, fileSystems: readonly GuestFileSystem[]): Promise<Place[]> {
  const places: Place[] = [];
  for (const fileSystem of fileSystems) {
    const { device, type } = fileSystem;
    const top = await disk.list(device, '/');
    places.push({ fileSystem, base: '', names: namesOf(top) });
    if (type !== 'btrfs') continue;
    for (const { name } of top.filter(({ folder }) => folder).slice(0, mostSubvolumes)) {
      const base = `/${name}`;
      places.push({ fileSystem, base, names: namesOf(await disk.list(device, base)) });
    }
  }
  const named = await namedByLoader(disk, places);
  const rank = ({ fileSystem: { uuid } }: Place): number => {
    const index = uuid === null ? -1 : named.indexOf(uuid);
    return index === -1 ? named.length : index;
  };
  return places.toSorted((one, other) => rank(one) - rank(other));
}

/** Is it what a guest mounts as "/"? */
export function isRoot({ names }: Place): boolean {
  return names.has('etc') && (names.has('usr') || names.has('sbin') || names.has('bin'));
}

const namesOf = (files: readonly { name: string }[]): Set<string> => new Set(files.map(({ name }) => name));

/** GRUB on an EFI system partition has a short grub.cfg that only says which file system has the real one. */
async function namedByLoader(disk: GuestDisk, places: readonly Place[]): Promise<string[]> {
  const uuids: string[] = [];
  for (const { fileSystem, names } of places) {
    const folder = [...names].find((name) => name.toLowerCase() === 'efi');
    if (fileSystem.type !== 'fat' || folder === undefined) continue;
    const loaders = await disk.list(fileSystem.device, `/${folder}`);
    for (const { name } of loaders.slice(0, mostLoaders)) {
      const text = await disk.read(fileSystem.device, `/${folder}/${name}/grub.cfg`);
      const [, uuid] =
        /^\s*search(?:\.fs_uuid|\s.*--fs-uuid)\b.*?\s([0-9A-Fa-f-]{8,36})\b/m.exec(text ?? '') ?? [];
      if (uuid !== undefined) uuids.push(uuid);
    }
  }
  return uuids;
}
