// SPDX-License-Identifier: Apache-2.0
//
// From what people name (a folder, an archive, an image of a container) to the disk a machine starts from.
import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { isAbsolute, join } from 'node:path';
import type { Architecture } from '../../contract/machine.ts';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { blobsOf, kindOfArchive, unpackBlobs } from './archive.ts';
import { openRootDisks, type RootDisk } from './cache.ts';
import { noConfig, type ImageConfig } from './config.ts';
import { fingerprintOfFile, fingerprintOfFolder } from './fingerprint.ts';
import { flatten, mergeLayers } from './flatten.ts';
import type { Layer } from './layers.ts';
import { readDockerImage, readOciImage, type ContainerImage } from './oci.ts';
import { imageInvalid } from './problem.ts';
import { digestInRegistry, pullImage, registryPrefix } from './registry.ts';
import { squashArchive, squashDirectory } from './squash.ts';

export interface Preparing {
  /** An absolute path on this PC, or docker://NAME */
  image: string;
  architecture: Architecture;
  cacheDirectory: string;
  progress: (step: string) => void;
  signal: AbortSignal;
}

// Raise it when disks are made in another way.
const version = 1;

/**
 * Finds the disk of an image among those that were made before, or makes it.
 * @throws PhyllomeError `file-unreadable`, `micro-image-invalid`, `tool-missing`, `no-space`
 */
export async function rootDiskOf(preparing: Preparing): Promise<RootDisk> {
  const { image } = preparing;
  if (image.startsWith(registryPrefix)) return fromRegistry(preparing);
  if (!isAbsolute(image)) throw unreadable(image, 'its path is not absolute');
  const found = await stat(image).catch((error: unknown) => {
    throw unreadable(image, reasonOf(error), error);
  });
  if (found.isFile()) return fromArchive(preparing);
  if (!found.isDirectory()) throw unreadable(image, 'it is neither a folder nor a file');
  return existsSync(join(image, 'oci-layout')) ? fromLayout(preparing, image) : fromFolder(preparing);
}

const unreadable = (file: string, reason: string, cause?: unknown): PhyllomeError =>
  new PhyllomeError('file-unreadable', { what: 'image', file, reason }, { cause });

async function fromRegistry(preparing: Preparing): Promise<RootDisk> {
  const { image, architecture, signal, progress } = preparing;
  progress(`Asking for ${image}`);
  const digest = await digestInRegistry(image, architecture, signal);
  const key = keyOf('registry', architecture, digest);
  const disks = openRootDisks(preparing.cacheDirectory, version);
  return (
    (await disks.find(key)) ??
    disks.make(key, async (work, disk) => {
      progress(`Downloading ${image}`);
      const layout = await pullImage(image, digest, architecture, work, signal);
      return fromContainer(preparing, await readOciImage(blobsOf(layout), architecture), disk);
    })
  );
}

async function fromLayout(preparing: Preparing, directory: string): Promise<RootDisk> {
  const content = await readOciImage(blobsOf(directory), preparing.architecture);
  const key = keyOf(
    'layers',
    JSON.stringify(content.config),
    ...content.layers.map(({ digest = '' }) => digest),
  );
  const disks = openRootDisks(preparing.cacheDirectory, version);
  return (await disks.find(key)) ?? disks.make(key, (_work, disk) => fromContainer(preparing, content, disk));
}

async function fromArchive(preparing: Preparing): Promise<RootDisk> {
  const { image, architecture, signal, progress } = preparing;
  const key = keyOf('archive', architecture, await fingerprintOfFile(image));
  const disks = openRootDisks(preparing.cacheDirectory, version);
  const known = await disks.find(key);
  if (known !== null) return known;
  return disks.make(key, async (work, disk) => {
    progress(`Reading ${image}`);
    const kind = await kindOfArchive(image, signal);
    if (kind === 'root')
      return fromLayers(preparing, [{ file: image }], { config: noConfig, whiteouts: false }, disk);
    const blobs = await unpackBlobs(image, work, signal);
    const content = await (kind === 'oci' ? readOciImage(blobs, architecture) : readDockerImage(blobs));
    return fromContainer(preparing, content, disk);
  });
}

async function fromFolder(preparing: Preparing): Promise<RootDisk> {
  const { image, signal, progress } = preparing;
  if (!['bin', 'usr', 'sbin'].some((name) => existsSync(join(image, name))))
    throw imageInvalid(image, noRoot);
  progress(`Looking at ${image}`);
  const { digest, ownedByUs } = await fingerprintOfFolder(image, signal);
  const key = keyOf('folder', digest);
  const disks = openRootDisks(preparing.cacheDirectory, version);
  return (
    (await disks.find(key)) ??
    disks.make(key, async (_work, disk) => {
      progress(`Making a disk of ${image}`);
      await squashDirectory(image, ownedByUs, { file: disk, image, signal });
      return { config: noConfig, shell: existsSync(join(image, 'bin')) };
    })
  );
}

const fromContainer = (preparing: Preparing, { config, layers }: ContainerImage, disk: string) =>
  fromLayers(preparing, layers, { config, whiteouts: true }, disk);

async function fromLayers(
  { image, signal, progress }: Preparing,
  layers: readonly Layer[],
  { config, whiteouts }: { config: ImageConfig; whiteouts: boolean },
  disk: string,
): Promise<Omit<RootDisk, 'disk'>> {
  const flattening = { image, layers, whiteouts, signal };
  progress(`Reading ${image}`);
  const tree = await mergeLayers(flattening);
  // An image of a container may be a single program; whoever gives an archive means a whole system.
  if (!whiteouts && !['bin', 'usr', 'sbin'].some((name) => tree.has(name))) throw imageInvalid(image, noRoot);
  progress(`Making a disk of ${image}`);
  await squashArchive(flatten(flattening, tree), { file: disk, image, signal });
  return { config, shell: tree.has('bin/sh') };
}

const noRoot = 'it is no root file system: it has none of the folders bin, usr and sbin';

function keyOf(...facts: string[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex').slice(0, 32);
}
