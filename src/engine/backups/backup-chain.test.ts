// SPDX-License-Identifier: Apache-2.0
//
// Random histories of small real disks with the real qemu-img: whatever is written, grown, replaced, backed up and removed,
// each backup that is listed holds what the disks held at its time.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { findBinary } from '../../host/binaries.ts';
import { readDefinitionText } from '../definition-file.ts';
import { definitionText, someId } from '../testing.ts';
import { readBackups } from './backup-folder.ts';
import { makeBackup, type StillMachine } from './make-backup.ts';
import { removeBackup } from './remove-backup.ts';

const KiB = 1024;
const MiB = 1024 * KiB;
const context = { signal: new AbortController().signal, progress: () => {} };
const missing = ['qemu-img', 'qemu-io'].some((tool) => findBinary(tool) === null);

const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('write' as const),
      at: fc.nat(80),
      blocks: fc.integer({ min: 1, max: 8 }),
      pattern: fc.integer({ min: 1, max: 255 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('zero' as const),
      at: fc.nat(80),
      blocks: fc.integer({ min: 1, max: 8 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('discard' as const),
      at: fc.nat(80),
      blocks: fc.integer({ min: 1, max: 8 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('layer' as const) }) },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('grow' as const), by: fc.integer({ min: 1, max: 5 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('replace' as const),
      size: fc.integer({ min: 6, max: 14 }),
      raw: fc.boolean(),
    }),
  },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('backup' as const) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('remove' as const), which: fc.nat(20) }) },
);

type Step = typeof step extends fc.Arbitrary<infer One> ? One : never;
const write = (at: number, pattern: number) => ({ do: 'write' as const, at, blocks: 4, pattern });
/** What every history should have: one taken from the middle, and one from the beginning, over what was written anew. */
const ordinary = [
  write(1, 1),
  write(40, 1),
  { do: 'backup' as const },
  write(2, 2),
  { do: 'backup' as const },
  { do: 'grow' as const, by: 2 },
  write(3, 3),
  write(80, 3),
  { do: 'backup' as const },
  { do: 'remove' as const, which: 1 },
  { do: 'remove' as const, which: 0 },
] satisfies Step[];

/** A disk that changes, and what it is now. */
async function makeDisk(folder: string) {
  let number = 0;
  let size = 6 * MiB;
  let image = { file: '', format: 'raw' as 'raw' | 'qcow2' };
  const qemu = (tool: string, ...words: string[]): string => execFileSync(tool, words, { encoding: 'utf8' });
  const next = (format: 'raw' | 'qcow2'): string => join(folder, `image-${(number += 1)}.${format}`);
  const renew = (bytes: number, format: 'raw' | 'qcow2'): void => {
    size = bytes;
    image = { file: next(format), format };
    qemu('qemu-img', 'create', '-q', '-f', format, image.file, String(size));
  };
  const io = (command: string): void => void qemu('qemu-io', '-f', image.format, '-c', command, image.file);
  renew(size, 'raw');
  return {
    image: () => image,
    write: (at: number, blocks: number, pattern: number) =>
      io(`write -P ${pattern} ${place(at, blocks, size)}`),
    zero: (at: number, blocks: number) => io(`write -z ${place(at, blocks, size)}`),
    discard: (at: number, blocks: number) => io(`discard ${place(at, blocks, size)}`),
    layer() {
      const over = next('qcow2');
      qemu('qemu-img', 'create', '-q', '-f', 'qcow2', '-b', image.file, '-F', image.format, over);
      image = { file: over, format: 'qcow2' };
    },
    grow(by: number) {
      // Half a cluster more: sizes need not be round.
      size += by * MiB + 32 * KiB;
      qemu('qemu-img', 'resize', '-q', '-f', image.format, image.file, String(size));
    },
    renew,
  };
}

function place(at: number, blocks: number, size: number): string {
  const offset = Math.min(at * 96 * KiB, size - 512);
  return `${offset} ${Math.min(blocks * 40 * KiB, size - offset)}`;
}

async function contentOf(file: string, format: string): Promise<string> {
  const raw = `${file}.content`;
  execFileSync('qemu-img', ['convert', '-f', format, '-O', 'raw', file, raw]);
  const hash = createHash('sha256')
    .update(await readFile(raw))
    .digest('hex');
  await rm(raw);
  return hash;
}

describe.skipIf(missing)('a history of backups', () => {
  test('each listed backup holds what was there at its time', { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 4, maxLength: 8 }), async (steps) => {
        const folder = await mkdtemp(join(tmpdir(), 'phchain-'));
        try {
          const directory = join(folder, someId);
          const disk = await makeDisk(folder);
          const expected = new Map<string, string>();
          const text = `${definitionText()}disks: [{ file: disks/a.img, format: raw }]\n`;
          await writeFile(join(folder, 'x'), '');
          let clock = Date.parse('2026-01-01T00:00:00Z');
          // Two backups to begin with, else hardly anything would be removed from a middle.
          for (const one of [...ordinary.slice(0, 5), ...steps]) {
            if (one.do === 'write') disk.write(one.at, one.blocks, one.pattern);
            if (one.do === 'zero') disk.zero(one.at, one.blocks);
            if (one.do === 'discard') disk.discard(one.at, one.blocks);
            if (one.do === 'layer') disk.layer();
            if (one.do === 'grow') disk.grow(one.by);
            if (one.do === 'replace') disk.renew(one.size * MiB, one.raw ? 'raw' : 'qcow2');
            if (one.do === 'backup') {
              clock += 1000;
              const still: StillMachine = {
                id: someId,
                name: 'tiny',
                takenAt: new Date(clock),
                text,
                definition: readDefinitionText(text),
                guest: 'off',
                disks: [disk.image()],
                parts: [folder],
                [Symbol.asyncDispose]: async () => {},
              };
              const id = await makeBackup(still, directory, null, context);
              expected.set(id, await contentOf(disk.image().file, disk.image().format));
            }
            if (one.do === 'remove' && expected.size > 0) {
              const id = [...expected.keys()][one.which % expected.size] as string;
              await removeBackup(directory, id, 'tiny');
              expected.delete(id);
            }
            if (one.do !== 'backup' && one.do !== 'remove') continue;
            const listed = await readBackups(directory);
            expect(listed.map(({ id, problem }) => ({ id, problem }))).toEqual(
              [...expected.keys()].map((id) => ({ id, problem: null })),
            );
            for (const backup of listed) {
              const image = join(backup.directory, 'disk-0.qcow2');
              expect(await contentOf(image, 'qcow2')).toBe(expected.get(backup.id));
              execFileSync('qemu-img', ['check', '-q', '-f', 'qcow2', image]);
              expect(backup.record?.parent ?? null).toBe(backup.parents[0] ?? null);
              expect(backup.record?.kind).toBe(backup.parents.length === 0 ? 'full' : 'incremental');
            }
          }
          const left = await readdir(directory).catch(() => []);
          expect(left.filter((name) => name !== '.lock').toSorted()).toEqual([...expected.keys()]);
        } finally {
          await rm(folder, { recursive: true, force: true });
        }
      }),
      { numRuns: 3, examples: [[ordinary.slice(5)]] },
    );
  });
});
