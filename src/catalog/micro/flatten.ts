// SPDX-License-Identifier: Apache-2.0
import { openLayer, type Layer } from './layers.ts';
import { imageInvalid } from './problem.ts';
import { readTar, type TarHeader } from './tar-reader.ts';
import { tarEnd, tarHeader, tarPadding } from './tar-writer.ts';
import { createTree, type Placed, type Tree } from './tree.ts';

export interface Flattening {
  image: string;
  /** The lowest first */
  layers: readonly Layer[];
  whiteouts: boolean;
  signal?: AbortSignal;
}

/** Reads all layers and tells which files they make together. Every layer's digest is checked. */
export async function mergeLayers({ image, layers, whiteouts, signal }: Flattening): Promise<Tree> {
  const tree = createTree(image, whiteouts);
  for (const [index, layer] of layers.entries()) {
    let entry = 0;
    for await (const { header } of readTar(openLayer(layer, image, signal), image)) {
      tree.add(header, index, entry);
      entry += 1;
    }
  }
  return tree;
}

/**
 * One archive with the files of a merged tree: directories first, then what has no content, then the contents in the
 * order in which the layers hold them. Paths in it are clean: relative, without "..", none below a link.
 */
export async function* flatten({ image, layers, signal }: Flattening, tree: Tree): AsyncGenerator<Buffer> {
  const files = tree.files();
  const byEntry = new Map<string, Placed>();
  for (const file of files) {
    const { header, paths, layer, entry } = file;
    if (header.type === 'file') byEntry.set(`${layer}/${entry}`, file);
    else yield* named(header, paths);
  }
  for (const [index, layer] of layers.entries()) {
    let entry = -1;
    for await (const { header, content } of readTar(openLayer(layer, image, signal), image)) {
      entry += 1;
      const file = byEntry.get(`${index}/${entry}`);
      if (file === undefined) continue;
      if (file.header.size !== header.size || file.header.path !== header.path)
        throw imageInvalid(image, 'it was changed while it was read');
      const [first = '', ...more] = file.paths;
      yield tarHeader({ ...header, path: first });
      yield* content;
      yield tarPadding(header.size);
      yield* named({ ...header, type: 'hard-link', size: 0, target: first }, more);
    }
  }
  yield tarEnd;
}

function* named(header: TarHeader, paths: readonly string[]): Generator<Buffer> {
  for (const [index, path] of paths.entries()) {
    // The root has no name in an archive; "." is what tar calls it.
    const named = { ...header, path: path === '' ? '.' : path };
    const first = index === 0 || header.type === 'hard-link';
    yield tarHeader(first ? named : { ...named, type: 'hard-link', target: paths[0] ?? '' });
  }
}
