// SPDX-License-Identifier: Apache-2.0
import { Type as Original } from 'typebox';
import { expect, test } from 'vitest';
import { Type } from './schema.ts';

/** One schema with every builder and with options on each. */
function sample(type: typeof Type) {
  const options = { description: 'words', default: null };
  return type.Object(
    {
      text: type.String({ minLength: 1, pattern: '^a' }),
      whole: type.Integer({ minimum: 0 }),
      number: type.Number(options),
      flag: type.Boolean({ default: true }),
      nothing: type.Null(),
      anything: type.Unknown(),
      one: type.Literal(1),
      word: type.Literal('word', options),
      choice: type.Unsafe<'a' | 'b'>({ type: 'string', enum: ['a', 'b'] }),
      list: type.Array(type.String(), { maxItems: 3 }),
      either: type.Union([type.String(), type.Null()], options),
      table: type.Record(type.String(), type.Unknown(), options),
      maybe: type.Optional(type.Integer({ minimum: 1 })),
      inner: type.Optional(type.Object({ all: type.Optional(type.String()) })),
      empty: type.Object({}),
    },
    { additionalProperties: false },
  );
}

test('our builders make the JSON Schema that TypeBox makes', () => {
  const original = JSON.parse(JSON.stringify(sample(Original))) as unknown;
  expect(JSON.parse(JSON.stringify(sample(Type)))).toEqual(original);
});
