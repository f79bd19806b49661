// SPDX-License-Identifier: Apache-2.0
//
// Writes os/fedora/Containerfile and os/fedora/phyllome.ks ("npm run gen"). A test keeps them as they are generated.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { containerfile, kickstart } from './fedora-files.ts';
import { readPackages } from './packages.ts';

const os = join(import.meta.dirname, '..');

/** File names below os/, and what belongs into them. */
export async function fedoraFiles(): Promise<Record<string, string>> {
  return {
    'fedora/Containerfile': containerfile(await readPackages()),
    'fedora/phyllome.ks': kickstart(),
  };
}

if (import.meta.main) {
  for (const [name, text] of Object.entries(await fedoraFiles())) await writeFile(join(os, name), text);
}
