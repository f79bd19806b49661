// SPDX-License-Identifier: Apache-2.0
//
// kill -9 and a full disk in the middle of a clone: the machine that is cloned shows what it did, and the clone is there
// with all it needs or not at all.
import { execFileSync } from 'node:child_process';
import { readdirSync, statfsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CloneRequest } from '../../src/contract/clone.ts';
import type { Machine } from '../../src/contract/api.ts';
import { seenBy, write } from '../../src/engine/clones/testing.ts';
import { missingTools, run } from '../support/guest-image.ts';
import { startService, type TestService } from '../support/service.ts';

const params = { ref: 'base' };

interface Bench {
  service: TestService;
  /** Deletes the clone, if there is one, and lets the guest write something that makes the next clone a new one */
  renew(): Promise<void>;
  clone(request?: Partial<CloneRequest>): Promise<unknown>;
  show(ref: string): Promise<Machine>;
  /** What the guest sees on the disks of a machine */
  seen(ref: string): Promise<string[]>;
  names(): Promise<string[]>;
}

/** A machine with a qcow2 and a raw disk, and something like UEFI variables, in a service of its own. */
async function makeBench(dataParent?: string): Promise<Bench> {
  const service = await startService(dataParent === undefined ? {} : { dataParent });
  const { client } = service;
  const directory = join(service.paths.machines, 'b1111111-1111-4111-8111-111111111111');
  await mkdir(join(directory, 'disks'), { recursive: true });
  await mkdir(join(directory, 'firmware'));
  await writeFile(join(directory, 'firmware/vars.qcow2'), Buffer.alloc(100_000, 1));
  run('qemu-img', 'create', '-q', '-f', 'qcow2', join(directory, 'disks/a.qcow2'), '8M');
  run('qemu-img', 'create', '-q', '-f', 'raw', join(directory, 'disks/b.raw'), '4M');
  await writeFile(
    join(directory, 'machine.yaml'),
    `formatVersion: 1
id: b1111111-1111-4111-8111-111111111111
name: base
architecture: x86_64
memory: 64MiB
boot: { type: uefi }
disks: [{ file: disks/a.qcow2, format: qcow2 }, { file: disks/b.raw, format: raw }]
`,
  );
  let round = 0;
  const show = (ref: string) => client.call('showMachine', { params: { ref } });
  const names = async () => (await client.call('listMachines')).map(({ name }) => name);
  const seen = async (ref: string): Promise<string[]> => {
    // A service that was just started may be merging layers; qemu-img does not read them meanwhile.
    while ((await client.call('listTasks')).some(({ state }) => state === 'running')) await delay(10);
    const { id, name, directory: folder, definition } = await show(ref);
    return seenBy({ id, name, directory: folder, definition, problems: [] });
  };
  return {
    service,
    show,
    seen,
    names,
    async renew() {
      if ((await names()).includes('copy')) {
        await client.call('deleteMachine', { params: { ref: 'copy' } });
        await client.call('eraseMachine', { params: { ref: 'copy' } });
      }
      round += 1;
      for (const disk of (await show('base')).definition?.disks ?? [])
        write(join(directory, disk.file), disk.format, round, round % 3);
    },
    clone: (request = {}) =>
      service.finish(
        client.call('cloneMachine', { params, body: { name: 'copy', ...request } }).then(({ task }) => task),
      ),
  };
}

const missing = missingTools(['qemu-io']);

describe.skipIf(missing !== '')(`a clone${missing}`, () => {
  let bench: Bench;
  beforeAll(async () => {
    bench = await makeBench();
  });
  afterAll(() => bench.service[Symbol.asyncDispose]());

  // Steps through everything a clone does; where each one hits is up to the PC.
  const cases = [0, 60, 110, 160, 240].map((moment) => [moment, false] as const);
  test.each([...cases, [60, true] as const])('killed after %i ms (full: %s)', async (moment, full) => {
    const { service, renew, clone, seen, names } = bench;
    await renew();
    const before = await seen('base');
    void clone({ full }).catch(() => {});
    await delay(moment);
    await service.kill();
    await service.restart();
    expect(await seen('base')).toEqual(before);
    if (!(await names()).includes('copy')) await clone({ full });
    expect(await seen('copy')).toEqual(before);
    expect(leftOvers(service)).toEqual([]);
  });

  test('it can be told from its source by everything that must not be there twice', async () => {
    const [base, copy] = [await bench.show('base'), await bench.show('copy')];
    expect(copy.id).not.toBe(base.id);
    expect(copy.directory).toContain(copy.id);
  });
});

/** What a kill may leave and a start has to clear away: folders that nobody lists, files half made. */
function leftOvers({ paths }: TestService): string[] {
  return readdirSync(paths.machines, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.startsWith('.new-') || name.endsWith('.tmp'),
  );
}

const isRoot = process.getuid?.() === 0;
const needsRoot = isRoot ? '' : ' (not run: needs root)';

describe.skipIf(missing !== '' || !isRoot)(`on file systems of its own${missing}${needsRoot}`, () => {
  test('wherever the space ends, nothing is left half-made', async () => {
    await using place = await mounted('tmpfs', ['-o', 'size=64M,mode=700']);
    const bench = await makeBench(place.folder);
    await using service = bench.service;
    const filler = join(place.folder, 'filler');
    const outcomes = new Set<string>();
    for (const kibibytes of [0, 60, 140, 260, 420, 600, 4000]) {
      await bench.renew();
      const before = await bench.seen('base');
      const { bavail, bsize } = statfsSync(place.folder);
      await writeFile(filler, Buffer.alloc(Math.max(0, bavail * bsize - kibibytes * 1024)));
      const failure = await bench.clone().then(
        () => null,
        ({ code, message }: { code: string; message: string }) =>
          code === 'internal-error' ? message : code,
      );
      await rm(filler);
      expect([null, 'no-space']).toContain(failure);
      expect((await bench.names()).includes('copy')).toBe(failure === null);
      expect(await bench.seen('base')).toEqual(before);
      if (failure === null) expect(await bench.seen('copy')).toEqual(before);
      expect(leftOvers(service)).toEqual([]);
      outcomes.add(String(failure));
    }
    // Otherwise the steps in between were not among these.
    expect([...outcomes].toSorted()).toEqual(['no-space', 'null']);
  });

  const noBtrfs = missingTools(['mkfs.btrfs', 'losetup']);
  test.skipIf(noBtrfs !== '')(
    `where blocks can be shared, the source stays untouched${noBtrfs}`,
    async () => {
      await using place = await mounted('btrfs', ['-o', 'loop']);
      const bench = await makeBench(place.folder);
      await using _ = bench.service;
      await bench.renew();
      const [before, source] = [await bench.seen('base'), await bench.show('base')];
      await bench.clone();
      expect((await bench.show('base')).definition).toEqual(source.definition);
      const copy = await bench.show('copy');
      expect(copy.definition?.disks).toEqual(source.definition?.disks);
      await bench.service.client.call('deleteMachine', { params });
      await bench.service.client.call('eraseMachine', { params });
      expect(await bench.seen('copy')).toEqual(before);
    },
  );
});

/** A small file system, until the test has ended. */
async function mounted(type: 'tmpfs' | 'btrfs', options: readonly string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'phfs-'));
  const image = `${folder}.img`;
  if (type === 'btrfs') {
    await writeFile(image, '');
    await truncate(image, 128 * 2 ** 20);
    run('mkfs.btrfs', '-q', image);
  }
  execFileSync('mount', ['-t', type, ...options, type === 'tmpfs' ? 'tmpfs' : image, folder]);
  await chmod(folder, 0o700);
  return {
    folder,
    async [Symbol.asyncDispose]() {
      execFileSync('umount', ['--lazy', folder]);
      await rm(folder, { recursive: true, force: true });
      await rm(image, { force: true });
    },
  };
}
