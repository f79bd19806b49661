// SPDX-License-Identifier: Apache-2.0
import type { BootEntry } from './boot-entry.ts';
import type { GuestDisk } from './guest-disk.ts';
import { isRoot, type Place } from './places.ts';
import { compareVersions } from './version-order.ts';

/**
 * What to start where no boot loader's menu says it: the kernel that /vmlinuz points to, else the newest one, with the
 * initrd of the same version. null: there is no kernel.
 */
export async function plainEntry(
  disk: GuestDisk,
  place: Place,
  places: readonly Place[],
): Promise<BootEntry | null> {
  const { fileSystem, base, names } = place;
  const boot = names.has('boot') ? `${base}/boot` : base;
  const inBoot =
    boot === base ? [...names] : (await disk.list(fileSystem.device, boot)).map(({ name }) => name);
  const candidates = [
    ...(names.has('vmlinuz') ? [{ folder: base, ...pairOf('vmlinuz', [...names]) }] : []),
    { folder: boot, ...newestPair(inBoot) },
  ].filter(({ kernel }) => kernel !== null);
  // Some kernels need no initrd, but one without is more likely one whose initrd lies elsewhere.
  const chosen = candidates.find(({ initrd }) => initrd !== null) ?? candidates[0];
  if (chosen?.kernel == null) return null;
  return {
    title: chosen.kernel,
    root: '',
    linux: `(${fileSystem.device})${chosen.folder}/${chosen.kernel}`,
    initrds: chosen.initrd === null ? [] : [`(${fileSystem.device})${chosen.folder}/${chosen.initrd}`],
    commandLine: rootArguments(isRoot(place) ? place : places.find(isRoot)),
  };
}

export interface Pair {
  kernel: string | null;
  initrd: string | null;
}

/** The newest kernel of a folder and what goes with it. */
export function newestPair(names: readonly string[]): Pair {
  const versions = names
    .filter((name) => /^(vmlinuz|Image)(-|$)/.test(name) && !name.includes('rescue'))
    .toSorted((a, b) => compareVersions(b, a));
  const [kernel] = versions;
  return kernel === undefined ? { kernel: null, initrd: null } : pairOf(kernel, names);
}

/** Names as Debian, Fedora, Arch and Alpine give them. */
function pairOf(kernel: string, names: readonly string[]): Pair {
  const version = kernel.replace(/^(vmlinuz|Image)/, '');
  const candidates = [
    `initrd.img${version}`,
    `initramfs${version}.img`,
    `initramfs${version}`,
    `initrd${version}`,
  ];
  return { kernel, initrd: candidates.find((name) => names.includes(name)) ?? null };
}

function rootArguments(root: Place | undefined): string {
  if (root?.fileSystem.uuid == null) return 'ro';
  const flags = root.base === '' ? '' : ` rootflags=subvol=${root.base.slice(1)}`;
  return `root=UUID=${root.fileSystem.uuid}${flags} ro`;
}
