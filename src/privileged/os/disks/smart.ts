// SPDX-License-Identifier: Apache-2.0
import { osTool } from '../os-tool.ts';
import type { BlockNode } from './lsblk.ts';

// A disk that does not answer must not keep the others from being shown (ms).
const patience = 8000;
// smartctl's exit code is a set of bits, and each says something about the disk: none is a failure of the program.
const anyCode = Array.from({ length: 255 }, (_, index) => index + 1);

/** What of smartctl's answer is read. */
interface SmartAnswer {
  smart_status?: { passed?: boolean; nvme?: { value?: number } };
  smartctl?: { messages?: { string: string }[] };
}

/**
 * Disks that say themselves that they are about to fail, by kernel name. Sticks and virtual disks say nothing, and so do
 * disks that are not asked in time: that is no reason against them.
 */
export async function failingDisks(
  root: string,
  disks: readonly BlockNode[],
  signal?: AbortSignal,
): Promise<Map<string, string>> {
  const found = await Promise.all(
    disks.map(async ({ kname, path }) => [kname, await askDisk(root, path, signal)] as const),
  );
  return new Map(found.filter((entry): entry is readonly [string, string] => entry[1] !== null));
}

async function askDisk(root: string, path: string, signal?: AbortSignal): Promise<string | null> {
  const timeout = AbortSignal.timeout(patience);
  try {
    const text = await osTool(root, ['/usr/sbin/smartctl', '--json', '--health', '--attributes', path], {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      allowed: anyCode,
    });
    return readSmart(text);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    return null;
  }
}

/** @returns what a failing disk says; null: it is well, or says nothing */
export function readSmart(text: string): string | null {
  const { smart_status: status } = JSON.parse(text) as SmartAnswer;
  if (status?.passed !== false) return null;
  const bits = status.nvme?.value ?? 0;
  // NVMe base specification, "Critical Warning" of the SMART log.
  const words = [
    'its spare room is used up',
    'it is too hot',
    'it is worn out',
    'it only reads',
    'its memory failed',
  ];
  const said = words.filter((_, bit) => (bits & (1 << bit)) !== 0);
  return said.length > 0 ? said.join(', ') : 'SMART: failed';
}
