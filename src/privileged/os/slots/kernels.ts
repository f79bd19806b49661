// SPDX-License-Identifier: Apache-2.0
//
// The kernels on the EFI system partition, whose names say all that systemd-boot goes by: version, how often it is still
// tried, how often it was. A name without tries is one that came up healthy. Pure.
import type { OsNotice } from '../../../contract/os.ts';
import { compareVersions, versionPattern } from '../../../host/systemd-version.ts';

export interface Kernel {
  name: string;
  version: string;
  /** null: it is not counted any more */
  triesLeft: number | null;
  triesDone: number;
}

/** How often a new version is tried before the one before it runs again. */
export const tries = 3;
// What stands for "tries done" in the name of a kernel that systemd-boot did not give up by itself. It never tries so often. The
// second is written by os/mkosi.extra/usr/lib/phyllome-os/mark-damaged.
const putAside = 0;
const damaged = 900;

export function readKernelName(name: string): Kernel | null {
  const parts = /^phyllome_([^+_]+)(?:\+(\d{1,4})(?:-(\d{1,4}))?)?\.efi$/.exec(name);
  const version = parts?.[1] ?? '';
  if (!versionPattern.test(version)) return null;
  const left = parts?.[2];
  return {
    name,
    version,
    triesLeft: left === undefined ? null : Number(left),
    triesDone: Number(parts?.[3] ?? 0),
  };
}

const isBad = ({ triesLeft }: Kernel): boolean => triesLeft === 0;

/** A name that makes systemd-boot choose a kernel only when no other is left. */
export const asideName = (version: string): string => `phyllome_${version}+0-${putAside}.efi`;

/** Why it is bad; null when it is not. */
export function whyBad(kernel: Kernel): OsNotice['what'] | null {
  if (!isBad(kernel)) return null;
  if (kernel.triesDone === putAside) return 'put-aside';
  return kernel.triesDone >= damaged ? 'damaged' : 'unhealthy';
}

/** The version that systemd-boot starts next: the newest that is not bad, else the newest. */
export function nextVersion(kernels: readonly Kernel[]): string | null {
  const order = (a: Kernel, b: Kernel): number =>
    Number(isBad(a)) - Number(isBad(b)) || compareVersions(b.version, a.version);
  return kernels.toSorted(order)[0]?.version ?? null;
}

/** The newest that is older than what runs and can be gone back to. */
export function previousVersion(kernels: readonly Kernel[], runs: string): string | null {
  const older = kernels.filter((one) => !isBad(one) && compareVersions(one.version, runs) < 0);
  return nextVersion(older);
}
