// SPDX-License-Identifier: Apache-2.0
import type { DiskFile, MachineDisk } from '../../../contract/disk.ts';

export interface DiskParts {
  /** What only this disk has written, bytes */
  own: number;
  /** In layers below, which snapshots need as well */
  below: number;
  /** In layers that other machines have, too */
  shared: number;
  /** What the guest could still fill; 0 when that is not known */
  left: number;
}

/** Where the bytes of a disk are: in its own file, in the layers it rests on, or not written yet. Pure. */
export function partsOf({ chain, virtualSize }: Pick<MachineDisk, 'chain' | 'virtualSize'>): DiskParts {
  const shared = sum(chain.filter(isShared));
  const own = sum(chain.slice(0, 1).filter((file) => !isShared(file)));
  const below = sum(chain.slice(1).filter((file) => !isShared(file)));
  // Layers may hold the same place twice, and take more together than the guest sees.
  return { own, below, shared, left: Math.max(0, (virtualSize ?? 0) - own - below - shared) };
}

function sum(files: readonly DiskFile[]): number {
  return files.reduce((total, { allocated }) => total + allocated, 0);
}

function isShared({ sharedWith }: DiskFile): boolean {
  return sharedWith.length > 0;
}

/** Who else has files of the disk, each once. */
export function sharersOf({ chain }: Pick<MachineDisk, 'chain'>): string[] {
  return [...new Set(chain.flatMap(({ sharedWith }) => sharedWith))];
}
