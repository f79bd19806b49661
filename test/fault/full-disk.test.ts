// SPDX-License-Identifier: Apache-2.0
//
// A file system that is full: nothing is left half-made, and a guest that hits the end waits instead of breaking.
import { execFileSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

// The machine's kernel takes 66 MiB and its initrd some; the rest is for the guest's disk.
const size = '200M';
const isRoot = process.getuid?.() === 0;
if (!isRoot) console.warn('full-disk: not run, since making a small file system needs root');

describe.skipIf(!isRoot)('a full disk', () => {
  let folder: string;
  let service: TestService;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'phfull-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${size},mode=700`, 'tmpfs', folder]);
    service = await startService({ dataParent: folder });
  });
  afterAll(async () => {
    await service[Symbol.asyncDispose]();
    execFileSync('umount', ['--lazy', folder]);
    await rm(folder, { recursive: true, force: true });
  });

  const filler = () => join(folder, 'filler');
  /** Takes all space but `left` bytes. */
  async function fill(left: number): Promise<void> {
    const { bavail, bsize } = statfsSync(folder);
    await writeFile(filler(), Buffer.alloc(bavail * bsize - left));
  }

  test.each([0, 20 * 2 ** 20])(
    'with %i bytes left, making a machine fails and leaves nothing',
    async (left) => {
      await fill(left);
      await expect(service.create('tiny')).rejects.toMatchObject({ code: 'no-space' });
      expect(await service.client.call('listMachines')).toEqual([]);
      expect(await readdir(service.paths.machines)).toEqual([]);
      await rm(filler());
    },
  );

  test('a copy of a disk that cannot fit is refused before it begins', async () => {
    const other = await mkdtemp(join(tmpdir(), 'phcopy-'));
    const file = join(other, 'disk.raw');
    const content = Buffer.alloc(60 * 2 ** 20, 7);
    content.set([0x55, 0xaa], 510);
    await writeFile(file, content);
    await fill(50 * 2 ** 20);
    const medium = { file, use: 'copy-disk' } as const;
    await expect(
      service.client.call('createMachine', { body: { name: 'copy', medium } }),
    ).rejects.toMatchObject({ code: 'no-space', message: expect.stringMatching(/MiB more/) });
    expect(await readdir(service.paths.machines)).toEqual([]);
    await rm(filler());
    await rm(other, { recursive: true });
  });

  test('a change of a definition fails and keeps the old one', async () => {
    const { directory } = await service.create('tiny');
    await fill(0);
    const before = await service.client.call('readDefinition', { params: { ref: 'tiny' } });
    const yaml = before.yaml + `# ${'x'.repeat(20_000)}\n`;
    const change = service.client.call('writeDefinition', {
      params: { ref: 'tiny' },
      body: { ...before, yaml },
    });
    await expect(change).rejects.toMatchObject({ code: 'no-space' });
    // A disk that came with a change goes again when the change cannot be stored.
    const disk = { file: 'disks/more.raw', format: 'raw', size: '1MiB' };
    const changes = [
      { path: ['disks', 1], value: disk },
      { path: ['boot', 'commandLine'], value: 'x'.repeat(2000) },
      {
        path: ['shares'],
        value: Array.from({ length: 16 }, (_, tag) => ({ tag: `t${tag}`, path: `/${'x'.repeat(4000)}` })),
      },
    ];
    await expect(
      service.client.call('changeDefinition', { params: { ref: 'tiny' }, body: { changes } }),
    ).rejects.toMatchObject({ code: 'no-space' });
    expect(await readdir(join(directory, 'disks'))).toEqual(['data.qcow2']);
    expect(await service.client.call('readDefinition', { params: { ref: 'tiny' } })).toEqual(before);
    expect((await readdir(directory)).filter((name) => name.startsWith('.'))).toEqual([]);
    await rm(filler());
  });

  test('a guest that fills it is paused with the reason, and goes on when there is room', async () => {
    const events = await service.listen();
    await service.client.call('startMachine', { params: { ref: 'tiny' } });
    await events.next(({ type }) => type === 'machine.ready');
    await fill(8 * 2 ** 20);
    using serial = await openConsole(service.paths, 'tiny');
    await serial.type('dd if=/dev/urandom of=/data/big bs=1M count=24; sync; sha1sum /data/big', /dd if/);
    const { state } = (await events.next(
      (event) => event.type === 'machine.state' && event.state.name === 'paused',
    )) as { state: { reason: string } };
    expect(state.reason).toMatch(/no space left/);
    events.close();

    await rm(filler());
    await service.client.call('resumeMachine', { params: { ref: 'tiny' } });
    await serial.expect(/[0-9a-f]{40} {2}\/data\/big/);
    await serial.type('echo 3 > /proc/sys/vm/drop_caches; sha1sum /data/big; echo che""cked', /checked/);
    const sums = serial.text().match(/[0-9a-f]{40}(?= {2}\/data)/g);
    expect(sums).toHaveLength(2);
    expect(sums?.[0]).toBe(sums?.[1]);
    await service.finish(
      service.client.call('stopMachine', {
        params: { ref: 'tiny' },
        body: { force: true, timeoutSeconds: 1 },
      }),
    );
  });
});
