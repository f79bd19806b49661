// SPDX-License-Identifier: Apache-2.0
import type { HostReport } from '../../contract/host.ts';
import type { Tree } from '../tree.ts';

/** Who runs the service, with which groups, and which groups the next login would bring. */
export function readSession(tree: Tree): HostReport['session'] {
  const status = tree.text('proc/self/status') ?? '';
  const numbers = (key: string): number[] =>
    (new RegExp(`^${key}:[ \\t]*(.*)$`, 'm').exec(status)?.[1] ?? '')
      .split(/\s+/)
      .filter(isNumber)
      .map(Number);
  // Real, effective, saved, file system: the effective one counts.
  const uid = numbers('Uid')[1] ?? null;
  const gid = numbers('Gid')[1] ?? null;
  const user = uid === null ? null : userOf(tree, uid);
  const names = groupNames(tree);
  const nameOf = (id: number): string => names.get(id) ?? String(id);
  const groups = new Set([...(gid === null ? [] : [gid]), ...numbers('Groups')].map(nameOf));
  const onPaper = new Set(membershipsOf(tree, user?.name ?? null));
  if (user !== null) onPaper.add(nameOf(user.gid));
  return {
    user: user?.name ?? null,
    uid,
    groups: [...groups].toSorted(),
    groupsOnPaper: [...onPaper].toSorted(),
  };
}

const isNumber = (text: string): boolean => /^\d+$/.test(text);

// name:password:uid:gid:...
function userOf(tree: Tree, uid: number): { name: string; gid: number } | null {
  const line = lines(tree, 'etc/passwd').find(([, , id]) => id === String(uid));
  const [name = '', , , gid = ''] = line ?? [];
  return name === '' || !isNumber(gid) ? null : { name, gid: Number(gid) };
}

// name:password:gid:member,member. Systems with a read-only /usr keep some groups there (nss-altfiles).
function groupLines(tree: Tree): string[][] {
  return [...lines(tree, 'etc/group'), ...lines(tree, 'usr/lib/group')];
}

/** Names of groups by number. */
export function groupNames(tree: Tree): Map<number, string> {
  const names = new Map<number, string>();
  for (const [name = '', , gid = ''] of groupLines(tree)) {
    if (name !== '' && isNumber(gid) && !names.has(Number(gid))) names.set(Number(gid), name);
  }
  return names;
}

function membershipsOf(tree: Tree, user: string | null): string[] {
  if (user === null) return [];
  return groupLines(tree).flatMap(([name = '', , , members = '']) =>
    members.split(',').includes(user) ? [name] : [],
  );
}

function lines(tree: Tree, file: string): string[][] {
  return (tree.text(file, 4 * 1024 * 1024) ?? '').split('\n').map((line) => line.split(':'));
}
