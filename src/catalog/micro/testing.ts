// SPDX-License-Identifier: Apache-2.0
//
// Archives and images of containers for tests, hostile ones included.
import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tarEnd, tarHeader, tarPadding } from './tar-writer.ts';
import type { TarHeader } from './tar-reader.ts';

export type SomeFile = Partial<Omit<TarHeader, 'size'>> & { path: string; content?: string | Buffer };

export function someHeader(file: SomeFile): TarHeader {
  const { content = '', ...given } = file;
  const type = given.type ?? 'file';
  return {
    type,
    mode: type === 'directory' ? 0o755 : 0o644,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: Buffer.byteLength(content),
    target: '',
    device: [0, 0],
    attributes: new Map(),
    ...given,
  };
}

/** An archive with exactly these entries, however strange their paths are. */
export function someTar(files: readonly SomeFile[]): Buffer {
  const parts = files.flatMap((file) => {
    const content = Buffer.from(file.content ?? '');
    return [tarHeader(someHeader(file)), content, tarPadding(content.length)];
  });
  return Buffer.concat([...parts, tarEnd]);
}

export const sha256 = (bytes: Uint8Array | string): string =>
  createHash('sha256').update(bytes).digest('hex');

export interface SomeImage {
  config?: object;
  layers: readonly Buffer[];
  architecture?: string;
  /** Changes the documents before they are written: to make them wrong */
  spoil?: (documents: { index: any; manifest: any; config: any }) => void;
}

/** Writes an OCI image layout into a folder. */
export async function writeLayout(
  directory: string,
  { config = {}, layers, architecture = 'amd64', spoil }: SomeImage,
): Promise<void> {
  const blobs = join(directory, 'blobs/sha256');
  await mkdir(blobs, { recursive: true });
  const put = async (content: Buffer | string): Promise<{ digest: string; size: number }> => {
    const digits = sha256(content);
    await writeFile(join(blobs, digits), content);
    return { digest: `sha256:${digits}`, size: Buffer.byteLength(content) };
  };
  const documents = {
    config: {
      architecture,
      os: 'linux',
      config,
      rootfs: { type: 'layers', diff_ids: layers.map((layer) => `sha256:${sha256(layer)}`) },
    },
    manifest: {
      schemaVersion: 2,
      config: {},
      layers: await Promise.all(
        layers.map(async (layer) => ({
          mediaType: 'application/vnd.oci.image.layer.v1.tar',
          ...(await put(layer)),
        })),
      ),
    },
    index: { schemaVersion: 2, manifests: [{ platform: { os: 'linux', architecture } }] as object[] },
  };
  spoil?.(documents);
  documents.manifest.config = {
    ...(await put(JSON.stringify(documents.config))),
    ...documents.manifest.config,
  };
  const manifest = await put(JSON.stringify(documents.manifest));
  documents.index.manifests = documents.index.manifests.map((entry) => ({ ...manifest, ...entry }));
  await writeFile(join(directory, 'index.json'), JSON.stringify(documents.index));
  await writeFile(join(directory, 'oci-layout'), '{"imageLayoutVersion":"1.0.0"}');
}

export async function collect(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  return Buffer.concat(await Array.fromAsync(pieces));
}

/** A stream of these bytes in pieces of this size. */
export async function* inPieces(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
