// SPDX-License-Identifier: Apache-2.0
//
// The built page. Everybody may have its files, which are the same on every PC; what they show asks the API.
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { errorCode } from '../host/files.ts';

// Where "npm run build" puts the page.
const pageDirectory = join(import.meta.dirname, '../../build/page');

// Files at the top, and those of the build, whose names hold a hash of their content.
const topFile = /^\/(?:icon\.svg|icon-192\.png|icon-512\.png|manifest\.webmanifest)$/;
const builtFile = /^\/assets\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/;

const types: Readonly<Record<string, string>> = {
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.html': 'text/html; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webmanifest': 'application/manifest+json',
};

export interface PageFile {
  content: Buffer;
  type: string;
  /** Its name changes with its content, so browsers may keep it for good */
  immutable: boolean;
}

/** Is this the address of a file of the page? Anything else, other spellings of these included, is not. */
export function isPageFile(path: string): boolean {
  return topFile.test(path) || builtFile.test(path);
}

/** A file of the page by its address, "/" being the page itself; null when it was not built. */
export async function readPageFile(path: string): Promise<PageFile | null> {
  const file = path === '/' ? '/index.html' : path;
  const type = types[extname(file)];
  if (type === undefined || (path !== '/' && !isPageFile(path))) return null;
  try {
    return { content: await readFile(join(pageDirectory, file)), type, immutable: builtFile.test(path) };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
