// SPDX-License-Identifier: Apache-2.0
//
// Entries of the Boot Loader Specification, type 1 (https://uapi-group.org/specifications/specs/boot_loader_specification):
// a file an entry, as GRUB reads them on Fedora and systemd-boot everywhere.
import type { BootEntry } from './boot-entry.ts';
import { expand, type Variables } from './grub-environment.ts';
import { compareVersions } from './version-order.ts';

export interface BlsFile {
  /** Without folder, e.g. "4f1c-6.12.0.conf" */
  name: string;
  text: string;
}

export interface BlsEntry {
  /** File name without ".conf" */
  id: string;
  entry: BootEntry;
}

/**
 * The entries that start a Linux, in the order of the menu: the newest first.
 * @param variables for $kernelopts and the like; what is not known of them is empty
 */
export function blsEntries(files: readonly BlsFile[], variables: Variables): BlsEntry[] {
  return files
    .map((file) => readEntry(file, variables))
    .filter((found) => found !== null)
    .toSorted(newestFirst)
    .map(({ id, entry }) => ({ id, entry }));
}

/** The one that systemd-boot starts: "default" in loader.conf is an id with "*" and "?" in it. */
export function defaultBlsEntry(entries: readonly BlsEntry[], loaderConfig: string | null): BlsEntry | null {
  const wanted = loaderConfig === null ? null : (keysOf(loaderConfig).get('default')?.[0] ?? null);
  if (wanted === null) return entries[0] ?? null;
  return entries.find(({ id }) => matches(wanted.replace(/\.conf$/, ''), id)) ?? entries[0] ?? null;
}

interface Read extends BlsEntry {
  sortKey: string;
  version: string;
}

function readEntry({ name, text }: BlsFile, variables: Variables): Read | null {
  if (!name.endsWith('.conf')) return null;
  const keys = keysOf(text);
  const all = (key: string): string[] =>
    (keys.get(key) ?? []).map((value) => expand(value, variables).trim()).filter((value) => value !== '');
  const [linux] = all('linux');
  if (linux === undefined) return null;
  const id = name.slice(0, -'.conf'.length);
  return {
    id,
    sortKey: all('sort-key')[0] ?? '',
    version: all('version')[0] ?? '',
    entry: {
      title: all('title')[0] ?? id,
      root: '',
      linux,
      initrds: all('initrd').flatMap((line) => line.split(/\s+/)),
      commandLine: all('options').join(' '),
    },
  };
}

// A rescue entry is never the newest, whatever version it carries.
function newestFirst(a: Read, b: Read): number {
  const rescue = Number(isRescue(a)) - Number(isRescue(b));
  if (rescue !== 0) return rescue;
  if (a.sortKey !== b.sortKey) return a.sortKey < b.sortKey ? -1 : 1;
  return compareVersions(b.version, a.version) || compareVersions(b.id, a.id);
}

function isRescue({ id, version }: Read): boolean {
  return /(^|-)0-rescue/.test(id) || version.startsWith('0-rescue');
}

function keysOf(text: string): Map<string, string[]> {
  const keys = new Map<string, string[]>();
  for (const line of text.split('\n')) {
    const [, key = '', value = ''] = /^\s*([A-Za-z][A-Za-z-]*)\s+(.*?)\s*$/.exec(line) ?? [];
    if (key !== '') keys.set(key, [...(keys.get(key) ?? []), value]);
  }
  return keys;
}

/** "*" and "?" as in a shell, without backtracking that a hostile pattern could make last. */
function matches(pattern: string, text: string): boolean {
  let [at, inText, star, mark] = [0, 0, -1, 0];
  while (inText < text.length) {
    const wanted = pattern[at];
    if (wanted === '*') [star, mark, at] = [at, inText, at + 1];
    else if (wanted !== undefined && (wanted === '?' || wanted === text[inText]))
      [at, inText] = [at + 1, inText + 1];
    else if (star === -1) return false;
    else [at, inText, mark] = [star + 1, mark + 1, mark + 1];
  }
  return /^\**$/.test(pattern.slice(at));
}
