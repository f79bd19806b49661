// SPDX-License-Identifier: Apache-2.0
//
// Images in the layout of the Open Container Initiative (image-layout.md of its image-spec), and as "docker save" of old
// writes them. Everything is found by its digest, and nothing is believed that does not have it.
import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { Architecture } from '../../contract/machine.ts';
import { readConfig, record, type ImageConfig } from './config.ts';
import type { Layer } from './layers.ts';
import { imageInvalid } from './problem.ts';

/** The files of an image by the names they have in it. */
export interface Blobs {
  /** Name of the image, for errors */
  image: string;
  /** The file on this PC, or null when the image has no such file */
  file(name: string): string | null;
}

export interface ContainerImage {
  config: ImageConfig;
  layers: Layer[];
}

// Manifests and configurations are some kilobytes; the standard allows 4 MiB (bytes).
const largestDocument = 4 * 2 ** 20;
// An index may name another one.
const deepestIndex = 4;

export const ociArchitecture: Readonly<Record<Architecture, string>> = {
  x86_64: 'amd64',
  aarch64: 'arm64',
  riscv64: 'riscv64',
};

/** @throws PhyllomeError `micro-image-invalid` */
export async function readOciImage(blobs: Blobs, architecture: Architecture): Promise<ContainerImage> {
  const { image } = blobs;
  const manifest = await findManifest(blobs, await document(blobs, 'index.json'), architecture, deepestIndex);
  const { digest: configDigest } = descriptor(image, manifest['config']);
  const { config, diffIds } = readConfig(image, await blob(blobs, configDigest));
  const layers = array(manifest['layers']).map((entry, index): Layer => {
    const { digest, mediaType } = descriptor(image, entry);
    if (mediaType.includes('encrypted')) throw imageInvalid(image, 'a layer of it is encrypted');
    const file = blobs.file(blobName(digest));
    if (file === null) throw imageInvalid(image, `it lacks its layer ${digest}`);
    const diffId = diffIds[index];
    return { file, digest: hex(image, digest), ...(diffId !== undefined && { diffId: hex(image, diffId) }) };
  });
  return { config, layers };
}

/** @throws PhyllomeError `micro-image-invalid` */
export async function readDockerImage(blobs: Blobs): Promise<ContainerImage> {
  const { image } = blobs;
  const images = array(await document(blobs, 'manifest.json'));
  if (images.length !== 1) throw imageInvalid(image, `it holds ${images.length} images, and one is wanted`);
  const { Config, Layers } = record(images[0]);
  const { config, diffIds } = readConfig(image, await document(blobs, String(Config)));
  const names = array(Layers);
  if (diffIds.length !== names.length) throw imageInvalid(image, 'it does not say what its layers are');
  const layers = names.map((name, index): Layer => {
    const file = blobs.file(String(name));
    if (file === null) throw imageInvalid(image, `it lacks its layer ${String(name)}`);
    return { file, diffId: hex(image, diffIds[index] ?? '') };
  });
  return { config, layers };
}

async function findManifest(
  blobs: Blobs,
  index: unknown,
  architecture: Architecture,
  depth: number,
): Promise<Record<string, unknown>> {
  const { image } = blobs;
  if (depth === 0) throw imageInvalid(image, 'its indexes lead too deep');
  const wanted = ociArchitecture[architecture];
  const all = array(record(index)['manifests']).map(record);
  const fitting = all.filter((entry) => {
    const platform = record(entry['platform']);
    return (platform['os'] ?? 'linux') === 'linux' && (platform['architecture'] ?? wanted) === wanted;
  });
  // Notes on how an image was built stand beside it, for a platform named "unknown".
  if (fitting.length === 0) {
    const others = [...new Set(all.map((entry) => String(record(entry['platform'])['architecture'])))];
    throw imageInvalid(image, `it is for ${others.join(', ') || 'nothing'}, not for linux/${wanted}`);
  }
  const names = fitting.map((entry) => record(entry['annotations'])['org.opencontainers.image.ref.name']);
  if (fitting.length > 1 && new Set(names).size > 1)
    throw imageInvalid(image, `it holds several images (${names.join(', ')}), and one is wanted`);
  const { digest } = descriptor(image, fitting[0]);
  const content = record(await blob(blobs, digest));
  return Array.isArray(content['manifests'])
    ? findManifest(blobs, content, architecture, depth - 1)
    : content;
}

function descriptor(image: string, value: unknown): { digest: string; mediaType: string } {
  const { digest, mediaType } = record(value);
  if (typeof digest !== 'string') throw imageInvalid(image, 'it names a part of itself without a digest');
  hex(image, digest);
  return { digest, mediaType: typeof mediaType === 'string' ? mediaType : '' };
}

/** The digits of a digest; they become part of a path, so nothing else may be in it. */
function hex(image: string, digest: string): string {
  const [, digits] = /^sha256:([0-9a-f]{64})$/.exec(digest) ?? [];
  if (digits === undefined)
    throw imageInvalid(image, `it names a part of itself by ${digest}, which is no sha256`);
  return digits;
}

const blobName = (digest: string): string => `blobs/${digest.replace(':', '/')}`;

async function blob(blobs: Blobs, digest: string): Promise<unknown> {
  const content = await bytesOf(blobs, blobName(digest));
  const found = createHash('sha256').update(content).digest('hex');
  if (`sha256:${found}` !== digest)
    throw imageInvalid(blobs.image, `a part of it is not what it says: sha256 ${found} instead of ${digest}`);
  return parsed(blobs.image, digest, content);
}

async function document(blobs: Blobs, name: string): Promise<unknown> {
  return parsed(blobs.image, name, await bytesOf(blobs, name));
}

async function bytesOf({ image, file }: Blobs, name: string): Promise<Buffer> {
  const path = file(name);
  if (path === null) throw imageInvalid(image, `it has no ${name}`);
  const { size } = await stat(path);
  if (size > largestDocument) throw imageInvalid(image, `${name} of it is larger than 4 MiB`);
  return readFile(path);
}

function parsed(image: string, name: string, content: Buffer): unknown {
  try {
    return JSON.parse(content.toString('utf8'));
  } catch (error) {
    throw imageInvalid(image, `${name} of it is no JSON`, error);
  }
}

const array = (value: unknown): unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);
