// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { fakeService, phyllome } from '../testing.ts';
import { partsOf } from './keys.ts';

const answers = {
  'GET /service': () => ({}),
  'POST /machines/tiny/keys': () => ({}),
  'POST /machines/tiny/text': ({ body }: { body: { text: string } }) => ({ typed: body.text.length }),
};

test('keys go to the service as they were given', async () => {
  await using service = await fakeService(answers);
  const { code, stdout } = await phyllome(service, ['press', 'tiny', 'ctrl', 'ALT', 'f2', '--json']);
  expect([code, JSON.parse(stdout)]).toEqual([0, { pressed: ['ctrl', 'ALT', 'f2'] }]);
  expect((await service.asked('POST /machines/tiny/keys')).body).toEqual({ keys: ['ctrl', 'ALT', 'f2'] });
});

test('a text goes as it is, and standard input when asked for', async () => {
  await using service = await fakeService(answers);
  expect((await phyllome(service, ['type', 'tiny', '--', '-x "$HOME"'])).stdout).toBe('');
  const piped = await phyllome(service, ['type', 'tiny', '-', '--json'], { input: 'two\nlines\n' });
  expect(JSON.parse(piped.stdout)).toEqual({ typed: 10 });
  const texts = service.requests.filter(({ line }) => line.startsWith('POST')).map(({ body }) => body.text);
  expect(texts).toEqual(['-x "$HOME"', 'two\nlines\n']);
});

test('what cannot be typed never reaches the service', async () => {
  await using service = await fakeService(answers);
  const { code, stderr } = await phyllome(service, ['type', 'tiny', '-'], {
    input: `${'a'.repeat(20_000)}\u20ac`,
  });
  expect([code, stderr]).toEqual([1, expect.stringContaining('No key of a US keyboard types \u20ac.')]);
  expect(service.requests.filter(({ line }) => line.startsWith('POST'))).toEqual([]);
});

test('a long text goes in parts that cut nothing in two', () => {
  expect(partsOf('abcdef', 4)).toEqual(['abcd', 'ef']);
  expect(partsOf('abc🌱', 4)).toEqual(['abc', '🌱']);
  expect(partsOf('abc\r\n', 4)).toEqual(['abc', '\r\n']);
  expect(partsOf('', 4)).toEqual([]);
});
