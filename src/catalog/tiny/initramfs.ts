// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Entry } from './cpio.ts';
import { earlyModules, modulesAlias, modulesDep, type Module } from './modules.ts';

const guestDirectory = join(import.meta.dirname, 'guest');

// Where our own files of guest/ go. Programs are executable for all.
const programs = {
  init: 'init',
  'data-disk': 'sbin/data-disk',
  network: 'sbin/network',
  dhcp: 'sbin/dhcp',
  console: 'sbin/console',
  late: 'sbin/late',
  agent: 'sbin/agent',
  screen: 'sbin/screen',
  power: 'sbin/power',
  panic: 'sbin/panic',
  hang: 'sbin/hang',
  'power-button': 'etc/acpi/PWRF/00000080',
};
const texts = {
  inittab: 'etc/inittab',
  banner: 'etc/banner',
  help: 'etc/help',
  profile: 'etc/profile',
  passwd: 'etc/passwd',
  group: 'etc/group',
};

// Mount points and folders that programs expect.
const folders = ['dev', 'proc', 'sys', 'run', 'tmp', 'root', 'data', 'mnt', 'var/log', 'sbin', 'etc'];

// The names by which our scripts and the kernel call busybox. The rest is linked when the guest is ready.
const applets = [
  ...'acpid init ip modprobe poweroff reboot udhcpc'.split(' ').map((name) => `sbin/${name}`),
  ...'awk cat clear cttyhack cut dd find grep kill ln mkdir mke2fs mkfifo mount renice rm setsid sh sleep sort'
    .split(' ')
    .map((name) => `bin/${name}`),
  ...'stty sync tr umount wc xargs'.split(' ').map((name) => `bin/${name}`),
];

export interface Parts {
  busybox: Buffer;
  modules: readonly Module[];
  /** "6.1.0-56-amd64", the name of the folder below /lib/modules */
  kernelRelease: string;
  /** The pictures of the screen's upper part, see picture.ts */
  title: Buffer;
  waves: Buffer;
}

export const file = (path: string, content: Uint8Array | string, mode = 0o644): Entry => ({
  type: 'file',
  path,
  mode,
  content: typeof content === 'string' ? Buffer.from(content) : content,
});

/** Everything that is in the guest's initial file system, parents before children. */
export async function initramfsEntries({
  busybox,
  modules,
  kernelRelease,
  title,
  waves,
}: Parts): Promise<Entry[]> {
  const own = async (names: Record<string, string>, mode: number): Promise<Entry[]> =>
    Promise.all(
      Object.entries(names).map(async ([name, path]) =>
        file(path, await readFile(join(guestDirectory, name)), mode),
      ),
    );

  const moduleFolder = `lib/modules/${kernelRelease}`;
  const early = modules.filter(({ name }) => earlyModules.includes(name)).map(({ name }) => name);
  const files: Entry[] = [
    ...(await own(programs, 0o755)),
    ...(await own(texts, 0o644)),
    file('bin/busybox', busybox, 0o755),
    ...applets.map((path): Entry => ({ type: 'link', path, mode: 0o777, target: '/bin/busybox' })),
    // The kernel opens this one for the first process, before anything is mounted.
    { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    { type: 'link', path: 'etc/mtab', mode: 0o777, target: '/proc/mounts' },
    file('etc/drivers', `${early.join(' ')}\n`),
    file('lib/title', title),
    file('lib/waves', waves),
    ...modules.map((module) => file(`${moduleFolder}/${module.path}`, module.content)),
    file(`${moduleFolder}/modules.dep`, modulesDep(modules)),
    file(`${moduleFolder}/modules.alias`, modulesAlias(modules)),
    file(`${moduleFolder}/modules.symbols`, ''),
  ];
  return [
    ...parentFolders([...folders.map((path) => `${path}/x`), ...files.map(({ path }) => path)]),
    ...files,
  ];
}

export function parentFolders(paths: readonly string[]): Entry[] {
  const found = new Set<string>();
  const add = (path: string): void => {
    if (path === '.' || found.has(path)) return;
    add(dirname(path));
    found.add(path);
  };
  for (const path of paths) add(dirname(path));
  return [...found].map((path) => ({ type: 'directory', path, mode: path === 'root' ? 0o700 : 0o755 }));
}
