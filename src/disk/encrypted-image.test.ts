// SPDX-License-Identifier: Apache-2.0
//
// With the real qemu-img, as far as it is there: what it takes as a name and as a secret is what counts.
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { findBinary } from '../host/binaries.ts';
import { createImage } from './create.ts';
import { createDiskKey } from './disk-key.ts';
import { copyEncrypted, sameAsCopy } from './encrypted-copy.ts';
import { imageWords, isEncrypted, luksOptions } from './encrypted-image.ts';
import { inspectImage } from './inspect.ts';
import { openGuestBytes } from './guest-bytes.ts';
import { runQemuImg } from './qemu-img.ts';

const key = createDiskKey(randomBytes(32));
const clearText = 'what a thief must not read';
const signal = new AbortController().signal;
const onProgress = (): void => {};

test('a key shows itself to nobody who only prints or stores it', () => {
  const shown = JSON.stringify({ key }) + inspect({ key }, { depth: 9 }) + inspect(key, { showHidden: true });
  expect(shown).not.toContain(key.reveal());
});

describe.skipIf(findBinary('qemu-img') === null)('encrypted images', () => {
  let directory: string;
  const at = (name: string): string => join(directory, name);
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'phluks-'));
    const content = Buffer.alloc(2 ** 20);
    content.write(clearText, 5000);
    await writeFile(at('plain.raw'), content);
    const source = { file: at('plain.raw'), format: 'raw' } as const;
    await copyEncrypted({ source, target: at('base.qcow2'), key, encrypt: true, signal, onProgress });
    const rests = ['-b', 'base.qcow2', '-F', 'qcow2', at('top, "1".qcow2')];
    await runQemuImg(['create', '-q', '-f', 'qcow2', '-o', luksOptions, ...rests], 'disk', at('top'), {
      key,
    });
  });
  afterAll(() => rm(directory, { recursive: true }));

  test('the copy holds the same and shows nothing of it', async () => {
    const source = { file: at('plain.raw'), format: 'raw' } as const;
    expect(await sameAsCopy({ source, target: at('base.qcow2'), key, signal, onProgress })).toBe(true);
    const bytes = await readFile(at('base.qcow2'));
    expect(bytes.includes(clearText)).toBe(false);
    expect(bytes.includes(key.reveal())).toBe(false);
    expect(await isEncrypted(at('base.qcow2'))).toBe(true);
    expect(await isEncrypted(at('plain.raw'))).toBe(false);
  });

  test('a copy that differs is told from one that is the same', async () => {
    const content = await readFile(at('plain.raw'));
    content.write('X', 5000);
    await writeFile(at('other.raw'), content);
    const source = { file: at('other.raw'), format: 'raw' } as const;
    expect(await sameAsCopy({ source, target: at('base.qcow2'), key, signal, onProgress })).toBe(false);
  });

  test('a chain of encrypted images is opened as a whole, and decrypted into one', async () => {
    const source = { file: at('top, "1".qcow2'), format: 'qcow2' } as const;
    await copyEncrypted({ source, target: at('plain.qcow2'), key, encrypt: false, signal, onProgress });
    expect(await sameAsCopy({ source, target: at('plain.qcow2'), key, signal, onProgress })).toBe(true);
    expect(await imageWords('qcow2', at('plain.qcow2'))).toEqual(['-f', 'qcow2', at('plain.qcow2')]);
    await using bytes = await openGuestBytes(at('plain.qcow2'), 'qcow2');
    expect((await bytes?.read(5000, clearText.length))?.toString()).toBe(clearText);
  });

  test('another key opens nothing, and the error does not show it', async () => {
    const wrong = createDiskKey(randomBytes(32));
    const check = ['check', ...(await imageWords('qcow2', at('base.qcow2')))];
    const failure = await runQemuImg(check, 'disk', at('base.qcow2'), { key: wrong }).catch(String);
    expect(failure).toMatch(/Invalid password/);
    expect(failure).not.toContain(wrong.reveal());
  });

  test('a program that never reads the key leaves nothing of it behind', async () => {
    const before = (await readdir(tmpdir())).filter((name) => name.startsWith('phyllome-'));
    await runQemuImg(['--version'], 'disk', at('base.qcow2')).catch(() => {});
    await runQemuImg(['create', '--no-such-option'], 'disk', at('x'), { key }).catch(() => {});
    expect((await readdir(tmpdir())).filter((name) => name.startsWith('phyllome-'))).toEqual(before);
  });

  test('made empty, it is one from its first byte; readers that have no key say that they cannot', async () => {
    await createImage({ file: at('new.qcow2'), format: 'qcow2', size: 2 ** 20, key });
    expect(await isEncrypted(at('new.qcow2'))).toBe(true);
    await inspectImage({ file: at('new.qcow2'), format: 'qcow2', directory });
    expect(await openGuestBytes(at('new.qcow2'), 'qcow2')).toBeNull();
  });
});
