// SPDX-License-Identifier: Apache-2.0
//
// What is installed on a disk image. Only images that can be read as a guest sees them are looked into.
import type { ImageFormat } from '../../contract/image.ts';
import type { Detected } from '../../catalog/detect/detect.ts';
import { detectDisk as judge } from '../../catalog/detect/detect-disk.ts';
import { openLoneImage } from '../../disk/guest-bytes.ts';
import { readInstalled, type DiskFacts } from '../../disk/installed/read-installed.ts';

type Found = Detected & { facts: Record<string, string> };

export async function detectDisk(file: string, format: ImageFormat, found: string): Promise<Found> {
  const facts = await factsOf(file, format);
  const said = `It is ${found}.`;
  if (facts === null) {
    const unread = { ...judge(nothing), reasons: [said, 'What is on it cannot be seen from outside.'] };
    return { ...unread, facts: { format } };
  }
  const detected = judge(facts);
  return { ...detected, reasons: [said, ...detected.reasons], facts: { format, ...shown(facts) } };
}

const nothing: DiskFacts = {
  table: 'none',
  types: [],
  names: [],
  fileSystems: [],
  loaders: [],
  programs: [],
  osRelease: null,
};

async function factsOf(file: string, format: ImageFormat): Promise<DiskFacts | null> {
  if (format !== 'raw' && format !== 'qcow2') return null;
  try {
    await using disk = await openLoneImage(file, format);
    return disk === null ? null : await readInstalled(disk.read);
  } catch {
    // Tables that are cut off, places that do not exist: then it shows nothing.
    return null;
  }
}

function shown({ table, fileSystems, loaders, names }: DiskFacts): Record<string, string> {
  const all = {
    table: table === 'none' ? '' : table,
    fileSystems: [...new Set(fileSystems)].join(', '),
    partitions: names.join(', '),
    loaders: loaders.join(', '),
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}
