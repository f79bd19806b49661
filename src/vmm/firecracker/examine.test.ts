// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { examine } from './examine.ts';
import { machine } from './testing.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph-kernel-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const at = (offset: number, text: string): Buffer => {
  const head = Buffer.alloc(1024);
  head.write(text, offset, 'latin1');
  return head;
};
const elf = at(0, '\x7fELF\x02');
const bzImage = at(0x202, 'HdrS');
const image = at(0x38, 'ARM\x64');

test.for<[string, Buffer, string, boolean, string[]]>([
  ['an ELF on a PC', elf, 'x86_64', false, []],
  ['a packed one', bzImage, 'x86_64', false, ['kernel-packed']],
  ['a packed one, in a version that unpacks', bzImage, 'x86_64', true, []],
  ['an ELF for 32 bits', at(0, '\x7fELF\x01'), 'x86_64', true, ['kernel-unknown']],
  ['a text', Buffer.from('hello'), 'x86_64', true, ['kernel-unknown']],
  ['an Image on ARM', image, 'aarch64', false, []],
  ['a packed one on ARM', at(0, '\x1f\x8b'), 'aarch64', true, ['kernel-packed']],
  ['a kernel for ARM on a PC', image, 'x86_64', true, ['kernel-unknown']],
])('%s', async ([, content, architecture, takes, codes]) => {
  await writeFile(join(folder, 'k'), content);
  const definition = machine({ architecture, boot: { type: 'kernel', kernel: 'k' } });
  const reasons = await examine(definition, { machine: folder }, { bzImage: takes });
  expect(reasons.map(({ code }) => code)).toEqual(codes);
  for (const { hint } of reasons) expect(hint).toContain('phyllome switch');
});

test('a kernel that is missing is told by others', async () => {
  const definition = machine({ boot: { type: 'kernel', kernel: 'none' } });
  expect(await examine(definition, { machine: folder }, { bzImage: false })).toEqual([]);
  expect(await examine(machine({ boot: { type: 'uefi' } }), { machine: folder }, { bzImage: false })).toEqual(
    [],
  );
});
