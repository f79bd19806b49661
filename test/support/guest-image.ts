// SPDX-License-Identifier: Apache-2.0
//
// Disks as installers leave them, made without root: a file system from a folder, and partitions around it.
import { execFileSync } from 'node:child_process';
import {
  copyFile,
  mkdir,
  mkdtemp,
  open,
  readdir,
  readFile,
  readlink,
  rm,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { findBinary } from '../../src/host/binaries.ts';

const MiB = 2 ** 20;

/** A tool of the tests, or why a test that needs it cannot run. */
export function missingTools(names: readonly string[]): string {
  const missing = names.filter((name) => findBinary(name) === null);
  return missing.length === 0 ? '' : ` (not run: no ${missing.join(', ')} here)`;
}

export function run(tool: string, ...parameters: string[]): string {
  return execFileSync(findBinary(tool) ?? tool, parameters, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

export type Tree = Readonly<Record<string, string | { copy: string } | { link: string }>>;

/** Puts files into a folder: texts, copies of files of this PC, symbolic links. */
export async function writeTree(folder: string, tree: Tree): Promise<void> {
  for (const [name, content] of Object.entries(tree)) {
    const file = join(folder, name);
    await mkdir(dirname(file), { recursive: true });
    if (typeof content === 'string') await writeFile(file, content);
    else if ('copy' in content) await copyFile(content.copy, file);
    else await symlink(content.link, file);
  }
}

export interface FileSystem {
  type: 'ext4' | 'xfs' | 'btrfs' | 'fat';
  uuid?: string;
  label?: string;
  mebibytes: number;
}

/** Makes an image that is one file system with what is in a folder. */
export async function makeFileSystem(
  image: string,
  folder: string,
  { type, uuid, label, mebibytes }: FileSystem,
): Promise<void> {
  await rm(image, { force: true });
  await writeFile(image, '');
  await truncate(image, mebibytes * MiB);
  const named = label === undefined ? [] : ['-L', label];
  if (type === 'ext4') {
    run(
      'mke2fs',
      '-q',
      '-F',
      '-t',
      'ext4',
      ...(uuid === undefined ? [] : ['-U', uuid]),
      ...named,
      '-d',
      folder,
      image,
    );
  } else if (type === 'btrfs') {
    run(
      'mkfs.btrfs',
      '-q',
      '-f',
      ...(uuid === undefined ? [] : ['-U', uuid]),
      ...named,
      '--rootdir',
      folder,
      image,
    );
  } else if (type === 'xfs') {
    const prototype = `${image}.proto`;
    await writeFile(prototype, `/dev/null\n0 0\nd--755 0 0\n${await xfsEntries(folder)}$\n`);
    run(
      'mkfs.xfs',
      '-q',
      '-f',
      ...(uuid === undefined ? [] : ['-m', `uuid=${uuid}`]),
      ...named,
      '-p',
      prototype,
      image,
    );
    await rm(prototype);
  } else {
    run('mformat', '-i', image, '-F', '::');
    for (const name of run('find', folder, '-mindepth', '1', '-maxdepth', '1').split('\n').filter(Boolean))
      run('mcopy', '-s', '-i', image, name, '::');
  }
}

/** The language of mkfs.xfs -p. */
async function xfsEntries(folder: string): Promise<string> {
  const lines: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) lines.push(`${entry.name} d--755 0 0`, (await xfsEntries(path)) + '$');
    else if (entry.isSymbolicLink()) lines.push(`${entry.name} l--777 0 0 ${await readlink(path)}`);
    else lines.push(`${entry.name} ---644 0 0 ${path}`);
  }
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`;
}

/** Puts file systems into partitions, one after the other. */
export async function makeDisk(
  image: string,
  label: 'gpt' | 'dos',
  partitions: readonly { image: string; esp?: boolean }[],
): Promise<void> {
  const contents = await Promise.all(partitions.map(({ image: part }) => readFile(part)));
  const total = contents.reduce((sum, { length }) => sum + length, 0);
  await writeFile(image, '');
  await truncate(image, total + 4 * MiB);
  const esp = label === 'gpt' ? 'C12A7328-F81F-11D2-BA4B-00A0C93EC93B' : 'ef';
  let at = 1;
  const lines = partitions.map(({ esp: isEsp }, index) => {
    const size = (contents[index]?.length ?? 0) / MiB;
    const line = `start=${at}MiB,size=${size}MiB${isEsp === true ? `,type=${esp}` : ''}`;
    at += size;
    return line;
  });
  execFileSync(findBinary('sfdisk') ?? 'sfdisk', ['--quiet', image], {
    input: `label: ${label}\n${lines.join('\n')}\n`,
  });
  await using handle = await open(image, 'r+');
  let place = MiB;
  for (const content of contents) {
    await handle.write(content, 0, content.length, place);
    place += content.length;
  }
}

/**
 * A qcow2 disk as an installer leaves it, with the kernel of a tiny machine, which the guest mounts at /data by its label.
 * @param machine folder of the machine whose kernel it gets
 */
export async function makeTinySystem(machine: string, file: string, mebibytes = 512): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'phsys-'));
  const tree = join(folder, 'tree');
  const uuid = '11111111-2222-4333-8444-555555555555';
  await mkdir(tree);
  await writeTree(tree, {
    'etc/mark': 'written before the move\n',
    'usr/.keep': '',
    'boot/vmlinuz-6.1.0': { copy: join(machine, 'kernel/vmlinuz') },
    'boot/initrd.img-6.1.0': { copy: join(machine, 'kernel/initrd') },
    'boot/grub/grub.cfg': `set default="0"
menuentry 'A system' --class gnu-linux $menuentry_id_option 'simple' {
  search --no-floppy --fs-uuid --set=root ${uuid}
  linux /boot/vmlinuz-6.1.0 root=UUID=${uuid} ro from-the-menu=yes
  initrd /boot/initrd.img-6.1.0
}
`,
  });
  const raw = join(folder, 'system.raw');
  await makeFileSystem(raw, tree, { type: 'ext4', uuid, label: 'phyllome-data', mebibytes });
  run('qemu-img', 'convert', '-f', 'raw', '-O', 'qcow2', raw, file);
  await rm(folder, { recursive: true });
}
