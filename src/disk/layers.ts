// SPDX-License-Identifier: Apache-2.0
import { dirname, resolve } from 'node:path';
import { qcow2HeaderOf } from './qcow2-file.ts';

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
  // One that is gone or unreadable is told by whoever opens it.
  const header = format === 'qcow2' ? await qcow2HeaderOf(file).catch(() => null) : null;
  if (header === null) return { encrypted: false, backing: null };
  const { encrypted, backing } = header;
  if (backing === null) return { encrypted, backing: null };
  return {
    encrypted,
    backing: { file: resolve(dirname(file), backing.file), format: backing.format ?? 'raw' },
  };
}
