// SPDX-License-Identifier: Apache-2.0
import type { Folder } from '../../contract/image.ts';

type Place = Folder['places'][number];

/** The place a folder is in: the innermost one. */
export function placeOf(path: string, places: readonly Place[]): Place | undefined {
  return places
    .filter((place) => path === place.path || path.startsWith(`${place.path.replace(/\/$/, '')}/`))
    .sort((a, b) => b.path.length - a.path.length)[0];
}

/** The folders on the way from the place to a path, without the place itself. */
export function crumbsOf(path: string, place: Place): { name: string; path: string }[] {
  const root = place.path.replace(/\/$/, '');
  const names = path.slice(root.length).split('/').filter(Boolean);
  return names.map((name, index) => ({ name, path: `${root}/${names.slice(0, index + 1).join('/')}` }));
}

/** The entry after `from` (in a circle) whose name begins with what was typed; -1 when there is none. */
export function findTyped(typed: string, names: readonly string[], from: number): number {
  const wanted = typed.toLowerCase();
  for (let step = 0; step < names.length; step += 1) {
    const index = (from + step) % names.length;
    if (names[index]?.toLowerCase().startsWith(wanted) === true) return index;
  }
  return -1;
}
