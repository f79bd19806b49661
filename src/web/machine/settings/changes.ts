// SPDX-License-Identifier: Apache-2.0
//
// Edits of a definition that are not saved yet, and what of it has to be sent to the service.
import type { Body } from '../../../contract/api.ts';
import type { MachineDefinition } from '../../../contract/machine.ts';
import { isRecord } from '../../../contract/validate.ts';

export type Path = readonly (string | number)[];
export type Change = Body<'changeDefinition'>['changes'][number];

/** What stands at a path; undefined when there is nothing. */
export function getAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>((node, key) => (isNode(node) ? node[key] : undefined), value);
}

/** A copy with another value at the path; undefined removes the key or the entry. The rest is shared with the original. */
export function setAt<Value>(value: Value, path: Path, next: unknown): Value {
  const [key, ...rest] = path;
  if (key === undefined) return next as Value;
  const copy = (Array.isArray(value) ? [...(value as unknown[])] : { ...(value as object) }) as Node;
  if (rest.length === 0 && next === undefined) {
    if (Array.isArray(copy)) copy.splice(key as number, 1);
    else delete copy[key];
  } else {
    copy[key] = setAt(isNode(copy[key]) ? copy[key] : typeof rest[0] === 'number' ? [] : {}, rest, next);
  }
  return copy as Value;
}

/**
 * What turns `before` into `after`, as the service takes it: one change after the other, each with indexes as they
 * are then. As small as possible, because whatever is not touched keeps its comments in the file.
 */
export function changesBetween(before: unknown, after: unknown, path: Path = []): Change[] {
  if (isSame(before, after)) return [];
  if (Array.isArray(before) && Array.isArray(after)) return listChanges(before, after, path);
  if (isRecord(before) && isRecord(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changesBetween(before[key], after[key], [...path, key]));
  }
  return [{ path: [...path], ...(after !== undefined && { value: after }) }];
}

function listChanges(before: unknown[], after: unknown[], path: Path): Change[] {
  const edits: Change[] = [];
  const removed: number[] = [];
  let surplus = before.length - after.length;
  let next = 0;
  before.forEach((entry, index) => {
    const isGone = next >= after.length || (surplus > 0 && comesLater(before, index, surplus, after[next]));
    if (isGone && !isSame(entry, after[next])) {
      removed.push(index);
      surplus -= 1;
    } else {
      edits.push(...changesBetween(entry, after[next], [...path, index]));
      next += 1;
    }
  });
  const removals = removed.toReversed().map((index) => ({ path: [...path, index] }));
  const additions = after
    .slice(next)
    .map((value, index) => ({ path: [...path, before.length - removed.length + index], value }));
  return [...edits, ...removals, ...additions];
}

/** Is the wanted entry one of the next ones, so that this one is what was taken out? */
function comesLater(before: unknown[], index: number, within: number, wanted: unknown): boolean {
  return before.slice(index + 1, index + 1 + within).some((entry) => isSame(entry, wanted));
}

type Key = keyof MachineDefinition;

/** The keys of the definition that differ. */
export function changedKeys(before: MachineDefinition, after: MachineDefinition): Key[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])] as Key[];
  return keys.filter((key) => !isSame(before[key], after[key]));
}

/** The newer definition with my edits of these keys. */
export function withMine(
  theirs: MachineDefinition,
  mine: MachineDefinition,
  keys: readonly Key[],
): MachineDefinition {
  return keys.reduce((result, key) => setAt(result, [key], mine[key]), theirs);
}

export function isSame(one: unknown, other: unknown): boolean {
  if (Object.is(one, other)) return true;
  if (Array.isArray(one) && Array.isArray(other))
    return one.length === other.length && one.every((entry, index) => isSame(entry, other[index]));
  if (!isRecord(one) || !isRecord(other)) return false;
  const keys = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...keys].every((key) => isSame(one[key], other[key]));
}

type Node = Record<string | number, unknown>;

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null;
}
