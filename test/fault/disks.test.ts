// SPDX-License-Identifier: Apache-2.0
//
// kill -9 and a full disk in the middle of work on a disk: it holds every byte that it held, and nothing half-made is left.
import { execFileSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Task } from '../../src/contract/task.ts';
import { missingTools } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const params = { ref: 'disky' };
const disk = { ...params, disk: '0' };
const MiB = 2 ** 20;
const run = (...words: string[]): string =>
  execFileSync(words[0] as string, words.slice(1), { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

interface Shop {
  service: TestService;
  directory: string;
  original: string;
  yaml: string;
  renew(): Promise<void>;
  /** The image that the definition names now; it holds what it held, or we fail */
  requireContent(): Promise<string>;
  files(): Promise<string[]>;
}

async function openShop(dataParent?: string): Promise<Shop> {
  const service = await startService(dataParent === undefined ? {} : { dataParent });
  const made = await service.client.call('createMachine', {
    body: {
      name: params.ref,
      definition: {
        boot: { type: 'bios' },
        memory: '64MiB',
        disks: [{ file: 'disks/a.qcow2', format: 'qcow2', size: '256MiB' }],
      },
    },
  });
  await service.finish(Promise.resolve(made));
  const { directory } = await service.client.call('showMachine', { params });
  const kept = await mkdtemp(join(tmpdir(), 'phkept-'));
  const original = join(kept, 'a.qcow2');
  run('qemu-img', 'create', '-q', '-f', 'qcow2', original, '256M');
  // 24 MiB that stay, and 24 MiB of zeros that a trim gives back.
  run('qemu-io', '-f', 'qcow2', '-c', 'write -P 7 1M 24M', '-c', 'write -P 1 64M 24M', original);
  run('qemu-io', '-f', 'qcow2', '-c', 'write -P 0 64M 24M', original);
  const yaml = await readFile(join(directory, 'machine.yaml'), 'utf8');
  const shop: Shop = {
    service,
    directory,
    original,
    yaml,
    async renew() {
      await rm(join(directory, 'disks'), { recursive: true, force: true });
      await rm(join(directory, 'disk-work.json'), { force: true });
      await mkdir(join(directory, 'disks'));
      await copyFile(original, join(directory, 'disks/a.qcow2'));
      await writeFile(join(directory, 'machine.yaml'), yaml);
    },
    async requireContent() {
      const { definition } = await service.client.call('showMachine', { params });
      const [found] = definition?.disks ?? [];
      const file = join(directory, found?.file ?? 'none');
      // Larger is fine where it grew: what is behind the end of the original is empty.
      expect(run('qemu-img', 'compare', '-f', 'qcow2', '-F', found?.format ?? '', original, file)).toMatch(
        /identical/,
      );
      return found?.file ?? '';
    },
    files: async () =>
      (await readdir(directory, { recursive: true })).filter(
        (name) => !/^(?:machine\.yaml|lock|disks)$/.test(name),
      ),
  };
  return shop;
}

type Work = [what: string, begin: (service: TestService) => Promise<Task>];
const works: Work[] = [
  ['convert', ({ client }) => client.call('convertDisk', { params: disk, body: { format: 'raw' } })],
  ['trim', ({ client }) => client.call('trimDisks', { params, body: {} })],
  ['grow', ({ client }) => client.call('growDisk', { params: disk, body: { by: 64 * MiB } })],
  ['add', ({ client }) => client.call('addDisk', { params, body: { size: 64 * MiB } })],
];

describe('kill -9', () => {
  let shop: Shop;
  beforeAll(async () => {
    shop = await openShop();
  });
  afterAll(() => shop.service[Symbol.asyncDispose]());

  // Steps through what each does; where one hits is up to the PC.
  const moments: Record<string, number[]> = {
    convert: [0, 20, 60, 120, 200],
    trim: [20, 60, 120, 200],
    grow: [10, 30],
    add: [10, 30],
  };
  test.each(
    works.flatMap(([what, begin]) => (moments[what] ?? []).map((moment) => ({ what, begin, moment }))),
  )('during $what after $moment ms', async ({ begin, moment }) => {
    const { service, renew, requireContent, files } = shop;
    await renew();
    void begin(service).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    await requireContent();
    const { definition } = await service.client.call('showMachine', { params });
    expect(await files()).toEqual((definition?.disks ?? []).map(({ file }) => file).toSorted());
    // And it can be worked on.
    expect((await service.client.call('machineDisks', { params })).disks[0]?.problem).toBeNull();
  });
});

const isRoot = process.getuid?.() === 0;
describe.skipIf(!isRoot)(`on a full disk${isRoot ? '' : ' (not run: needs root)'}`, () => {
  test('nothing is left half-made, wherever the space ends', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'phfull-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=160M,mode=700', 'tmpfs', folder]);
    await chmod(folder, 0o700);
    const shop = await openShop(folder);
    const { service, directory } = shop;
    try {
      const outcomes = new Map<string, string[]>();
      for (const [what, begin] of works)
        for (const left of [0, 0.05, 12, 100]) {
          await shop.renew();
          const { bavail, bsize } = statfsSync(folder);
          const filler = join(folder, 'filler');
          await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - left * MiB)));
          const failure = await service.finish(begin(service)).then(
            () => null,
            (error: unknown) => error as { code: string },
          );
          await rm(filler);
          if (failure !== null) {
            expect(failure.code).toBe('no-space');
            expect(await readFile(join(directory, 'machine.yaml'), 'utf8')).toBe(shop.yaml);
            expect(await shop.files()).toEqual(['disks/a.qcow2']);
          }
          await shop.requireContent();
          outcomes.set(what, [...(outcomes.get(what) ?? []), failure === null ? 'done' : 'refused']);
        }
      // Without any space nothing that writes works; with enough, all of it.
      for (const [what] of works) expect([what, outcomes.get(what)?.at(-1)]).toEqual([what, 'done']);
      expect(outcomes.get('convert')?.[0]).toBe('refused');
      expect(outcomes.get('trim')?.[0]).toBe('refused');
      expect(existsSync(join(directory, 'disk-work.json'))).toBe(false);
    } finally {
      await service[Symbol.asyncDispose]();
      execFileSync('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
    }
  });
});

const missing = missingTools(['mke2fs', 'blkid']);
describe.skipIf(!isRoot || missing !== '')(`a whole device${missing}`, () => {
  test('that is mounted is refused, whatever its records say; one that is free is opened', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'phloop-'));
    const image = join(folder, 'image');
    await writeFile(image, Buffer.alloc(8 * MiB));
    run('mke2fs', '-q', image);
    const service = await startService();
    let loop: string;
    try {
      loop = run('losetup', '--find', '--show', image).trim();
    } catch (error) {
      console.warn(`not run: this PC has no loop devices (${String(error)})`);
      await service[Symbol.asyncDispose]();
      return;
    }
    try {
      await service.create(params.ref);
      const { identity = '' } =
        (await service.client.call('listBlockDevices')).find(({ name }) => `/dev/${name}` === loop) ?? {};
      expect(identity).toContain('image');
      const add = () =>
        service.finish(service.client.call('addDisk', { params, body: { device: loop, identity } }));
      const point = join(folder, 'mounted');
      await mkdir(point);
      execFileSync('mount', [loop, point]);
      await expect(add()).rejects.toMatchObject({ code: 'device-refused' });
      execFileSync('umount', [point]);
      await expect(
        service.client.call('addDisk', { params, body: { device: loop, identity: 'another' } }),
      ).rejects.toMatchObject({ code: 'device-refused' });
      await add();
      const { definition } = await service.client.call('showMachine', { params });
      expect(definition?.disks.at(-1)).toMatchObject({ file: loop, format: 'raw', device: identity });
      // A snapshot, a conversion or an erasure is nothing for it.
      const last = { ...params, disk: loop };
      await expect(
        service.client.call('convertDisk', { params: last, body: { format: 'qcow2' } }),
      ).rejects.toMatchObject({ code: 'disk-refused' });
      expect(await service.client.call('removeDisk', { params: last, body: { erase: true } })).toMatchObject({
        erased: false,
      });
      expect(run('blkid', '-o', 'value', '-s', 'TYPE', loop).trim()).toMatch(/^ext/);
    } finally {
      await service[Symbol.asyncDispose]();
      run('losetup', '--detach', loop);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
