// SPDX-License-Identifier: Apache-2.0
//
// A disk that starts with Secure Boot on as Debian's own do: a loader that Microsoft signed (shim), Debian's signed GRUB and
// signed kernel. Behind them runs a script of ours, which no signature covers, and tells the serial port what it sees.
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { privateAptSettings } from '../../src/catalog/tiny/apt-private.ts';
import { busyboxPaths, findStaticBusybox } from '../../src/catalog/tiny/busybox.ts';
import { writeCpio } from '../../src/catalog/tiny/cpio.ts';
import { file, parentFolders } from '../../src/catalog/tiny/initramfs.ts';
import { collectModules } from '../../src/catalog/tiny/modules.ts';
import { runTool } from '../../src/catalog/tiny/tool.ts';
import { findBinary } from '../../src/host/binaries.ts';
import { readOsRelease } from '../../src/host/os-release.ts';
import { makeFileSystem } from './guest-image.ts';

const tools = { purpose: 'a disk for Secure Boot', install: 'apt-get install apt dpkg', signal: undefined };
const loaders = {
  shim: 'usr/lib/shim/shimx64.efi.signed',
  grub: 'usr/lib/grub/x86_64-efi-signed/grubx64.efi.signed',
};

/** Why no such disk can be made here; empty when it can. */
export function noSignedLinux(): string {
  const debian = readOsRelease()['ID'] === 'debian' && findBinary('apt-get') !== null;
  return debian ? '' : ' (not run: it takes packages of Debian)';
}

/** The folder that Debian's signed packages were unpacked in. They are fetched once. */
export async function fetchSignedLinux(cache: string): Promise<string> {
  const done = join(cache, `signed-linux-${readOsRelease()['VERSION_CODENAME'] ?? ''}`);
  if (existsSync(done)) return done;
  await mkdir(cache, { recursive: true });
  const work = await mkdtemp(join(cache, 'signed-linux-work-'));
  try {
    // The lists that apt has may name versions that the archive has dropped.
    await download(join(work, 'debs'), []).catch(async () => {
      await rm(join(work, 'debs'), { recursive: true, force: true });
      const settings = await privateAptSettings({ directory: join(work, 'apt'), architecture: 'amd64' });
      await runTool('apt-get', [...settings, 'update'], tools);
      await download(join(work, 'debs'), settings);
    });
    for (const name of await readdir(join(work, 'debs')))
      await runTool('dpkg-deb', ['-x', join(work, 'debs', name), join(work, 'tree')], tools);
    await rename(join(work, 'tree'), done);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return done;
}

async function download(folder: string, settings: readonly string[]): Promise<void> {
  await mkdir(folder, { recursive: true });
  // The cloud flavour is the smallest, and has its TPM drivers built in.
  const depends = await runTool('apt-cache', [...settings, 'depends', 'linux-image-cloud-amd64'], tools);
  const [, kernel] = /Depends: (linux-image-\d\S+)/.exec(depends) ?? [];
  if (kernel === undefined) throw new Error(`no kernel in: ${depends}`);
  const names = ['shim-signed', 'grub-efi-amd64-signed', kernel].map((name) => `${name}:amd64`);
  await runTool('apt-get', [...settings, 'download', ...names], { ...tools, cwd: folder });
}

/**
 * Makes the disk, one FAT file system.
 * @param script run by busybox's shell as the first process
 * @param signed without, its loader is the same one with the signature cut off
 */
export async function makeSignedLinux(
  tree: string,
  image: string,
  { script, signed = true }: { script: string; signed?: boolean },
): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'signed-'));
  try {
    for (const name of ['EFI/BOOT', 'EFI/debian']) await mkdir(join(folder, name), { recursive: true });
    const shim = await readFile(join(tree, loaders.shim));
    await writeFile(join(folder, 'EFI/BOOT/BOOTX64.EFI'), signed ? shim : withoutSignature(shim));
    await writeFile(join(folder, 'EFI/BOOT/grubx64.efi'), await readFile(join(tree, loaders.grub)));
    const [kernel = ''] = (await readdir(join(tree, 'boot'))).filter((name) => name.startsWith('vmlinuz-'));
    await writeFile(join(folder, 'vmlinuz'), await readFile(join(tree, 'boot', kernel)));
    await writeFile(join(folder, 'initrd'), await makeInitrd(tree, script));
    const menu = 'linux /vmlinuz console=ttyS0 quiet panic=-1\ninitrd /initrd\nboot\n';
    await writeFile(join(folder, 'EFI/debian/grub.cfg'), menu);
    await makeFileSystem(image, folder, { type: 'fat', mebibytes: 40 });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function makeInitrd(tree: string, script: string): Promise<Buffer> {
  const program = await findStaticBusybox(busyboxPaths, 'x86_64');
  if (program === null) throw new Error('the package busybox-static is needed');
  const [release = ''] = await readdir(join(tree, 'lib/modules'));
  const xz = { program: 'xz', signal: undefined };
  const modules = await collectModules(join(tree, 'lib/modules', release), ['efivarfs'], xz);
  const files = [
    file('init', `#!/bin/busybox sh\n${script}`, 0o755),
    file('bin/busybox', await readFile(program), 0o755),
    ...modules.map(({ name, content }) => file(`lib/${name}.ko`, content)),
  ];
  const folders = ['dev/x', 'proc/x', 'sys/x', ...files.map(({ path }) => path)];
  return writeCpio([...parentFolders(folders), ...files]);
}

// Where a 64 bit program of Windows' format says where its signatures are: the fifth of its data directories.
// https://learn.microsoft.com/windows/win32/debug/pe-format
function withoutSignature(program: Buffer): Buffer {
  const copy = Buffer.from(program);
  const header = copy.readUInt32LE(0x3c);
  const place = header + 24 + 112 + 4 * 8;
  if (copy.readUInt32LE(place) === 0) throw new Error('the loader is not signed');
  return copy.fill(0, copy.readUInt32LE(place)).fill(0, place, place + 8);
}
