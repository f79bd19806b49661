// SPDX-License-Identifier: Apache-2.0
import type { FileChange } from '../../contract/fix.ts';
import type { Tree } from './tree.ts';

const folder = '/etc/modprobe.d';

/** Files in which the owner of a PC says how modules are loaded. Names that no person gives are left alone. */
export function modprobeFiles(tree: Tree): string[] {
  return tree
    .names(folder)
    .filter((name) => /^[\w.+-]+\.conf$/.test(name))
    .map((name) => `${folder}/${name}`);
}

/** Whether a line of modprobe.d(5) begins with these words; "-" and "_" are the same in names of modules. */
export function saysAbout(line: string, word: string, module: string): boolean {
  const [first = '', second = ''] = line.trim().split(/\s+/);
  return first === word && second.replaceAll('-', '_') === module;
}

/**
 * The files of /etc/modprobe.d with some lines changed; those where nothing changes are left out.
 * @param change the new line, or the same
 * @throws PhyllomeError `fix-refused` when a file that has to change is no plain file
 */
export function editModprobeFiles(tree: Tree, change: (line: string) => string): FileChange[] {
  const edit = (text: string): string => text.split('\n').map(change).join('\n');
  return modprobeFiles(tree).flatMap((path) => {
    const text = tree.text(path);
    if (text === null || edit(text) === text) return [];
    const old = tree.original(path);
    if (old === null) return [];
    return [{ path, before: old.text, after: edit(old.text), mode: old.mode }];
  });
}
