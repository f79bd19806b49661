// SPDX-License-Identifier: Apache-2.0
//
// Where osinfo-db lies: the distribution's, this PC's, the user's. A file in a later folder takes the place of the one with
// the same name in an earlier one (an empty one takes it away), as libosinfo does it.
import { createHash } from 'node:crypto';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

export function osinfoFolders(env: Readonly<Record<string, string | undefined>>): string[] {
  const config =
    env['XDG_CONFIG_HOME']?.startsWith('/') === true
      ? env['XDG_CONFIG_HOME']
      : join(env['HOME'] ?? '/', '.config');
  return [
    env['OSINFO_SYSTEM_DIR'] ?? '/usr/share/osinfo',
    env['OSINFO_LOCAL_DIR'] ?? '/etc/osinfo',
    env['OSINFO_USER_DIR'] ?? join(config, 'osinfo'),
  ];
}

export interface OsinfoFiles {
  /** Changes when any file does */
  fingerprint: string;
  files: string[];
}

/** @returns null when there are none */
export async function findOsinfoFiles(folders: readonly string[]): Promise<OsinfoFiles | null> {
  const found = new Map<string, string>();
  for (const folder of folders) {
    for (const part of ['os', 'device']) {
      for (const name of await xmlFiles(join(folder, part)))
        found.set(join(part, name), join(folder, part, name));
    }
  }
  const hash = createHash('sha256');
  const files: string[] = [];
  const known = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  const stats = await Promise.all(known.map(([, file]) => stat(file).catch(() => null)));
  known.forEach(([name, file], index) => {
    const status = stats[index];
    if (status == null || !status.isFile()) return;
    hash.update(`${name}\0${file}\0${status.size}\0${status.mtimeMs}\0`);
    if (status.size > 0 && status.size < longestFile) files.push(file);
  });
  return files.length === 0 ? null : { fingerprint: hash.digest('hex').slice(0, 32), files };
}

// The largest of 2026 has 400 KB.
const longestFile = 8 * 2 ** 20;

async function xmlFiles(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder, { recursive: true });
    return names.filter((name) => name.endsWith('.xml'));
  } catch {
    // Most PCs have only one of the folders, many none.
    return [];
  }
}

export async function* readAll(files: readonly string[]): AsyncGenerator<string> {
  for (const file of files) {
    const text = await readFile(file, 'utf8').catch(() => null);
    // One that went meanwhile is as good as one that was never there.
    if (text !== null) yield text;
  }
}
