// SPDX-License-Identifier: Apache-2.0

/**
 * Whether the file of a disk is a whole device of this PC rather than an image. By its name, so that plans can be made
 * without looking; what is really there is looked at before each start. Memory in /dev/shm holds plain files.
 */
export function isBlockDevice(file: string): boolean {
  return /^\/+dev\/+./.test(file) && !/^\/+dev\/+shm(\/|$)/.test(file);
}
