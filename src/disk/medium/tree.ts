// SPDX-License-Identifier: Apache-2.0

interface TreeEntry {
  name: string;
  folder: boolean;
}

/** The files of a medium. What cannot be read is not there: null. */
export interface MediumTree {
  /** @param path without "/" at its ends; '' is the root */
  list(path: string): Promise<TreeEntry[] | null>;
  /** @param length at most */
  read(path: string, offset: number, length: number): Promise<Buffer | null>;
}

/** A file system by its own means: how one folder is read, and one file. */
export interface TreeSource<Node> {
  root: Node;
  children(folder: Node): Promise<{ name: string; folder: boolean; node: Node }[]>;
  content(file: Node, offset: number, length: number): Promise<Buffer>;
}

/** Names are compared without regard to case: ISO 9660 has capitals only. */
export function treeOf<Node>({ root, children, content }: TreeSource<Node>): MediumTree {
  const known = new Map<string, ReturnType<TreeSource<Node>['children']>>();
  const childrenOf = (path: string, node: Node) => {
    const found = known.get(path) ?? children(node);
    known.set(path, found);
    return found;
  };
  const find = async (path: string): Promise<{ node: Node; folder: boolean } | null> => {
    let at = { node: root, folder: true };
    let walked = '';
    for (const part of path.toLowerCase().split('/').filter(Boolean)) {
      if (!at.folder) return null;
      const next = (await childrenOf(walked, at.node)).find(({ name }) => name.toLowerCase() === part);
      if (next === undefined) return null;
      at = next;
      walked += `${part}/`;
    }
    return at;
  };
  return {
    async list(path) {
      const found = await find(path);
      if (found === null || !found.folder) return null;
      const key = path.toLowerCase().split('/').filter(Boolean);
      const all = await childrenOf(key.map((part) => `${part}/`).join(''), found.node);
      return all.map(({ name, folder }) => ({ name, folder }));
    },
    async read(path, offset, length) {
      const found = await find(path);
      return found === null || found.folder ? null : content(found.node, offset, length);
    },
  };
}
