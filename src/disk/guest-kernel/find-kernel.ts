// SPDX-License-Identifier: Apache-2.0
import type { BootEntry } from './boot-entry.ts';
import { blsEntries, defaultBlsEntry, type BlsFile } from './boot-loader-spec.ts';
import { noVariables, parseGrubEnvironment } from './grub-environment.ts';
import { defaultGrubEntry } from './grub-menu.ts';
import type { GuestDisk } from './guest-disk.ts';
import { placesOf, type Place } from './places.ts';
import { plainEntry } from './plain-kernel.ts';
import { locateFile, type LocatedFile } from './locate-file.ts';

/** What a guest would start, and where its files are. */
export interface FoundKernel {
  title: string;
  /** Whose word it is: "GRUB menu /boot/grub/grub.cfg" */
  source: string;
  kernel: LocatedFile;
  initrds: LocatedFile[];
  /** As the guest's own boot loader would give it */
  commandLine: string;
}

export interface Search {
  found: FoundKernel | null;
  /** In words, what was looked for and not there: for the error */
  looked: string[];
}

// A folder of entries has a few; reading each starts a program.
const mostEntries = 32;

/**
 * Finds what the guest's own boot loader would start: the default entry of GRUB (with the entries of the Boot Loader
 * Specification where it uses them), of systemd-boot, and where there is neither, the newest kernel that lies around.
 * Reads only; nothing is trusted.
 * @throws PhyllomeError as guest-disk.ts
 */
export async function findKernel(disk: GuestDisk): Promise<Search> {
  const fileSystems = await disk.fileSystems();
  if (fileSystems.length === 0)
    return { found: null, looked: ['a file system: none is on the disk that could be read'] };
  const places = await placesOf(disk, fileSystems);
  const looked: string[] = [];
  for (const find of [grubKernel, specifiedKernel, plainKernel]) {
    for (const place of places) {
      const found = await find(disk, place, places, looked);
      if (found !== null) return { found, looked };
    }
  }
  const names = fileSystems.map(
    ({ device, type }) => `${device.replace(/^loop0,?/, '') || 'the whole disk'} (${type})`,
  );
  looked.push(`a menu of GRUB or systemd-boot, or a file vmlinuz*, on ${names.join(', ')}`);
  return { found: null, looked };
}

async function grubKernel(
  disk: GuestDisk,
  place: Place,
  places: readonly Place[],
  looked: string[],
): Promise<FoundKernel | null> {
  const { fileSystem, base, names } = place;
  const { device } = fileSystem;
  const boot = names.has('boot') ? `${base}/boot` : base;
  const folders = names.has('boot') ? ['grub', 'grub2'] : ['grub', 'grub2'].filter((name) => names.has(name));
  for (const folder of folders.map((name) => `${boot}/${name}`)) {
    const config = await disk.read(device, `${folder}/grub.cfg`);
    if (config === null) continue;
    const environment = await disk.read(device, `${folder}/grubenv`);
    const bls = /\bblscfg\b/.test(config) ? await blsFiles(disk, device, `${boot}/loader/entries`) : [];
    const entry = defaultGrubEntry({
      config,
      environment: environment === null ? null : parseGrubEnvironment(environment),
      bls,
      prefix: `(${device})${folder}`,
    });
    if (entry === null) looked.push(`an entry that starts a Linux in ${folder}/grub.cfg`);
    else {
      const found = await locate(disk, entry, place, places, looked, `GRUB menu ${folder}/grub.cfg`);
      if (found !== null) return found;
    }
  }
  return null;
}

/** systemd-boot keeps its entries on the partition that has the kernels, too. */
async function specifiedKernel(
  disk: GuestDisk,
  place: Place,
  places: readonly Place[],
  looked: string[],
): Promise<FoundKernel | null> {
  const { fileSystem, base, names } = place;
  const tops = [...(names.has('loader') ? [base] : []), ...(names.has('boot') ? [`${base}/boot`] : [])];
  for (const top of tops) {
    const files = await blsFiles(disk, fileSystem.device, `${top}/loader/entries`);
    const entries = blsEntries(files, noVariables());
    if (entries.length === 0) continue;
    const chosen = defaultBlsEntry(entries, await disk.read(fileSystem.device, `${top}/loader/loader.conf`));
    const entry = chosen?.entry;
    if (entry === undefined) continue;
    const source = `boot loader entry ${top}/loader/entries/${chosen?.id ?? ''}.conf`;
    const found = await locate(disk, entry, place, places, looked, source);
    if (found !== null) return found;
  }
  return null;
}

async function plainKernel(
  disk: GuestDisk,
  place: Place,
  places: readonly Place[],
  looked: string[],
): Promise<FoundKernel | null> {
  const entry = await plainEntry(disk, place, places);
  return entry === null ? null : locate(disk, entry, place, places, looked, `the kernel ${entry.linux}`);
}

async function blsFiles(disk: GuestDisk, device: string, folder: string): Promise<BlsFile[]> {
  const files: BlsFile[] = [];
  for (const { name } of (await disk.list(device, folder)).slice(0, mostEntries)) {
    const text = name.endsWith('.conf') ? await disk.read(device, `${folder}/${name}`) : null;
    if (text !== null) files.push({ name, text });
  }
  return files;
}

async function locate(
  disk: GuestDisk,
  { title, root, linux, initrds, commandLine }: BootEntry,
  place: Place,
  places: readonly Place[],
  looked: string[],
  source: string,
): Promise<FoundKernel | null> {
  const files: LocatedFile[] = [];
  for (const path of [linux, ...initrds]) {
    const file = await locateFile(disk, path, root, place, places);
    if (file === null) {
      looked.push(`${path}, which the ${source} names`);
      return null;
    }
    files.push(file);
  }
  const [kernel, ...others] = files;
  return kernel === undefined ? null : { title, source, kernel, initrds: others, commandLine };
}
