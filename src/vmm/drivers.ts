// SPDX-License-Identifier: Apache-2.0
import { createCloudHypervisorDriver } from './cloud-hypervisor/index.ts';
import { createCrosvmDriver } from './crosvm/index.ts';
import type { Driver } from './driver.ts';
import { createFirecrackerDriver } from './firecracker/index.ts';
import { createQemuDriver } from './qemu/index.ts';

export interface DriverDirectories {
  /** What was found out once is kept here */
  cacheDirectory: string;
  /** Parent of the run folders; helpers have to be able to make sockets in it */
  runtimeDirectory: string;
  /** Where the owner of this PC keeps VMMs that no package brings; looked into before PATH. Read at each probe */
  vmmDirectory(): string | null;
}

/** Every VMM we can speak to, in the order in which `auto` prefers them. */
export function createDrivers(directories: DriverDirectories): Driver[] {
  return [
    createQemuDriver(directories),
    createCloudHypervisorDriver(directories),
    createCrosvmDriver(directories),
    createFirecrackerDriver(directories),
  ];
}
