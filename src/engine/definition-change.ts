// SPDX-License-Identifier: Apache-2.0
//
// Changes of single values in the text of a machine.yaml. Everything else stays as its owner wrote it, comments included.
import { isCollection, isMap, isSeq, type Document } from 'yaml';
import type { Body } from '../contract/api.ts';
import { definitionError, examineDefinition } from '../contract/definition.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { Problem } from '../contract/validate.ts';
import { parseText, sizesAsTextAt, toValue } from './definition-file.ts';

export type Change = Body<'changeDefinition'>['changes'][number];

/**
 * Makes the changes, one after the other, and reads the result as a whole.
 * @throws PhyllomeError `definition-invalid` with the path of every problem, `definition-unreadable` when the text that
 *   is to be changed is no YAML
 */
export function changeText(
  text: string,
  changes: readonly Change[],
): { text: string; definition: MachineDefinition } {
  const document = parseText(text);
  const misplaced = changes.map((change) => apply(document, change)).filter((problem) => problem !== null);
  if (misplaced.length > 0) throw definitionError(misplaced);
  const { definition, problems } = examineDefinition(toValue(document));
  if (problems.length > 0) throw definitionError(problems);
  return { text: document.toString({ lineWidth: 0 }), definition };
}

/** Changes the name in a text whose other values may be wrong. The name was checked. */
export function renameText(text: string, name: string): string {
  const document = parseText(text);
  document.set('name', name);
  return document.toString({ lineWidth: 0 });
}

/** @returns why there is no such place */
function apply(document: Document, change: Change): Problem | null {
  const { path } = change;
  if (path.length === 0) return { path, found: 'no path', allowed: 'at least one key' };
  const wrong = misplaced(document, path);
  if (wrong !== null) return wrong;
  if (change.value !== undefined) {
    const value = sizesAsTextAt(path, change.value);
    // A single value takes the place of the old one, whose comment stays; a node would replace that, too.
    document.setIn(path, typeof value === 'object' ? document.createNode(value) : value);
  } else if (document.hasIn(path)) {
    document.deleteIn(path);
    pruneEmpty(document, path);
  }
  return null;
}

/** Walks down as far as the text goes: each step must be a key of a group or an entry of a list. */
function misplaced(document: Document, path: Change['path']): Problem | null {
  let node: unknown = document.contents;
  for (const [depth, key] of path.entries()) {
    const here = path.slice(0, depth);
    if (node === undefined || (node === null && depth > 0)) {
      // Made from here on; a new list begins with its first entry.
      const skips = typeof key === 'number' && key > 0;
      if (skips)
        return { path: path.slice(0, depth + 1), found: 'no list with entries before it', allowed: '0' };
    } else if (isSeq(node)) {
      const next = node.items.length;
      if (typeof key !== 'number')
        return { path: here, found: `the key "${key}" in a list`, allowed: `an index from 0 to ${next}` };
      if (key > next)
        return {
          path: path.slice(0, depth + 1),
          found: 'a gap in the list',
          allowed: `an index from 0 to ${next}`,
        };
    } else if (isMap(node)) {
      if (typeof key === 'number')
        return { path: here, found: `the index ${key} in a group of keys`, allowed: 'the name of a key' };
    } else {
      return { path: here, found: 'a single value or an alias', allowed: 'a group of keys or a list' };
    }
    node = isCollection(node) ? node.get(key, true) : undefined;
  }
  return null;
}

/** A group that lost its last key is left out, so that its defaults count again; "{}" would read as a mistake. */
function pruneEmpty(document: Document, path: Change['path']): void {
  const parent = path.slice(0, -1);
  if (parent.length !== 1) return;
  const node = document.getIn(parent, true);
  if (isMap(node) && node.items.length === 0) document.deleteIn(parent);
}
