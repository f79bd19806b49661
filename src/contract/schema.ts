// SPDX-License-Identifier: Apache-2.0
import type * as TypeBox from 'typebox';

export type { Static, TSchema } from 'typebox';

const optional = Symbol('optional');

/**
 * The builders of TypeBox that the contract uses: TypeBox's types, plain JSON Schema objects at run time.
 *
 * TypeBox itself brings a parser, a compiler and hundreds of types into memory: 20 MB and 0.1 s in every
 * start of the service, for what is a few object literals. schema.test.ts holds these against the originals.
 */
export const Type = {
  String: (options = {}) => ({ type: 'string', ...options }),
  Integer: (options = {}) => ({ type: 'integer', ...options }),
  Number: (options = {}) => ({ type: 'number', ...options }),
  Boolean: (options = {}) => ({ type: 'boolean', ...options }),
  Null: (options = {}) => ({ type: 'null', ...options }),
  Unknown: (options = {}) => ({ ...options }),
  Literal: (value: string | number | boolean, options = {}) => ({
    type: typeof value,
    const: value,
    ...options,
  }),
  Unsafe: (schema: object) => ({ ...schema }),
  Array: (items: object, options = {}) => ({ type: 'array', items, ...options }),
  Union: (anyOf: object[], options = {}) => ({ anyOf, ...options }),
  Record: (_key: object, value: object, options = {}) => ({
    type: 'object',
    patternProperties: { '^.*$': value },
    ...options,
  }),
  Optional: (schema: object) => Object.defineProperty({ ...schema }, optional, { value: true }),
  Object: (properties: Record<string, object>, options = {}) => {
    const required = Object.keys(properties).filter((key) => !(optional in (properties[key] ?? {})));
    return { type: 'object', ...(required.length > 0 && { required }), properties, ...options };
  },
} as unknown as Pick<
  typeof TypeBox.Type,
  | 'Array'
  | 'Boolean'
  | 'Integer'
  | 'Literal'
  | 'Null'
  | 'Number'
  | 'Object'
  | 'Optional'
  | 'Record'
  | 'String'
  | 'Union'
  | 'Unknown'
  | 'Unsafe'
>;
