// SPDX-License-Identifier: Apache-2.0
import { accelerator } from './accelerator.ts';
import { hostArchitecture } from './architecture.ts';
import { findBinary } from './binaries.ts';

/**
 * What guests of this PC's own kind run on: "kvm" or "tcg". Takes some seconds at the most, the first time after a boot; then
 * it is known.
 */
export async function guestAccelerator(cacheDirectory: string, root = '/'): Promise<string> {
  const architecture = hostArchitecture();
  const binary = architecture === null ? null : findBinary(`qemu-system-${architecture}`, root);
  if (architecture === null || binary === null) return 'tcg';
  return (await accelerator({ architecture, binary, cacheDirectory, root })).accelerator;
}
