// SPDX-License-Identifier: Apache-2.0
import { MachineDefinition } from '../../../contract/machine.ts';
import type { Path } from './changes.ts';

interface Schema {
  const?: unknown;
  enum?: readonly string[];
  minimum?: number;
  maximum?: number;
  maxLength?: number;
  maxItems?: number;
  properties?: Record<string, Schema>;
  items?: Schema;
  anyOf?: readonly Schema[];
}

export interface Bounds {
  choices: readonly string[];
  minimum: number;
  maximum: number;
  maxLength: number;
  maxItems: number;
}

/** What may stand at a path of the definition, read from its schema; of alternatives, the first that knows the key. */
export function boundsAt(path: Path): Bounds {
  let schema: Schema | undefined = MachineDefinition as Schema;
  for (const key of path) schema = childOf(schema, key);
  const { enum: choices = [], minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = schema ?? {};
  return { choices, minimum, maximum, maxLength: schema?.maxLength ?? 4096, maxItems: schema?.maxItems ?? 0 };
}

function childOf(schema: Schema | undefined, key: string | number): Schema | undefined {
  if (typeof key === 'number') return schema?.items;
  const branches = schema?.anyOf ?? (schema === undefined ? [] : [schema]);
  return branches.map(({ properties }) => properties?.[key]).find((child) => child !== undefined);
}
