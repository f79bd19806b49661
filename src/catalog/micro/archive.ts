// SPDX-License-Identifier: Apache-2.0
//
// Archives that may be a root file system, or an image of a container packed into one file.
import { createWriteStream, statSync } from 'node:fs';
import { join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { openLayer } from './layers.ts';
import type { Blobs } from './oci.ts';
import { imageInvalid } from './problem.ts';
import { readTar } from './tar-reader.ts';

export type ArchiveKind = 'root' | 'oci' | 'docker';

// An image has a file or three for each of its layers, of which there are 127 at most.
const mostFiles = 2000;

/** Looks through an archive. @throws PhyllomeError `micro-image-invalid` when it is none */
export async function kindOfArchive(file: string, signal?: AbortSignal): Promise<ArchiveKind> {
  const marks = new Set<string>();
  let entries = 0;
  for await (const { header } of readTar(openLayer({ file }, file, signal), file)) {
    const name = cleanName(header.path);
    if (['oci-layout', 'index.json', 'manifest.json', 'bin', 'usr', 'etc'].includes(name)) marks.add(name);
    entries += 1;
    // What has so many files, or a folder of programs, is a root file system.
    if (entries > mostFiles || marks.has('bin') || marks.has('usr') || marks.has('etc')) return 'root';
  }
  if (marks.has('oci-layout') && marks.has('index.json')) return 'oci';
  return marks.has('manifest.json') ? 'docker' : 'root';
}

/** Takes a packed image apart: its files go into `directory` under numbers, so no name in it leads anywhere. */
export async function unpackBlobs(file: string, directory: string, signal?: AbortSignal): Promise<Blobs> {
  const files = new Map<string, string>();
  const links = new Map<string, string>();
  for await (const { header, content } of readTar(openLayer({ file }, file, signal), file)) {
    const name = cleanName(header.path);
    if (files.size >= mostFiles) throw imageInvalid(file, `it has more than ${mostFiles} parts`);
    if (header.type === 'file') {
      const path = join(directory, `part-${files.size}`);
      await pipeline(content, createWriteStream(path, { flags: 'wx', mode: 0o600 }), { signal });
      files.set(name, path);
    }
    // Docker of old packs a layer that is there twice as a link from one to the other.
    if (header.type === 'link') links.set(name, cleanName(posix.join(posix.dirname(name), header.target)));
    if (header.type === 'hard-link') links.set(name, cleanName(header.target));
  }
  return {
    image: file,
    file: (name) => files.get(cleanName(name)) ?? files.get(links.get(cleanName(name)) ?? '') ?? null,
  };
}

/** The parts of an unpacked image in a folder of this PC. */
export function blobsOf(directory: string): Blobs {
  return {
    image: directory,
    file(name) {
      const path = join(directory, cleanName(name));
      // A named pipe would hold up whoever reads it.
      return statSync(path, { throwIfNoEntry: false })?.isFile() === true ? path : null;
    },
  };
}

/** Without "./" in front, and without a way up. */
const cleanName = (name: string): string => posix.join('/', name).replace(/^\/|\/$/g, '');
