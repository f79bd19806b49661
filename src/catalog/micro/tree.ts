// SPDX-License-Identifier: Apache-2.0
//
// The root file system that the layers of an image make together, without their contents: which file of which layer
// is where in the end. Every path of an archive is resolved here, in memory, the way a kernel would resolve it with
// the image as its root: ".." and links cannot lead out of it, because there is nothing outside.
import { imageInvalid } from './problem.ts';
import type { TarHeader } from './tar-reader.ts';

/** A file, whatever it is; hard links are one node in several places. */
interface Node {
  header: TarHeader;
  /** Of a directory */
  children: Map<string, Node> | null;
  /** The layer that brought it, or changed it last */
  layer: number;
  /** Which entry of its layer has the content */
  entry: number;
}

/** A file of the finished tree. */
export interface Placed {
  header: TarHeader;
  /** All its names, without a slash in front; a directory has one */
  paths: string[];
  layer: number;
  entry: number;
}

export interface Tree {
  /** Adds what one entry of a layer says. Layers come in order, the lowest first. */
  add(header: TarHeader, layer: number, entry: number): void;
  /** Every file, directories before what is in them */
  files(): Placed[];
  /** Whether something is at this path, links followed */
  has(path: string): boolean;
}

// As many as the largest images of distributions have, ten times over.
const mostFiles = 5_000_000;
// What Linux allows (NAME_MAX, and links followed in one path).
const longestName = 255;
const mostLinks = 40;
const longestPath = 4096;
// A path of the longest kind (PATH_MAX, 4096 bytes) with the shortest names.
const deepest = 2048;

/**
 * @param image its name, for errors
 * @param whiteouts files named ".wh.NAME" take NAME out of the layers below, as in layers of OCI images
 */
export function createTree(image: string, whiteouts: boolean): Tree {
  const root = directory(0, 0o755);
  let count = 0;

  const invalid = (reason: string): Error => imageInvalid(image, reason);

  /** Goes to a directory, making what is missing on the way. `followed` counts the links. */
  const descend = (
    from: Node[],
    parts: readonly string[],
    layer: number,
    followed = { links: 0 },
  ): Node[] => {
    let trail = from;
    for (const part of parts) {
      if (part === '..') {
        if (trail.length > 1) trail = trail.slice(0, -1);
        continue;
      }
      const children = (trail.at(-1) as Node).children as Map<string, Node>;
      let child = children.get(part);
      if (child === undefined) {
        child = directory(layer, 0o755);
        put(children, part, child);
      }
      if (child.header.type === 'link') {
        followed.links += 1;
        if (followed.links > mostLinks) throw invalid(`its links lead in circles (${parts.join('/')})`);
        const { target } = child.header;
        trail = descend(target.startsWith('/') ? [root] : trail, partsOf(target), layer, followed);
      } else if (child.children === null) {
        throw invalid(`it puts a file below ${part}, which is no directory (${parts.join('/')})`);
      } else {
        if (trail.length > deepest) throw invalid(`it has folders more than ${deepest} deep`);
        trail = [...trail, child];
      }
    }
    return trail;
  };

  /** Like `descend`, but makes nothing. */
  const find = (path: string, followed = { links: 0 }, from: Node[] = [root]): Node[] | null => {
    let trail = from;
    for (const part of partsOf(path)) {
      if (part === '..') {
        if (trail.length > 1) trail = trail.slice(0, -1);
        continue;
      }
      const child = trail.at(-1)?.children?.get(part);
      if (child === undefined) return null;
      if (child.header.type === 'link') {
        followed.links += 1;
        const { target } = child.header;
        const there =
          followed.links > mostLinks ? null : find(target, followed, target.startsWith('/') ? [root] : trail);
        if (there === null) return null;
        trail = there;
      } else trail = [...trail, child];
    }
    return trail;
  };

  const put = (children: Map<string, Node>, name: string, node: Node): void => {
    if (name.length > longestName) throw invalid(`it holds a name of more than ${longestName} bytes`);
    count += 1;
    if (count > mostFiles) throw invalid(`it has more than ${mostFiles} files`);
    children.set(name, node);
  };

  const place = (path: string, layer: number): { children: Map<string, Node>; name: string } | null => {
    const parts = partsOf(path);
    const name = parts.pop();
    if (name === undefined) return null;
    if (name === '..') throw invalid(`it holds a file named ".." (${path})`);
    const parent = descend([root], parts, layer).at(-1) as Node;
    return { children: parent.children as Map<string, Node>, name };
  };

  const linked = (header: TarHeader, layer: number): Node => {
    const there = place(header.target, layer);
    const node = there?.children.get(there.name);
    if (node === undefined || node.children !== null)
      throw invalid(`${header.path} is a hard link to ${header.target}, which is no file of it`);
    return node;
  };

  return {
    add(header, layer, entry) {
      if (Math.max(header.path.length, header.target.length) > longestPath)
        throw invalid(`it holds a path of more than ${longestPath} bytes`);
      const where = place(header.path, layer);
      if (where === null) {
        // The root itself: its owner and mode count, if it is a directory.
        if (header.type === 'directory') root.header = { ...header, path: '' };
        return;
      }
      const { children, name } = where;
      if (whiteouts && name.startsWith('.wh.')) {
        if (name === '.wh..wh..opq') removeBelow(children, layer);
        // Others that begin so are notes of a file system (aufs) to itself.
        else if (!name.startsWith('.wh..wh.')) children.delete(name.slice('.wh.'.length));
        return;
      }
      const before = children.get(name);
      if (header.type === 'directory' && before?.children != null) {
        before.header = header;
        before.layer = layer;
        return;
      }
      if (header.type === 'hard-link') {
        const node = linked(header, layer);
        if (node !== before) put(children, name, node);
        return;
      }
      put(children, name, {
        header,
        children: header.type === 'directory' ? new Map() : null,
        layer,
        entry,
      });
    },
    files() {
      const placed = new Map<Node, Placed>();
      // Not by recursion: an image may be as deep as it likes.
      const todo: [path: string, node: Node][] = [['', root]];
      for (;;) {
        const next = todo.pop();
        if (next === undefined) break;
        const [path, node] = next;
        const { header, layer, entry, children } = node;
        const known = placed.get(node);
        if (known === undefined) placed.set(node, { header, paths: [path], layer, entry });
        else known.paths.push(path);
        for (const [name, child] of children ?? [])
          todo.push([path === '' ? name : `${path}/${name}`, child]);
      }
      return [...placed.values()];
    },
    has: (path) => find(path) !== null,
  };
}

function directory(layer: number, mode: number): Node {
  const header: TarHeader = {
    path: '',
    type: 'directory',
    mode,
    uid: 0,
    gid: 0,
    mtime: 0,
    size: 0,
    target: '',
    device: [0, 0],
    attributes: new Map(),
  };
  return { header, children: new Map(), layer, entry: -1 };
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.');

/** Removes what lower layers brought; a directory with something newer in it stays. */
function removeBelow(children: Map<string, Node>, layer: number): void {
  for (const [name, node] of children) {
    if (node.children !== null) removeBelow(node.children, layer);
    if (node.layer < layer && (node.children?.size ?? 0) === 0) children.delete(name);
  }
}
