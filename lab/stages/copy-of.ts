// SPDX-License-Identifier: Apache-2.0
import { cp, mkdir, rm } from 'node:fs/promises';

/** A copy of a folder, in place of what was there. @returns its path */
export async function copyOf(from: string, to: string): Promise<string> {
  await rm(to, { recursive: true, force: true });
  await mkdir(to, { recursive: true });
  await cp(from, to, { recursive: true });
  return to;
}
