// SPDX-License-Identifier: Apache-2.0
//
// Sticks that somebody plugged in. They are looked at by root itself, read-only and without anything on them being run, and
// only with file systems that sticks have: the kernel's rarer ones are not shown to strangers.
import { lstat, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { readBlockDevices, withAllOnIt, type BlockNode } from '../disks/lsblk.ts';
import { systemDisk } from '../slots/partitions.ts';
import { osTool } from '../os-tool.ts';

interface Stick extends AsyncDisposable {
  /** For people: "SanDisk Ultra (UPDATES)" */
  name: string;
  /** Of the folder with the list */
  url: string;
}

export interface Sticks extends AsyncDisposable {
  sticks: Stick[];
  /** What was looked at, for people */
  looked: string;
}

const fileSystems = ['vfat', 'exfat', 'iso9660', 'udf', 'ext4', 'ntfs'];
// In the kernel, another name than on the disk.
const kernelNames: Readonly<Record<string, string>> = { ntfs: 'ntfs3' };
// Where the list may lie on a stick.
const folders = ['phyllome-update', '.'];
// Nobody has more of them; each takes time to be mounted.
const most = 8;

/** Mounts what could hold an update. Disposing takes everything off again. @throws PhyllomeError `os-tool-failed` */
export async function openSticks(root: string, signal: AbortSignal): Promise<Sticks> {
  const devices = await readBlockDevices(root, signal);
  const candidates = stickFileSystems(devices).slice(0, most);
  await using open = new AsyncDisposableStack();
  const sticks: Stick[] = [];
  const work = join(root, 'run/phyllome-update');
  await mkdir(work, { recursive: true, mode: 0o700 });
  const unreadable: string[] = [];
  for (const candidate of candidates) {
    const stick = await openStick(root, work, candidate, signal).catch((error: unknown) => {
      signal.throwIfAborted();
      // One that is damaged must not keep us from the others; it is said when there is none.
      unreadable.push(`${candidate.name} cannot be read (${(error as Error).message})`);
      return null;
    });
    if (stick !== null) sticks.push(open.use(stick));
  }
  const others = candidates.map(({ name }) => `${name} holds none`);
  const looked = unreadable.length > 0 ? unreadable : others;
  const kept = open.move();
  return {
    sticks,
    looked: looked.length === 0 ? 'none is plugged in that can be read' : looked.join('; '),
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}

interface StickFileSystem {
  name: string;
  path: string;
  type: string;
  mountpoint: string | null;
}

/** File systems of all that can be pulled out, but not of the disk this PC runs from. */
export function stickFileSystems(devices: readonly BlockNode[]): StickFileSystem[] {
  const system = systemDisk(devices)?.disk.path;
  const sticks = devices.filter(
    (disk) =>
      disk.path !== system &&
      (disk.type === 'rom' || (disk.type === 'disk' && (disk.rm || disk.hotplug || disk.tran === 'usb'))),
  );
  return sticks.flatMap((disk) =>
    withAllOnIt(disk)
      .filter(({ fstype }) => fileSystems.includes(fstype ?? ''))
      .map((node) => ({
        name: nameOf(disk, node),
        path: node.path,
        type: node.fstype ?? '',
        mountpoint: node.mountpoints.find((point) => point !== null) ?? null,
      })),
  );
}

function nameOf(disk: BlockNode, { label, path }: BlockNode): string {
  const model = [disk.vendor, disk.model].map((word) => word?.trim() ?? '').filter((word) => word !== '');
  const words = model.length === 0 ? path : model.join(' ');
  return label === null || label === '' ? words : `${words} (${label})`;
}

async function openStick(
  root: string,
  work: string,
  { name, path, type, mountpoint }: StickFileSystem,
  signal: AbortSignal,
): Promise<Stick | null> {
  await using undo = new AsyncDisposableStack();
  const place = mountpoint ?? (await mountReadOnly(undo, root, work, path, type, signal));
  for (const folder of folders) {
    const at = join(place, folder);
    const found = await lstat(join(at, 'SHA256SUMS')).catch(() => null);
    if (found?.isFile() !== true) continue;
    const kept = undo.move();
    return { name, url: pathToFileURL(at).href, [Symbol.asyncDispose]: () => kept.disposeAsync() };
  }
  return null;
}

async function mountReadOnly(
  undo: AsyncDisposableStack,
  root: string,
  work: string,
  path: string,
  type: string,
  signal: AbortSignal,
): Promise<string> {
  const place = await mkdtemp(join(work, 'stick-'));
  undo.defer(() => rm(place, { recursive: true, force: true }));
  const options = 'ro,nosuid,nodev,noexec,nosymfollow';
  await osTool(root, ['/usr/bin/mount', '-t', kernelNames[type] ?? type, '-o', options, path, place], {
    signal,
  });
  // It may have been pulled out meanwhile.
  undo.defer(async () => void (await osTool(root, ['/usr/bin/umount', '--lazy', place])));
  return place;
}
