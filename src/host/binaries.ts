// SPDX-License-Identifier: Apache-2.0
import { accessSync, constants, statSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';

// Where distributions put programs that people do not start by hand (virtiofsd, for one), or that a sparse PATH of
// a service leaves out.
const moreDirectories = [
  '/usr/local/bin',
  '/usr/bin',
  '/bin',
  '/usr/local/sbin',
  '/usr/sbin',
  '/sbin',
  '/usr/libexec',
  '/usr/lib/qemu',
  '/usr/lib',
];

/**
 * The absolute path of a program, from PATH or the usual places; null when it is not installed.
 * @param first a folder to look into before all others
 */
export function findBinary(name: string, root = '/', first: string | null = null): string | null {
  // An empty or relative part of PATH means "wherever I happen to be": that is no place to run programs from.
  const path = (process.env['PATH'] ?? '').split(':').filter((directory) => isAbsolute(directory));
  for (const directory of [...(first === null ? [] : [first]), ...path, ...moreDirectories]) {
    const file = join(root, directory, name);
    if (isProgram(file)) return file;
  }
  return null;
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}
