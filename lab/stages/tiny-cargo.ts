// SPDX-License-Identifier: Apache-2.0
//
// The tiny guest inside an emulated PC: the manager makes it from packages of its distribution, which an image of the OS
// does not fetch. So it is made here, and laid where the manager there looks for one that it made before.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { buildTiny } from '../../src/catalog/tiny/build.ts';
import { cargoDisk } from '../pc/disks.ts';
import type { LabDisk } from '../pc/pc-spec.ts';
import type { Guest } from './guest.ts';
import type { StageContext } from './stage.ts';

/** A disk with the parts of the tiny guest; plug it into the PC before it starts. */
export async function tinyDisk({ work }: StageContext): Promise<LabDisk> {
  const cacheDirectory = join(work, '../tiny-guest');
  await mkdir(cacheDirectory, { recursive: true });
  const { kernel } = await buildTiny({ architecture: 'x86_64', cacheDirectory });
  const file = await cargoDisk(join(work, 'tiny.tar'), join(kernel, '..'));
  return { id: 'cargo', file, format: 'raw', bus: 'virtio', readOnly: true };
}

// Asks the manager of the image for the name of the folder, and puts it there.
const unpack = `
set -e
name=$(/usr/lib/phyllome/bin/node --input-type=module -e "
  const catalog = '/usr/lib/phyllome/src/catalog/tiny';
  const { fingerprint } = await import(catalog + '/cache.ts');
  const { describeDistribution } = await import(catalog + '/packages.ts');
  const { readOsRelease } = await import('/usr/lib/phyllome/src/host/os-release.ts');
  const { release } = describeDistribution(readOsRelease());
  console.log('tiny-x86_64-' + await fingerprint(catalog, ['x86_64', release]));
")
folder=/var/lib/phyllome/.cache/phyllome/$name
mkdir -p "$folder"
tar --extract --file /dev/disk/by-id/virtio-cargo --directory "$folder" --no-same-owner
chown -R phyllome:phyllome /var/lib/phyllome/.cache
ls "$folder"
`;

/** After this, "phyllome run tiny" needs nothing from outside. */
export async function bringTiny({ sh }: Guest): Promise<void> {
  await sh(unpack, 240);
}
