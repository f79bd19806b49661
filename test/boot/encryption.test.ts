// SPDX-License-Identifier: Apache-2.0
//
// Encrypted disks with a real QEMU: what a guest writes is not on the storage in clear, only the right passphrase starts the
// machine, and no secret is anywhere where somebody could look.
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyFile } from '../../src/engine/encryption/key-file.ts';
import { keyFromPassphrase, unwrap } from '../../src/engine/encryption/wrapping.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

const passphrase = 'correct horse battery staple';
const clearText = 'nobody-may-read-this-7391';
const params = { ref: 'vault' };

describe('a machine whose disks are encrypted', () => {
  let service: TestService;
  let directory: string;
  beforeAll(async () => {
    service = await startService();
  });
  afterAll(() => service[Symbol.asyncDispose]());

  const start = async (words?: string): Promise<void> => {
    const events = await service.listen();
    try {
      await service.client.call('startMachine', {
        params,
        body: words === undefined ? {} : { passphrase: words },
      });
      await events.next(({ type }) => type === 'machine.ready');
    } finally {
      events.close();
    }
  };
  const cutPower = () =>
    service.finish(service.client.call('stopMachine', { params, body: { force: true, timeoutSeconds: 1 } }));
  const inGuest = async (line: string, answer: RegExp): Promise<void> => {
    using serial = await openConsole(service.paths, 'vault');
    await serial.type(line, answer);
  };
  const images = async (): Promise<Buffer> => {
    const names = (await readdir(join(directory, 'disks'))).toSorted();
    return Buffer.concat(await Promise.all(names.map((name) => readFile(join(directory, 'disks', name)))));
  };

  test('is made encrypted, and no answer says the passphrase', async () => {
    const body = { name: 'vault', from: 'tiny', definition: { nics: [] }, encrypt: { passphrase } };
    const task = await service.finish(service.client.call('createMachine', { body }));
    ({ directory } = await service.client.call('showMachine', { params }));
    expect(JSON.stringify(task)).not.toContain(passphrase);
    const { definition } = await service.client.call('showMachine', { params });
    expect(definition?.encryption).toEqual({ key: 'passphrase' });
    expect(definition?.disks.map(({ format }) => format)).not.toContain('raw');
  });

  test('without the passphrase nothing is started', async () => {
    await expect(start('not this one')).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await expect(start()).rejects.toMatchObject({ code: 'passphrase-needed' });
    expect(service.processes().filter((pid) => pid !== service.process.pid)).toEqual([]);
  });

  test('with it a guest writes to its disk, and nobody else hears of key or content', async () => {
    await start(passphrase);
    await inGuest(`echo ${clearText} > /data/secret; sync; echo do""ne`, /done/);
    const key = await diskKey(directory);
    for (const secret of [passphrase, key.toString('base64'), key.toString('hex'), key])
      expect(await placesWith(service, directory, secret)).toEqual([]);
    // The search does find what is there.
    expect(await placesWith(service, directory, 'key-secret')).not.toEqual([]);
    await cutPower();
    expect((await images()).includes(clearText)).toBe(false);
  });

  test('another passphrase opens the same disks, which can be decrypted again', async () => {
    const newPassphrase = 'another four quiet words';
    await service.client.call('changePassphrase', { params, body: { passphrase, newPassphrase } });
    const decrypt = (words: string) =>
      service.finish(service.client.call('decryptMachine', { params, body: { passphrase: words } }));
    await expect(decrypt(passphrase)).rejects.toMatchObject({ code: 'passphrase-wrong' });
    await start(newPassphrase);
    await inGuest('cat /data/secret', new RegExp(clearText));
    await cutPower();
    await decrypt(newPassphrase);
    expect(await readdir(directory)).not.toContain('key.json');
    // The search does find what everybody can read.
    expect((await images()).includes(clearText)).toBe(true);
  });
});

async function diskKey(directory: string): Promise<Buffer> {
  const slot = (await readKeyFile(directory))?.slots[0];
  if (slot?.holder !== 'passphrase') throw new Error('no passphrase opens it');
  const key = unwrap(slot.wrapped, await keyFromPassphrase(passphrase, slot.scrypt));
  if (key === null) throw new Error('the passphrase does not open it');
  return key;
}

/** Everywhere somebody could look: arguments and environments of processes, all files of the service, its answers. */
async function placesWith(
  service: TestService,
  directory: string,
  secret: string | Buffer,
): Promise<string[]> {
  const { paths, client } = service;
  const places: string[] = [];
  const look = (place: string, content: Buffer | string): void => {
    if (Buffer.from(content).includes(secret)) places.push(place);
  };
  for (const pid of service.processes())
    for (const file of ['cmdline', 'environ']) look(`${pid} ${file}`, await readFile(`/proc/${pid}/${file}`));
  for (const folder of [paths.runtime, paths.state, directory])
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
      const file = join(entry.parentPath, entry.name);
      if (entry.isFile()) look(file, await readFile(file));
    }
  const answers = [
    await client.call('showMachine', { params }),
    await client.call('planMachine', { params }),
    await client.call('readDefinition', { params }),
    await client.call('listTasks'),
    await client.call('machineEvents', { params }),
  ];
  for (const [index, answer] of answers.entries()) look(`answer ${index}`, JSON.stringify(answer));
  return places;
}
