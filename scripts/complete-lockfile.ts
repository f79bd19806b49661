// SPDX-License-Identifier: Apache-2.0
//
// Adds to package-lock.json the optional per-platform packages that the registry in use could not show.
//
// Tools such as oxlint and knip name a binary package for every platform. A registry mirror may lack those
// of other platforms; npm then writes a lock file without them, and "npm ci" refuses it ("Missing: … from
// lock file") for everyone. The entries added here say what npm would have said, without an integrity hash.
// Run it after every change of a dependency: npm install --package-lock-only && npm run lock
import { readFile, writeFile } from 'node:fs/promises';

interface Entry {
  version?: string;
  optional?: boolean;
  dev?: boolean;
  optionalDependencies?: Record<string, string>;
  [key: string]: unknown;
}

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: Record<string, Entry> };

let added = 0;
for (const entry of Object.values(lock.packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    const key = `node_modules/${name}`;
    if (lock.packages[key] !== undefined || !/^\d/.test(version)) continue;
    const parts = name.split(/[/-]/);
    const pick = (known: string[]): string[] => known.filter((word) => parts.includes(word));
    const os = pick(['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'sunos', 'win32']);
    const cpu = pick([
      'arm',
      'arm64',
      'ia32',
      'loong64',
      'mips64el',
      'ppc64',
      'riscv64',
      's390x',
      'wasm32',
      'x64',
    ]);
    lock.packages[key] = {
      version,
      ...(cpu.length > 0 && { cpu }),
      ...(entry.dev === true && { dev: true }),
      optional: true,
      ...(os.length > 0 && { os }),
    };
    added += 1;
  }
}

const sorted = Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1));
lock.packages = Object.fromEntries(sorted);
await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`package-lock.json: ${added} optional package(s) of other platforms added`);
