// SPDX-License-Identifier: Apache-2.0
import { posix } from 'node:path';
import { searched } from './grub-run.ts';
import type { GuestDisk } from './guest-disk.ts';
import type { GuestFileSystem } from './fstest-listing.ts';
import type { Place } from './places.ts';

/** A file that is there. */
export interface LocatedFile {
  device: string;
  path: string;
  stamp: string;
}

/**
 * Finds a file that a boot loader names: on the device that it names or searched for, else where its configuration is,
 * else anywhere: names of devices differ between the PC that a disk was installed on and this one.
 */
export async function locateFile(
  disk: GuestDisk,
  named: string,
  root: string,
  home: Place,
  places: readonly Place[],
): Promise<LocatedFile | null> {
  const [, inFront, path = ''] = /^(?:\(([^)]*)\))?(\/.*)$/.exec(named) ?? [];
  if (path === '') return null;
  const meant = deviceOf(
    inFront ?? root,
    places.map(({ fileSystem }) => fileSystem),
  );
  const isMeant = ({ fileSystem }: Place): boolean => fileSystem.device === meant;
  const ordered = [...places.filter(isMeant), home, ...places];
  const seen = new Set<string>();
  // As it is written first: on a Btrfs GRUB's paths begin with the subvolume.
  for (const withBase of [false, true]) {
    for (const { fileSystem, base } of ordered) {
      const { device } = fileSystem;
      const full = posix.normalize(withBase ? base + path : path);
      if (seen.has(`${device} ${full}`)) continue;
      seen.add(`${device} ${full}`);
      const name = posix.basename(full);
      const file = (await disk.list(device, posix.dirname(full))).find(
        (one) => one.name === name && !one.folder,
      );
      if (file !== undefined) return { device, path: full, stamp: file.stamp };
    }
  }
  return null;
}

/** The device of the image that a boot loader means; null: none that could be told. */
export function deviceOf(named: string, fileSystems: readonly GuestFileSystem[]): string | null {
  const by = (matches: (one: GuestFileSystem) => boolean): string | null =>
    fileSystems.find(matches)?.device ?? null;
  if (named.startsWith(searched.uuid)) {
    const uuid = named.slice(searched.uuid.length).toLowerCase();
    return by((one) => one.uuid?.toLowerCase() === uuid);
  }
  if (named.startsWith(searched.label))
    return by(({ label }) => label === named.slice(searched.label.length));
  // The first disk, as the boot loader counts, is the one that it was started from.
  const partition = /^(?:hd0|loop0|ahci0|virtio0)(?:,(.+))?$/.exec(named);
  if (partition === null) return by(({ device }) => device === named);
  const wanted = partition[1] === undefined ? 'loop0' : `loop0,${partition[1]}`;
  return (
    by(({ device }) => device === wanted) ??
    by(({ device }) => digits(device) !== '' && digits(device) === digits(wanted))
  );
}

/** "hd0,2" and "hd0,gpt2" are the same. */
function digits(device: string): string {
  return /,[a-z]*(\d+)$/.exec(device)?.[1] ?? '';
}
