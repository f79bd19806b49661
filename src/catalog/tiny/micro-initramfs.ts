// SPDX-License-Identifier: Apache-2.0
//
// The initial file system of micro machines: drivers, busybox, and the scripts in micro/ that run one command. It goes with
// the kernel of the tiny guest, and is made with it.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Entry } from './cpio.ts';
import { file, parentFolders } from './initramfs.ts';
import { microModules, modulesAlias, modulesDep, type Module } from './modules.ts';

// Where the files of micro/ and guest/ go. What is in /micro, the command's root gets to see.
const programs = {
  'micro/init': 'init',
  'micro/command': 'sbin/command',
  'micro/keep': 'sbin/keep',
  'micro/input': 'sbin/input',
  'micro/launch': 'micro/launch',
  'guest/dhcp': 'sbin/dhcp',
};

const folders = ['dev', 'proc', 'sys', 'run', 'etc', 'lower', 'upper', 'root'];

const applets = [
  ...'ip modprobe poweroff reboot udhcpc'.split(' ').map((name) => `sbin/${name}`),
  ...'cat chmod cp dd env grep head kill ln mkdir mkfifo mount nsenter rm sed setsid sh sleep stty uname xargs'
    .split(' ')
    .map((name) => `bin/${name}`),
];

/** Everything that is in it, parents before children. */
export async function microInitramfsEntries(
  busybox: Buffer,
  modules: readonly Module[],
  kernelRelease: string,
): Promise<Entry[]> {
  const own = Object.entries(programs).map(async ([name, path]) =>
    file(path, await readFile(join(import.meta.dirname, name)), 0o755),
  );
  const moduleFolder = `lib/modules/${kernelRelease}`;
  const drivers = modules.map(({ name }) => name).filter((name) => microModules.includes(name));
  const files: Entry[] = [
    ...(await Promise.all(own)),
    file('micro/busybox', busybox, 0o755),
    ...applets.map((path): Entry => ({ type: 'link', path, mode: 0o777, target: '/micro/busybox' })),
    { type: 'character-device', path: 'dev/console', mode: 0o600, major: 5, minor: 1 },
    file('etc/drivers', `${drivers.join(' ')}\n`),
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
