// SPDX-License-Identifier: Apache-2.0
//
// The programs of the lab come from the tools tree with which images are built: one known QEMU everywhere, and no package
// to install. They run with the tree's /usr in place of ours and everything else as it is, so that all paths stay.
import { execFile, spawn, type ChildProcess, type StdioOptions } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

export interface Tools {
  /** Path of the tree */
  tree: string;
  /** Starts a program of the tree. Its pid is that of the program itself */
  start(program: string, args: readonly string[], stdio: StdioOptions): ChildProcess;
  /** Runs one to its end. @returns its output @throws with what it complained about */
  run(program: string, ...args: string[]): Promise<string>;
}

export const cacheFolder = (env: Readonly<Record<string, string | undefined>>): string =>
  join(env['XDG_CACHE_HOME'] ?? join(env['HOME'] ?? homedir(), '.cache'), 'phyllome-os');

// What of /etc belongs to a /usr: which library is where, and which of several programs a name means.
const ofTheTree = ['usr', 'etc/ld.so.cache', 'etc/alternatives'];

/** The words before the name of a program that make it run inside the tree. */
export function insideTree(tree: string, uid: number): string[] {
  const mounts = ofTheTree.map((name) => `mount --bind "$tree/${name}" "/${name}"`).join(' && ');
  // Whoever ends the lab ends the PC, too, however it is done.
  const script = `tree=$1; shift; ${mounts} && exec setpriv --pdeathsig KILL "$@"`;
  // Whoever is not root becomes it in a user namespace, for the mounts alone.
  const namespaces = uid === 0 ? ['--mount'] : ['--mount', '--map-root-user'];
  return ['unshare', ...namespaces, '--propagation', 'private', 'sh', '-c', script, 'sh', tree];
}

/** @throws when there is no tree: the builder makes it */
export function openTools(tree: string): Tools {
  if (!existsSync(join(tree, 'usr/bin/qemu-system-x86_64')))
    throw new Error(
      `${tree} holds no tools. "phyllome os build" makes them; LAB_TOOLS says where they are elsewhere.`,
    );
  const [first = '', ...before] = insideTree(tree, process.getuid?.() ?? 0);
  const env = { PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin', LC_ALL: 'C.UTF-8', HOME: '/tmp' };
  const call = promisify(execFile);
  return {
    tree,
    start: (program, args, stdio) =>
      spawn(first, [...before, program, ...args], { stdio, env, detached: true }),
    async run(program, ...args) {
      const options = { env, maxBuffer: 64 * 2 ** 20 };
      return (await call(first, [...before, program, ...args], options)).stdout;
    },
  };
}
