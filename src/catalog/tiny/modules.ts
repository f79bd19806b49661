// SPDX-License-Identifier: Apache-2.0
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { closure, moduleName, readModinfo, type Modinfo } from './modinfo.ts';
import { unpackFiles, type Xz } from './unpack.ts';

/** Loaded before the guest says it is ready: what that takes, and what is asked of it right after. */
export const earlyModules = [
  'virtio_pci',
  'virtio_mmio',
  'virtio_blk',
  'virtio_net',
  'virtio_console',
  // Making a file system waits for random numbers.
  'virtio_rng',
  // The power button, and the interface acpid hears it through.
  'button',
  'gpio_keys',
  'evdev',
  'pvpanic_pci',
];

/** What a micro machine needs: its disk, the layer over it, a network card, random numbers. Built into some kernels. */
export const microModules = 'virtio_pci virtio_mmio virtio_blk squashfs overlay virtio_net virtio_rng'.split(
  ' ',
);

/** Loaded when a disk is there (guest/data-disk). */
export const diskModules = ['crc32c_generic', 'ext4'];

/** Loaded when the guest is ready and the device exists; everything a machine definition can offer. */
export const lateModules = [
  'virtio_balloon virtio_input virtio_scsi virtiofs vmw_vsock_virtio_transport',
  'virtio_gpu bochs qxl simpledrm',
  'ahci nvme sd_mod sr_mod usb_storage uas isofs vfat',
  'xhci_pci ehci_pci usbhid hid_generic psmouse atkbd i8042',
  'e1000e efivarfs tpm_crb tpm_tis i6300esb qemu_fw_cfg',
].flatMap((names) => names.split(' '));

export interface Module {
  name: string;
  /** Below lib/modules/RELEASE: "kernel/fs/ext4/ext4.ko" */
  path: string;
  content: Buffer;
  info: Modinfo;
}

/**
 * Reads `wanted` and everything they need from `directory` (a lib/modules/RELEASE folder), each after what it
 * needs itself. What the folder does not have is left out.
 */
export async function collectModules(
  directory: string,
  wanted: readonly string[],
  xz: Xz,
): Promise<Module[]> {
  const files = new Map<string, string>();
  for (const path of await readdir(directory, { recursive: true })) {
    if (/\.ko(\.(xz|zst|gz))?$/.test(path)) files.set(moduleName(path), path);
  }
  const found = new Map<string, Module>();
  // A module's needs are known only once it is unpacked: go on until nothing new is asked for.
  let next = [...wanted];
  while (next.length > 0) {
    const names = [...new Set(next)].filter((name) => !found.has(name) && files.has(name));
    const packed = names.map((name) => join(directory, files.get(name) ?? ''));
    const plain = await unpackFiles(packed, xz);
    next = [];
    for (const [index, name] of names.entries()) {
      const content = await readFile(plain[index] ?? '');
      const path = (files.get(name) ?? '').replace(/\.ko\..*$/, '.ko');
      const info = readModinfo(content);
      found.set(name, { name, path, content, info });
      next.push(...info.depends);
    }
  }
  const depends = new Map([...found].map(([name, module]) => [name, module.info.depends]));
  return closure(wanted, depends).flatMap((name) => found.get(name) ?? []);
}

/** The text of modules.dep: a module's path, then what it needs, the nearest first (format: man 5 modules.dep). */
export function modulesDep(modules: readonly Module[]): string {
  const depends = new Map(modules.map((module) => [module.name, module.info.depends]));
  const paths = new Map(modules.map((module) => [module.name, module.path]));
  const line = ({ name, path }: Module): string => {
    const needs = closure([name], depends).slice(0, -1).toReversed();
    return `${path}:${needs.map((need) => ` ${paths.get(need) ?? ''}`).join('')}\n`;
  };
  return modules.map(line).join('');
}

/** The text of modules.alias: which module drives which device (format: man 5 depmod). */
export function modulesAlias(modules: readonly Module[]): string {
  return modules
    .flatMap(({ name, info }) => info.aliases.map((alias) => `alias ${alias} ${name}\n`))
    .join('');
}
