// SPDX-License-Identifier: Apache-2.0
//
// What Windows is in an image of Windows Setup (install.wim, install.esd): its own list of editions says so. Layout by
// Microsoft's "Windows Imaging File Format (WIM)".
import type { MediumTree } from './tree.ts';

export interface WindowsImage {
  /** e.g. "10.0", whose build tells Windows 10 from 11 */
  version: string;
  build: number;
  server: boolean;
  architecture: 'x86' | 'x86_64' | 'aarch64' | null;
  editions: string[];
}

const headerLength = 208;
// A list of a dozen editions in 38 languages has some 300 KiB.
const longestList = 2 ** 20;
const mostEditions = 40;
const architectures: Record<string, WindowsImage['architecture']> = { 0: 'x86', 9: 'x86_64', 12: 'aarch64' };

/** @returns null when there is no such image, or only a part of it */
export async function readWindowsImage(tree: MediumTree): Promise<WindowsImage | null> {
  for (const file of [
    'sources/install.wim',
    'sources/install.esd',
    'sources/install.swm',
    'sources/boot.wim',
  ]) {
    const found = await readList(tree, file);
    if (found !== null) return describe(found);
  }
  return null;
}

async function readList(tree: MediumTree, file: string): Promise<string | null> {
  const header = await tree.read(file, 0, headerLength);
  if (header === null || header.length < headerLength) return null;
  if (header.toString('latin1', 0, 8) !== 'MSWIM\0\0\0') return null;
  const length = Number(header.readBigUInt64LE(72) & 0x00ffffffffffffffn);
  const offset = Number(header.readBigUInt64LE(80));
  if (length === 0 || length > longestList || !Number.isSafeInteger(offset)) return null;
  const list = await tree.read(file, offset, length);
  return list === null || list.length === 0 ? null : list.toString('utf16le');
}

function describe(list: string): WindowsImage | null {
  const value = (name: string): string | undefined =>
    new RegExp(`<${name}>([^<]{1,100})</${name}>`).exec(list)?.[1];
  const build = Number(value('BUILD') ?? '');
  const major = value('MAJOR');
  if (!Number.isInteger(build) || build === 0 || major === undefined) return null;
  const names = [...list.matchAll(/<NAME>([^<]{1,100})<\/NAME>/g)].map(([, name]) => name as string);
  return {
    version: `${major}.${value('MINOR') ?? '0'}`,
    build,
    server: /server/i.test(value('PRODUCTTYPE') ?? value('INSTALLATIONTYPE') ?? ''),
    architecture: architectures[value('ARCH') ?? ''] ?? null,
    editions: [...new Set(names)].slice(0, mostEditions),
  };
}
