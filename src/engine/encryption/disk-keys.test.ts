// SPDX-License-Identifier: Apache-2.0
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { sandbox } from '../testing.ts';
import { createDiskKeys } from './disk-keys.ts';
import type { Holder } from './holders.ts';
import { isAffordable } from './wrapping.ts';

// What it costs is a matter of the figures; half a second each time is not needed here.
const cheap = { n: 2 ** 10, r: 8, p: 1 };
const passphrase = 'four words make one';

/** Keeps what it is given, in memory, as long as it is there. */
function fakeHolder(): Holder & { kept: Map<string, Uint8Array>; away: boolean } {
  const kept = new Map<string, Uint8Array>();
  const requireThere = (): void => {
    if (holder.away)
      throw new PhyllomeError('key-holder-unavailable', { holder: 'tpm', reason: 'it is away', next: '' });
  };
  const holder: ReturnType<typeof fakeHolder> = {
    name: 'tpm',
    kept,
    away: false,
    async keep(key) {
      requireThere();
      const entry = String(kept.size);
      kept.set(entry, key);
      return { entry };
    },
    async fetch({ entry = '' }) {
      requireThere();
      const key = kept.get(entry);
      return key === undefined ? null : Buffer.from(key);
    },
    forget: async ({ entry = '' }) => void kept.delete(entry),
  };
  return holder;
}

const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    (error: unknown) => PhyllomeError.from(error).code,
  );

test('only its passphrase opens a key, and the file shows neither', async () => {
  await using box = await sandbox();
  const machine = { id: 'a', name: 'vault', directory: box.root };
  const keys = createDiskKeys([], cheap);
  expect(await keys.unlock(machine, passphrase)).toBeNull();
  const made = await keys.make('vault', passphrase, 'passphrase');
  await made.write(box.root);
  const text = await readFile(join(box.root, 'key.json'), 'utf8');
  expect(text).not.toContain(passphrase);
  expect(text).not.toContain(made.key.reveal());
  expect((await keys.unlock(machine, passphrase))?.reveal()).toBe(made.key.reveal());
  expect(await codeOf(keys.unlock(machine, 'four words make two'))).toBe('passphrase-wrong');
  expect(await codeOf(keys.unlock(machine, 5 as unknown as string))).toBe('passphrase-wrong');
  expect(await codeOf(keys.unlock(machine))).toBe('passphrase-needed');
  // Who types an accent in two ways means the same.
  await keys.change(machine, passphrase, { newPassphrase: 'cafe\u0301 au lait' });
  expect((await keys.unlock(machine, 'caf\u00e9 au lait'))?.reveal()).toBe(made.key.reveal());
  expect(await codeOf(keys.unlock(machine, passphrase))).toBe('passphrase-wrong');
});

test('while its machine runs it is known, and a wrong passphrase is still wrong', async () => {
  await using box = await sandbox();
  const machine = { id: 'a', name: 'vault', directory: box.root };
  const keys = createDiskKeys([], cheap);
  const made = await keys.make('vault', passphrase, 'passphrase');
  await made.write(box.root);
  keys.remember('a', made.key);
  expect((await keys.unlock(machine))?.reveal()).toBe(made.key.reveal());
  expect(await codeOf(keys.unlock(machine, 'something else'))).toBe('passphrase-wrong');
  keys.forget('a');
  expect(await codeOf(keys.unlock(machine))).toBe('passphrase-needed');
});

test('a holder opens it, the passphrase does too, and a holder that is away is named', async () => {
  await using box = await sandbox();
  const machine = { id: 'a', name: 'vault', directory: box.root };
  const holder = fakeHolder();
  const keys = createDiskKeys([holder], cheap);
  const made = await keys.make('vault', passphrase, 'tpm');
  await made.write(box.root);
  expect((await keys.unlock(machine))?.reveal()).toBe(made.key.reveal());
  expect((await keys.unlock(machine, passphrase))?.reveal()).toBe(made.key.reveal());
  holder.away = true;
  await expect(keys.unlock(machine)).rejects.toMatchObject({
    code: 'passphrase-needed',
    message: expect.stringContaining('it is away'),
  });
  expect(await codeOf(keys.make('other', passphrase, 'tpm'))).toBe('key-holder-unavailable');
  holder.away = false;
  await keys.change(machine, undefined, { holder: 'passphrase' });
  expect(holder.kept.size).toBe(0);
  expect(await codeOf(keys.unlock(machine))).toBe('passphrase-needed');
  expect((await keys.unlock(machine, passphrase))?.reveal()).toBe(made.key.reveal());
});

test('short passphrases, damaged files and costs without end are refused', async () => {
  await using box = await sandbox();
  const machine = { id: 'a', name: 'vault', directory: box.root };
  const keys = createDiskKeys([], cheap);
  expect(await codeOf(keys.make('vault', 'short', 'passphrase'))).toBe('passphrase-weak');
  await (await keys.make('vault', passphrase, 'passphrase')).write(box.root);
  const file = join(box.root, 'key.json');
  const good = await readFile(file, 'utf8');
  const slot = (JSON.parse(good) as { slots: { wrapped: { key: string } }[] }).slots[0];
  const first = slot?.wrapped.key[0] === 'A' ? 'B' : 'A';
  await writeFile(file, good.replace(/("key": ")./, `$1${first}`));
  expect(await codeOf(keys.unlock(machine, passphrase))).toBe('passphrase-wrong');
  for (const bad of ['', '{}', good.replace('"n": 1024', '"n": 1073741824'), good.slice(0, 90)]) {
    await writeFile(file, bad);
    expect(await codeOf(keys.unlock(machine, passphrase))).toBe('file-unreadable');
  }
  expect(isAffordable({ n: 2 ** 17, r: 8, p: 1, salt: '' })).toBe(true);
  expect(isAffordable({ n: 2 ** 17 + 2, r: 8, p: 1, salt: '' })).toBe(false);
  expect(isAffordable({ n: 2 ** 21, r: 8, p: 1, salt: '' })).toBe(false);
});
