// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import { numberIn, type Tree } from '../tree.ts';
import { readMounts } from './mounts.ts';

/** What the kernel allows processes like ours. */
export function readLimits(tree: Tree): HostReport['limits'] {
  // "Max locked memory  8388608  8388608  bytes": the soft limit, which is what a VMM gets, and the hard one.
  const memlock = /^Max locked memory\s+(\S+)/m.exec(tree.text('proc/self/limits') ?? '')?.[1];
  return {
    memlockBytes: memlock !== undefined && /^\d+$/.test(memlock) ? Number(memlock) : null,
    memlockUnlimited: memlock === undefined ? null : memlock === 'unlimited',
    cgroup: cgroupKind(tree),
    userNamespaces: userNamespaces(tree),
  };
}

function cgroupKind(tree: Tree): HostReport['limits']['cgroup'] {
  const kinds = new Map(readMounts(tree).map(({ point, filesystem }) => [point, filesystem]));
  if (kinds.get('/sys/fs/cgroup') === 'cgroup2') return 'v2';
  const mounted = new Set(kinds.values());
  if (mounted.has('cgroup')) return mounted.has('cgroup2') ? 'hybrid' : 'v1';
  return mounted.has('cgroup2') ? 'v2' : null;
}

function userNamespaces(tree: Tree): boolean | null {
  const maximum = numberIn(tree, 'proc/sys/user/max_user_namespaces');
  // Debian's own switch, which other distributions took over; absent means allowed.
  const allowed = numberIn(tree, 'proc/sys/kernel/unprivileged_userns_clone');
  if (maximum === 0 || allowed === 0) return false;
  return maximum === null ? null : true;
}
