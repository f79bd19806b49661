// SPDX-License-Identifier: Apache-2.0
//
// What the boot partition of an installed PC begins with: the kernel of the version that runs. The boot loader is not in it:
// it comes last, so that a PC whose installation was cut short starts nothing rather than something half made.
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { osTool } from '../os-tool.ts';
import { put } from './root-tree.ts';

const devicePart = 'sys/firmware/efi/efivars/LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f';

// Whoever is at the keyboard may choose an entry, and not change what the kernel is told. The newest version that works begins.
const loaderConf = ['timeout 3', 'console-mode keep', 'editor no', ''].join('\n');

/** @param version of the system that runs @returns the folder, filled */
export async function stageEsp(
  root: string,
  tree: string,
  work: string,
  version: string,
  signal: AbortSignal,
): Promise<void> {
  await using source = await openEsp(root, work, signal);
  const folder = join(source.path, 'EFI/Linux');
  const names = existsSync(folder) ? await readdir(folder) : [];
  const kernel = names.find((name) => isKernelOf(name, version));
  if (kernel === undefined)
    throw new PhyllomeError('os-install-failed', {
      disk: 'the medium',
      step: 'find the kernel',
      reason: `there is no phyllome_${version}.efi in ${names.join(', ') || 'its EFI/Linux'}`,
    });
  await mkdir(join(tree, 'EFI/Linux'), { recursive: true });
  // Without a counter of tries: it runs, so it is good.
  await cp(join(folder, kernel), join(tree, `EFI/Linux/phyllome_${version}.efi`));
  const keys = join(source.path, 'loader/keys');
  if (existsSync(keys)) await cp(keys, join(tree, 'loader/keys'), { recursive: true });
  await put(join(tree, 'loader/loader.conf'), loaderConf, 0o644);
}

/** phyllome_2.efi, also while its tries are counted: phyllome_2+3-0.efi */
function isKernelOf(name: string, version: string): boolean {
  const [, found] = /^phyllome_(.+?)(?:\+\d+(?:-\d+)?)?\.efi$/.exec(name) ?? [];
  return found === version;
}

async function nothing(): Promise<void> {}

/** The boot partition of the medium: where it is mounted, else mounted for as long as it is needed. */
async function openEsp(root: string, work: string, signal: AbortSignal) {
  // systemd mounts it when somebody looks; without a GPT, as on a disc, it does not.
  const found = await osTool(root, ['/usr/bin/bootctl', '--print-esp-path'], { signal, allowed: [1] });
  const path = found.trim();
  if (path.startsWith('/')) return { path: join(root, path), [Symbol.asyncDispose]: nothing };
  const variable = await readFile(join(root, devicePart));
  // UTF-16 after four bytes of attributes.
  const uuid = variable.subarray(4).toString('utf16le').replaceAll('\0', '').toLowerCase();
  const mount = join(work, 'medium-esp');
  await mkdir(mount);
  const device = `/dev/disk/by-partuuid/${uuid}`;
  await osTool(root, ['/usr/bin/mount', '-t', 'vfat', '-o', 'ro,nosuid,nodev,noexec', device, mount], {
    signal,
  });
  return {
    path: mount,
    async [Symbol.asyncDispose]() {
      await osTool(root, ['/usr/bin/umount', mount]);
    },
  };
}
