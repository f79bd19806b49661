// SPDX-License-Identifier: Apache-2.0
import { readFile, realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import type { Folder } from '../contract/image.ts';
import { mountPoints } from '../host/mount-points.ts';

export type Place = Folder['places'][number];

export interface PlaceParts {
  /** The user's own folder */
  home: string;
  /** By this name the desktop mounts removable drives; null when it is not known */
  user: string | null;
  /** Folder of the settings of programs: $XDG_CONFIG_HOME */
  config: string;
  library: string;
  /** Where /proc is looked for */
  root?: string;
}

/**
 * Where a file chooser may begin, as real paths without symbolic links. Nothing outside of them is shown. A place
 * that is not there is left out; drives come and go, so this is asked each time.
 */
export async function findPlaces({ home, user, config, library, root }: PlaceParts): Promise<Place[]> {
  const drives = driveFolders(user);
  const mounted = (await mountPoints(root)).filter(
    (point) => drives.includes(dirname(point)) || point === '/mnt',
  );
  const wanted: Place[] = [
    { kind: 'home', name: 'Home', path: home },
    { kind: 'downloads', name: 'Downloads', path: await downloadFolder(home, config) },
    { kind: 'library', name: 'Library', path: library },
    ...mounted.toSorted().map((path): Place => ({ kind: 'drive', name: basename(path), path })),
  ];
  const places = await Promise.all(wanted.map(real));
  const seen = new Set<string>();
  return places.filter((place) => {
    if (place === null || seen.has(place.path)) return false;
    seen.add(place.path);
    return true;
  }) as Place[];
}

/** Is it the folder of one of these places, or in one? All paths are real ones. */
export function placeOf(path: string, places: readonly Place[]): Place | undefined {
  // The innermost: a library lies in the home folder, too.
  const around = places.filter((place) => path === place.path || path.startsWith(place.path + sep));
  return around.toSorted((a, b) => b.path.length - a.path.length)[0];
}

/** The folder above, when it may be shown: null at the top of a place, or when the way there is hidden. */
export function parentOf(path: string, places: readonly Place[]): string | null {
  const parent = dirname(path);
  const place = placeOf(parent, places);
  if (place === undefined) return null;
  const isTop = places.some((other) => other.path === path);
  const hidden = relative(place.path, parent)
    .split(sep)
    .some((part) => part.startsWith('.'));
  return isTop && hidden ? null : parent;
}

// Where desktops (udisks2) and people by hand mount drives.
function driveFolders(user: string | null): string[] {
  const safe = user !== null && /^[^/.][^/]*$/.test(user);
  return [...(safe ? [`/media/${user}`, `/run/media/${user}`] : []), '/mnt'];
}

async function real(place: Place): Promise<Place | null> {
  try {
    const path = await realpath(place.path);
    // With "/" as a home (a service without a user) everything would be shown.
    return path !== '/' && (await stat(path)).isDirectory() ? { ...place, path } : null;
  } catch {
    // Not there, or not ours to enter: nothing can be chosen in it.
    return null;
  }
}

/** As xdg-user-dirs has it: XDG_DOWNLOAD_DIR="$HOME/..." or an absolute path; the home folder itself means none. */
async function downloadFolder(home: string, config: string): Promise<string> {
  const text = await readFile(join(config, 'user-dirs.dirs'), 'utf8').catch(() => '');
  const written = /^\s*XDG_DOWNLOAD_DIR="(.*)"\s*$/m.exec(text)?.[1]?.replaceAll(/\\(.)/g, '$1');
  const path = written?.replace(/^\$HOME(?=\/|$)/, home);
  const usable = path !== undefined && isAbsolute(path) && resolve(path) !== resolve(home);
  return usable ? path : join(home, 'Downloads');
}
