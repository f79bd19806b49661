// SPDX-License-Identifier: Apache-2.0
import { accessSync, closeSync, constants, openSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DeviceNode } from '../../contract/host.ts';
import { errorCode } from '../files.ts';
import type { Tree } from '../tree.ts';
import { groupNames } from './session.ts';

/** What can be seen of a device file. */
export interface NodeFacts {
  gid: number;
  mode: number;
  /** Of an attempt to open it; null when that worked */
  errorCode: string | null;
}

/** Looks at a device file; null when there is none. */
export type InspectNode = (root: string, path: string) => NodeFacts | null;

const fixed = [
  '/dev/kvm',
  '/dev/vhost-net',
  '/dev/vhost-vsock',
  '/dev/net/tun',
  '/dev/vfio/vfio',
  '/dev/sev',
  '/dev/sgx_enclave',
];

/** Device files that guests need, and those of graphics cards. */
export function readDeviceNodes(tree: Tree, inspect: InspectNode): DeviceNode[] {
  const render = tree.list('dev/dri').filter((name) => /^renderD\d+$/.test(name));
  const groups = groupNames(tree);
  return [...fixed, ...render.map((name) => `/dev/dri/${name}`)].map((path) => {
    const facts = inspect(tree.root, path);
    if (facts === null)
      return { path, exists: false, usable: false, errorCode: 'ENOENT', group: null, mode: null };
    return {
      path,
      exists: true,
      usable: facts.errorCode === null,
      errorCode: facts.errorCode,
      group: groups.get(facts.gid) ?? String(facts.gid),
      mode: `0${(facts.mode & 0o777).toString(8).padStart(3, '0')}`,
    };
  });
}

/**
 * Opens the device as a VMM would: a container may forbid what the mode allows. Only KVM and vhost are opened, because
 * opening wakes up graphics cards and claims VFIO.
 */
export const inspectNode: InspectNode = (root, path) => {
  const file = join(root, path);
  try {
    const { gid, mode } = statSync(file);
    return { gid, mode, errorCode: attempt(file, /kvm|vhost/.test(path)) };
  } catch {
    return null;
  }
};

function attempt(file: string, open: boolean): string | null {
  try {
    if (open) closeSync(openSync(file, constants.O_RDWR | constants.O_NONBLOCK));
    else accessSync(file, constants.R_OK | constants.W_OK);
    return null;
  } catch (error) {
    return errorCode(error) ?? 'unknown';
  }
}
