// SPDX-License-Identifier: Apache-2.0
//
// kill -9 while the disks of a machine are encrypted and decrypted: it is as it was or as it was asked to be,
// its content is there, and nothing is left over.
import { execFileSync } from 'node:child_process';
import { readFile, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Machine } from '../../src/contract/api.ts';
import { createDiskKeys } from '../../src/engine/encryption/disk-keys.ts';
import { copyEncrypted } from '../../src/disk/encrypted-copy.ts';
import { isEncrypted } from '../../src/disk/encrypted-image.ts';
import { startService, type TestService } from '../support/service.ts';

const passphrase = 'four words make one';
const params = { ref: 'vault' };
const mark = Buffer.from('what must not get lost');

describe('disks that are being encrypted', () => {
  let service: TestService;
  let directory: string;
  beforeAll(async () => {
    service = await startService();
    const { client } = service;
    const disks = [{ file: 'disks/data.raw', format: 'raw', size: '8MiB' }];
    const definition = { disks, boot: { type: 'uefi' }, memory: '64MiB' };
    await service.finish(client.call('createMachine', { body: { name: 'vault', definition } }));
    ({ directory } = await client.call('showMachine', { params }));
    await writeFile(join(directory, 'disks/data.raw'), Buffer.concat([mark, Buffer.alloc(2 ** 22, 'x')]));
    await truncate(join(directory, 'disks/data.raw'), 2 ** 23);
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const encrypt = () =>
    service.finish(service.client.call('encryptMachine', { params, body: { passphrase } }));
  const decrypt = () =>
    service.finish(service.client.call('decryptMachine', { params, body: { passphrase } }));
  const machine = (): Promise<Machine> => service.client.call('showMachine', { params });

  /** What the disk is by its definition must be what it is, alone in its folder, with its content. */
  const look = async (): Promise<'encrypted' | 'plain'> => {
    const { definition } = await machine();
    const disk = definition?.disks[0];
    if (disk === undefined) throw new Error('its disk is gone');
    const path = join(directory, disk.file);
    expect(await readdir(join(directory, 'disks'))).toEqual([disk.file.slice('disks/'.length)]);
    expect(await readdir(directory)).not.toContain('disk-work.json');
    const encrypted = definition?.encryption !== undefined;
    expect(await isEncrypted(path)).toBe(encrypted);
    const copy = `${path}.copy`;
    const key = encrypted
      ? await createDiskKeys([]).unlock({ id: '', name: '', directory }, passphrase)
      : null;
    const source = { file: path, format: disk.format };
    if (key === null)
      execFileSync('qemu-img', ['convert', '-f', disk.format, '-O', 'raw', path, `${copy}.raw`]);
    else {
      const signal = new AbortController().signal;
      await copyEncrypted({ source, target: copy, key, encrypt: false, signal, onProgress: () => {} });
      execFileSync('qemu-img', ['convert', '-f', 'qcow2', '-O', 'raw', copy, `${copy}.raw`]);
    }
    expect((await readFile(`${copy}.raw`)).subarray(0, mark.length)).toEqual(mark);
    await rm(copy, { force: true });
    await rm(`${copy}.raw`);
    return encrypted ? 'encrypted' : 'plain';
  };

  // Each goes on from where the one before came to, so both ways are killed.
  test.each([300, 1500, 3000])('killed after %i ms', async (moment) => {
    const before = await look();
    void (before === 'plain' ? encrypt() : decrypt()).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    const after = await look();
    expect(['plain', 'encrypted']).toContain(after);
  });

  test('it can be encrypted and decrypted after all that', async () => {
    if ((await look()) === 'plain') await encrypt();
    expect(await look()).toBe('encrypted');
    await expect(encrypt()).rejects.toMatchObject({ code: 'encryption-refused' });
    await decrypt();
    expect(await look()).toBe('plain');
    expect(await readdir(directory)).not.toContain('key.json');
  });

  test('aborted, nothing of it is left', async () => {
    const { id } = await service.client.call('encryptMachine', { params, body: { passphrase } });
    await delay(200);
    await service.client.call('abortTask', { params: { id } });
    expect(await look()).toBe('plain');
  });
});
