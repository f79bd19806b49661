// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { headerLength, readQcow2Header } from './qcow2-header.ts';
import { readSome } from './read-some.ts';

/** One image of a chain. */
export interface Layer {
  /** Absolute path */
  file: string;
  format: string;
  encrypted: boolean;
}

// Images that rest on each other, as in inspect.ts.
const longestChain = 64;

/**
 * An image and all that it rests on, the top one first, as far as that can be read: whoever opens the rest says what is wrong
 * with it. Starts no program and never fails.
 */
export async function layersOf(file: string, format: string): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (let next: Pick<Layer, 'file' | 'format'> | null = { file, format }; next !== null;) {
    if (layers.length === longestChain) break;
    const { encrypted, backing } = await look(next.file, next.format);
    layers.push({ ...next, encrypted });
    next = backing;
  }
  return layers;
}

interface Look {
  encrypted: boolean;
  backing: Pick<Layer, 'file' | 'format'> | null;
}

async function look(file: string, format: string): Promise<Look> {
  const plain: Look = { encrypted: false, backing: null };
  if (format !== 'qcow2') return plain;
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    const { size } = await handle.stat();
    const bytes = await readSome(handle, 0, headerLength);
    if (bytes.toString('latin1', 0, 4) !== 'QFI\xfb') return plain;
    const header = readQcow2Header(bytes, size);
    if (typeof header === 'string') return plain;
    const { encrypted, backing } = header;
    if (backing === null) return { encrypted, backing: null };
    return {
      encrypted,
      backing: { file: resolve(dirname(file), backing.file), format: backing.format ?? 'raw' },
    };
  } catch {
    // Gone or unreadable.
    return plain;
  }
}
