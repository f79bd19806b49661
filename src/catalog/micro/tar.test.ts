// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { collect, inPieces, someHeader, someTar, type SomeFile } from './testing.ts';
import { readTar, type TarHeader } from './tar-reader.ts';

async function read(archive: Buffer, pieceBytes = 700): Promise<(TarHeader & { content: string })[]> {
  const found = [];
  for await (const { header, content } of readTar(inPieces(archive, pieceBytes), 'x.tar'))
    found.push({ ...header, content: (await collect(content)).toString('latin1') });
  return found;
}

// Names are bytes, one a character; everything but NUL is possible.
const bytes = (maxLength: number) =>
  fc
    .array(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength })
    .map((codes) => String.fromCharCode(...codes));

test('what the writer writes, the reader reads, in pieces of any size', async () => {
  const files = fc.array(
    fc.record({
      path: bytes(300).filter((path) => !path.endsWith('/')),
      type: fc.constantFrom('file', 'link', 'character-device', 'fifo', 'hard-link'),
      mode: fc.integer({ min: 0, max: 0o7777 }),
      uid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      gid: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      mtime: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
      target: bytes(300),
      device: fc.tuple(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 0, max: 100_000 })),
      attributes: fc.array(fc.tuple(fc.constant('security.capability'), bytes(20)), { maxLength: 1 }),
      content: fc.uint8Array({ maxLength: 1500 }),
    }),
    { maxLength: 5 },
  );
  await fc.assert(
    fc.asyncProperty(files, fc.integer({ min: 1, max: 3000 }), async (list, size) => {
      const made = list.map(({ content, attributes, ...rest }) => ({
        ...rest,
        attributes: new Map(attributes),
        ...(rest.type === 'file' && { content: Buffer.from(content) }),
      })) as SomeFile[];
      const expected = made.map((file) => ({
        ...someHeader(file),
        content: Buffer.from(file.content ?? '').toString('latin1'),
      }));
      expect(await read(someTar(made), size)).toEqual(expected);
    }),
    { numRuns: 60 },
  );
});

test('any bytes are an archive or an error that says what is wrong with it', async () => {
  const archive = someTar([
    { path: 'a', content: 'x'.repeat(1000) },
    { path: 'n'.repeat(200), type: 'link', target: 't' },
  ]);
  const change = fc.tuple(fc.nat({ max: archive.length - 1 }), fc.nat({ max: 255 }));
  await fc.assert(
    fc.asyncProperty(
      fc.array(change, { maxLength: 4 }),
      fc.nat({ max: archive.length }),
      async (changes, length) => {
        const spoilt = Buffer.from(archive);
        for (const [at, value] of changes) spoilt[at] = value;
        const error: unknown = await read(spoilt.subarray(0, length)).then(
          () => null,
          (thrown: unknown) => thrown,
        );
        if (error !== null) expect((error as PhyllomeError).code).toBe('micro-image-invalid');
      },
    ),
    { numRuns: 300 },
  );
});

describe('refuses', () => {
  test.each<[string, Buffer, RegExp]>([
    ['what is no archive', Buffer.alloc(1024, 'x'), /no tar archive/],
    [
      'an archive that is cut off',
      someTar([{ path: 'a', content: 'x'.repeat(600) }]).subarray(0, 900),
      /cut off/,
    ],
  ])('%s', async (_what, archive, reason) => {
    await expect(read(archive)).rejects.toThrow(reason);
  });
});

test('content that nobody reads is skipped', async () => {
  const archive = someTar([
    { path: 'a', content: 'x'.repeat(600) },
    { path: 'b', content: 'second' },
  ]);
  const paths = [];
  for await (const { header } of readTar(inPieces(archive, 100), 'x')) paths.push(header.path);
  expect(paths).toEqual(['a', 'b']);
});
