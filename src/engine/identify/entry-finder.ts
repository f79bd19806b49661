// SPDX-License-Identifier: Apache-2.0
//
// The entry of the catalogue that suits a system: itself, or the nearest of its family.

/** What an entry is found by. */
export interface Findable {
  id: string;
  aliases: readonly string[];
  osinfo?: string | undefined;
}

export interface FoundSystem {
  /** Short id: "freebsd14.2" */
  id: string;
  /** Address in osinfo-db */
  osinfo: string | null;
}

/**
 * Itself by id, alias or address; then its major version ("freebsd14"); then an entry that has no version at all, which
 * stands for all of them ("kali"). An alias without a version means the newest, so an old one is not found by it.
 */
export function nearestEntry({ id, osinfo }: FoundSystem, entries: readonly Findable[]): string | null {
  const named = (name: string) => entries.find((entry) => entry.id === name || entry.aliases.includes(name));
  const major = id.replace(/(\d)\.[\d.]+$/, '$1');
  const bare = id.replace(/[-.]?(r\d+)?(alpha|beta|rc)?[\d.]+$/, '');
  const found =
    named(id) ??
    entries.find((entry) => osinfo !== null && entry.osinfo === osinfo) ??
    named(major) ??
    entries.find((entry) => entry.id === bare);
  return found?.id ?? null;
}

/** @param load the entries, when they are first needed */
export function createEntryFinder(load: () => Promise<readonly Findable[]>) {
  return async (system: FoundSystem): Promise<string | null> => nearestEntry(system, await load());
}
