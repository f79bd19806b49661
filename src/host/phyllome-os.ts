// SPDX-License-Identifier: Apache-2.0
import { editions, type OsImage } from '../contract/os.ts';
import { hostArchitecture } from './architecture.ts';
import { readOsRelease } from './os-release.ts';
import { openTree } from './tree.ts';

// systemd's words for the processors of our images.
const systemdNames: Readonly<Record<string, string>> = { x86_64: 'x86-64', aarch64: 'arm64' };

/** Which Phyllome OS this PC runs; null when it runs another system. */
export function readPhyllomeOs(root = '/'): OsImage | null {
  const { IMAGE_ID, IMAGE_VERSION, VARIANT_ID, ID } = readOsRelease(root);
  const edition = editions.find((one) => one === VARIANT_ID);
  if (IMAGE_ID !== 'phyllome' || IMAGE_VERSION === undefined || edition === undefined) return null;
  const architecture = hostArchitecture() ?? 'unknown';
  const words = (openTree(root).text('proc/cmdline') ?? '').split(/\s+/);
  return {
    edition,
    distribution: ID ?? 'unknown',
    version: IMAGE_VERSION,
    architecture: systemdNames[architecture] ?? architecture,
    live: words.includes('phyllome.live'),
  };
}

/** Where updates of this image are published, as it was built; null when it names no place. */
export function builtInChannel(root = '/'): string | null {
  const url = readOsRelease(root)['PHYLLOME_CHANNEL'] ?? '';
  return /^https?:\/\//.test(url) ? url : null;
}
