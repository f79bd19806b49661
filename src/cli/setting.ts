// SPDX-License-Identifier: Apache-2.0
//
// Settings of a machine as they are typed: "disks[0].cache" and what stands behind the "=".
import { MachineDefinition } from '../contract/machine.ts';

export type SettingPath = (string | number)[];

/** null when the text is no path. */
export function parsePath(text: string): SettingPath | null {
  if (!/^[A-Za-z]\w*(\[\d{1,2}\]|\.[A-Za-z]\w*)*$/.test(text)) return null;
  return [...text.matchAll(/\[(\d+)\]|(\w+)/g)].map(([, index, key]) =>
    index === undefined ? (key as string) : Number(index),
  );
}

/**
 * Reads a value as YAML. Where only a text can stand it is the text as it was typed: a name may be 2024, and the
 * vendor of a device 0010.
 * @param parse the parser of YAML
 * @throws the error of the parser
 */
export function readValue(path: SettingPath, text: string, parse: (text: string) => unknown): unknown {
  if (text === '') return '';
  const value = parse(text);
  const isScalar = typeof value !== 'object' || value === null;
  return isScalar && typeof value !== 'string' && kindsAt(path).every((kind) => kind === 'string')
    ? text
    : value;
}

interface Node {
  type?: string;
  anyOf?: Node[];
  items?: Node;
  properties?: Record<string, Node>;
}

/** The types that the schema knows at a place; several where it depends on what stands beside it. */
function kindsAt(path: SettingPath): string[] {
  let nodes: Node[] = [MachineDefinition as Node];
  for (const key of path) {
    nodes = nodes
      .flatMap((node) => node.anyOf ?? [node])
      .flatMap(({ items, properties = {} }) => {
        const next =
          typeof key === 'number' ? items : Object.hasOwn(properties, key) ? properties[key] : undefined;
        return next === undefined ? [] : [next];
      });
  }
  const kinds = nodes.flatMap((node) => node.anyOf ?? [node]).map(({ type }) => type ?? '');
  return kinds.length === 0 ? [''] : kinds;
}
