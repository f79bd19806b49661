// SPDX-License-Identifier: Apache-2.0
//
// What this system knows: time zones, keyboards, languages of programs. Read from the files of the programs that use them.
import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { OsChoices } from '../../contract/os-settings.ts';
import { errorCode, namesIn } from '../files.ts';

export interface Keyboard {
  /** Layout and variant of XKB: fr, ch(fr) */
  id: string;
  layout: string;
  model: string;
  variant: string;
  options: string;
  /** Name of the keymap of the text console */
  keymap: string;
}

export async function readOsChoices(root: string): Promise<OsChoices> {
  const [timeZones, keyboards, locales] = await Promise.all([
    readTimeZones(root),
    readKeyboards(root),
    readLocales(root),
  ]);
  return { timeZones, keyboards: keyboards.map(({ id }) => id), locales };
}

/** @returns every zone with a file, UTC first */
async function readTimeZones(root: string): Promise<string[]> {
  const zoneinfo = join(root, 'usr/share/zoneinfo');
  const table =
    (await textOf(join(zoneinfo, 'zone1970.tab'))) ?? (await textOf(join(zoneinfo, 'zone.tab'))) ?? '';
  const names = table
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t')[2] ?? '')
    .filter((name) => name !== '');
  return ['UTC', ...[...new Set(names)].sort()];
}

// Columns: keymap of the console, then layout, model, variant and options of XKB; "-" is none.
const row = /^([a-z0-9][a-zA-Z0-9_.-]*)\s+(\S+)\s+(\S+)\s+(\S+)\s+(\S+)$/;

/** systemd's table of keyboards for console and graphical programs. Where two rows have a name, the first counts. */
export async function readKeyboards(root: string): Promise<Keyboard[]> {
  const table = (await textOf(join(root, 'usr/share/systemd/kbd-model-map'))) ?? '';
  const found = new Map<string, Keyboard>();
  for (const line of table.split('\n')) {
    const [, keymap, layout, ...rest] = row.exec(line.trim()) ?? [];
    if (keymap === undefined || layout === undefined) continue;
    const [model = '', variant = '', options = ''] = rest.map((value) => (value === '-' ? '' : value));
    const id = variant === '' ? layout : `${layout}(${variant})`;
    if (!found.has(id)) found.set(id, { id, layout, model, variant, options, keymap });
  }
  return [...found.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

const keymapFolders = ['usr/share/keymaps', 'usr/lib/kbd/keymaps'];

/** The keymap that the text console has for a keyboard; distributions do not have the same. The first one is us. */
export async function findKeymap(root: string, { keymap, layout }: Keyboard): Promise<string> {
  const names = new Set<string>();
  for (const folder of keymapFolders)
    for (const file of await filesBelow(join(root, folder))) names.add(file.replace(/\.k?map(\.gz)?$/, ''));
  return [keymap, layout, `${layout}-latin1`, `${layout}-latin9`].find((name) => names.has(name)) ?? 'us';
}

async function filesBelow(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder, { recursive: true })).map((path) => basename(path));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
}

/** Folders of glibc's; C.UTF-8 is in glibc itself. */
async function readLocales(root: string): Promise<string[]> {
  const names = await namesIn(join(root, 'usr/lib/locale'));
  const shown = names
    .filter((name) => /^[a-z]{2,3}(_[A-Z]{2})?(\.[A-Za-z0-9-]+)?(@[a-z]+)?$/.test(name))
    .map((name) => name.replace(/\.utf8$/, '.UTF-8'));
  return ['C.UTF-8', ...shown.sort()];
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
