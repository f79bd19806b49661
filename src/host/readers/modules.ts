// SPDX-License-Identifier: Apache-2.0
import type { KernelModule } from '../../contract/host.ts';
import type { Tree } from '../tree.ts';

const ofInterest = [
  'kvm',
  'kvm_intel',
  'kvm_amd',
  'vfio_pci',
  'vhost_net',
  'vhost_vsock',
  'tun',
  'br_netfilter',
  'ip_tables',
  'vboxdrv',
  'vmmon',
] as const;
export type ModuleName = (typeof ofInterest)[number];

// modules.dep of a distribution's kernel has some 600 KB.
const limit = 16 * 1024 * 1024;

/** Modules that concern guests: loaded, built into the kernel, on the disk, or nowhere. */
export function readModules(tree: Tree, kernel: string | null): KernelModule[] {
  const loaded = new Set(
    (tree.text('proc/modules', limit) ?? '').split('\n').map((line) => line.split(' ', 1)[0] ?? ''),
  );
  const directory = ['lib/modules', 'usr/lib/modules']
    .map((place) => `${place}/${kernel ?? ''}`)
    .find((path) => kernel !== null && tree.exists(`${path}/modules.dep`));
  const list = (file: string): string =>
    directory === undefined ? '' : underscored(tree.text(`${directory}/${file}`, limit) ?? '');
  const onDisk = `\n${list('modules.dep')}`;
  const builtIn = `\n${list('modules.builtin')}\n`;
  return ofInterest.map((name) => {
    // Built-in modules with parameters also have a folder, but no state there.
    if (loaded.has(name) || tree.exists(`sys/module/${name}/initstate`)) return { name, state: 'loaded' };
    if (new RegExp(`/${name}\\.ko\\n`).test(builtIn)) return { name, state: 'built-in' };
    if (tree.exists(`sys/module/${name}`))
      return { name, state: tree.exists('proc/modules') && directory === undefined ? 'loaded' : 'built-in' };
    if (directory === undefined) return { name, state: null };
    return { name, state: new RegExp(`/${name}\\.ko(?:\\.\\w+)?:`).test(onDisk) ? 'available' : 'missing' };
  });
}

// Files are named with dashes or underscores, at the whim of who wrote the module.
const underscored = (text: string): string => text.replaceAll('-', '_');
