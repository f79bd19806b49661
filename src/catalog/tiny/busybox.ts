// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import type { Architecture } from '../../contract/machine.ts';
import { isStaticProgram } from './elf.ts';

export const busyboxPaths = ['/bin/busybox', '/usr/bin/busybox', '/usr/sbin/busybox', '/sbin/busybox'];

/** The first of `paths` that is a busybox the guest can run, or null. */
export async function findStaticBusybox(
  paths: readonly string[],
  architecture: Architecture,
): Promise<string | null> {
  for (const path of paths) {
    const content = await readFile(path).catch(() => null);
    if (content !== null && isStaticProgram(content, architecture)) return path;
  }
  return null;
}
