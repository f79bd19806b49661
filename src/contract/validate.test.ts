// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { routes } from './api.ts';
import { Type } from './schema.ts';
import { completeValue, problemText } from './validate.ts';

const problemsOf = (schema: Parameters<typeof completeValue>[0], value: unknown) =>
  completeValue(schema, value).problems.map(problemText);

test('alternatives of single values are told apart by their kind', () => {
  const key = Type.Union([Type.String({ maxLength: 3 }), Type.Integer({ minimum: 0 })]);
  for (const value of ['abc', 0, 7]) expect(completeValue(key, value)).toEqual({ value, problems: [] });
  expect(problemsOf(key, 'abcd')[0]).toMatch(/at most 3 characters/);
  expect(problemsOf(key, -1)[0]).toMatch(/a whole number from 0/);
  expect(problemsOf(key, null)).toEqual([
    'the definition: found null; allowed: a text of at most 3 characters or a whole number from 0 to Infinity',
  ]);
  for (const value of [true, {}, [], 1.5]) expect(problemsOf(key, value)).toHaveLength(1);
});

test('a schema that says nothing takes any value as it is', () => {
  const any = Type.Object({ value: Type.Optional(Type.Unknown({ description: 'any' })) });
  for (const value of [null, 'x', { a: [1] }, 0, false])
    expect(completeValue(any, { value })).toEqual({ value: { value }, problems: [] });
  expect(completeValue(any, {}).value).toEqual({});
});

test('a secret that breaks a rule is not shown', () => {
  const body = (unattended: object) =>
    problemsOf(routes.createMachine.body, { name: 'a', from: 'a', unattended });
  const user = { name: 'ada', password: 'ge\theim' };
  for (const unattended of [{ user }, { user: { name: 'ada' }, diskEncryption: { passphrase: 'geheim' } }]) {
    const [problem = '', ...more] = body(unattended);
    expect(problem).toMatch(/found a secret \(not shown\); allowed: a text \(One line/);
    expect([problem, ...more].join('')).not.toMatch(/heim/);
  }
});

test('a schema that says what cannot be checked is a defect, not a free pass', () => {
  expect(() => completeValue(Type.Unsafe({ not: {} }), 1)).toThrow(/unsupported/);
});

test('the changes of a definition pass as they are meant', () => {
  const body = {
    changes: [
      { path: ['disks', 0, 'cache'], value: 'none' },
      { path: ['memory'], value: 2 ** 40 },
      { path: ['autostart'] },
      { path: ['nics', 0], value: { type: 'user', forwards: [] } },
    ],
  };
  const schema = routes.changeDefinition.body;
  expect(completeValue(schema, body)).toEqual({ value: body, problems: [] });
  expect(problemsOf(schema, { changes: [{ path: [true] }, { path: ['a'], valeu: 1 }] })).toHaveLength(2);
});
