// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { device, escapeComma, pairs } from './arguments.ts';

test.for([
  ['plain', 'plain'],
  ['a,b', 'a,,b'],
  [',,', ',,,,'],
  [`say "it's"`, `say "it's"`],
  ['two\nlines', 'two\nlines'],
  ['', ''],
])('a comma is doubled, nothing else is touched: %j', ([text, escaped]) => {
  expect(escapeComma(text as string)).toBe(escaped);
});

test('pairs escape values and leave out what is undefined', () => {
  const text = pairs('socket', { id: 'a', path: '/x,y/"z"', mode: undefined, size: 3 });
  expect(text).toBe('socket,id=a,path=/x,,y/"z",size=3');
  expect(pairs('', { guest: 'a,b=c' })).toBe('guest=a,,b=c');
  expect(pairs('unix:/x,y', {})).toBe('unix:/x,,y');
});

test('JSON keeps its types', () => {
  expect(device({ driver: 'd', id: 'i', addr: '0x3', chassis: 3, on: true, gone: undefined })).toEqual([
    '-device',
    '{"driver":"d","id":"i","addr":"0x3","chassis":3,"on":true}',
  ]);
});
