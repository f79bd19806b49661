// SPDX-License-Identifier: Apache-2.0
//
// Images made by the real qemu-img, and what our own reading of headers thinks of them.
import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createImage } from '../../src/disk/create.ts';
import { inspectImage } from '../../src/disk/inspect.ts';
import { makeFromTemplate } from '../../src/disk/template.ts';

let directory = '';
const at = (name: string): string => join(directory, name);
const qemuImg = (...parameters: string[]) => execFileSync('qemu-img', parameters, { encoding: 'utf8' });
const inspect = (name: string, format = 'qcow2') => inspectImage({ file: at(name), format, directory });

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'ph,img-'));
});
afterEach(() => rm(directory, { recursive: true, force: true }));

test.for([512, 2 ** 20, 2 ** 30 + 512, 64 * 2 ** 40])('a new disk of %d bytes', async (size) => {
  await createImage({ file: at('a, "b".qcow2'), format: 'qcow2', size });
  await inspect('a, "b".qcow2');
  const info = JSON.parse(qemuImg('info', '--output=json', at('a, "b".qcow2'))) as Record<string, unknown>;
  expect(info).toMatchObject({ 'virtual-size': size, format: 'qcow2', 'cluster-size': 65_536 });
  expect((await stat(at('a, "b".qcow2'))).mode & 0o777).toBe(0o600);
  expect(await readdir(directory)).toHaveLength(1);
});

test('a disk is never made over another one', async () => {
  await createImage({ file: at('a'), format: 'qcow2', size: 2 ** 20 });
  await expect(createImage({ file: at('a'), format: 'qcow2', size: 2 ** 21 })).rejects.toMatchObject({
    code: 'file-exists',
  });
  expect(await readdir(directory)).toEqual(['a']);
});

test('a folder that is not there', async () => {
  await expect(createImage({ file: at('no/a'), format: 'qcow2', size: 512 })).rejects.toThrow('ENOENT');
});

test('a disk with content, whole and cut off', async () => {
  await writeFile(at('content.raw'), Buffer.alloc(3 * 2 ** 20, 7));
  qemuImg('convert', '-f', 'raw', '-O', 'qcow2', at('content.raw'), at('a.qcow2'));
  await inspect('a.qcow2');
  const { size } = await stat(at('a.qcow2'));
  for (const left of [size - 2 ** 20, 2 ** 20, 200_000, 70_000, 1000, 100, 8]) {
    await truncate(at('a.qcow2'), left);
    await expect(inspect('a.qcow2')).rejects.toMatchObject({ code: 'disk-damaged' });
  }
});

test.for([
  ['compressed', ['-c']],
  ['small clusters', ['-o', 'cluster_size=512']],
  ['large clusters', ['-o', 'cluster_size=2M']],
  ['extended tables', ['-o', 'extended_l2=on']],
  ['the old version', ['-o', 'compat=0.10']],
  ['preallocated', ['-o', 'preallocation=metadata']],
  ['zstd', ['-o', 'compression_type=zstd']],
] as const)('an image of other tools: %s', async ([, options]) => {
  await writeFile(
    at('content.raw'),
    Buffer.concat([Buffer.alloc(2 ** 20, 7), Buffer.alloc(2 ** 20), Buffer.alloc(2 ** 20, 8)]),
  );
  qemuImg('convert', '-f', 'raw', '-O', 'qcow2', ...options, at('content.raw'), at('a.qcow2'));
  await expect(inspect('a.qcow2')).resolves.toBeUndefined();
});

test('a linked disk', async () => {
  await createImage({ file: at('base.qcow2'), format: 'qcow2', size: 2 ** 20 });
  qemuImg('create', '-q', '-f', 'qcow2', '-b', 'base.qcow2', '-F', 'qcow2', at('a.qcow2'));
  await inspect('a.qcow2');
  qemuImg('create', '-q', '-f', 'qcow2', '-b', '/etc/hostname', '-F', 'raw', at('b.qcow2'));
  await expect(inspect('b.qcow2')).rejects.toMatchObject({
    code: 'disk-outside',
    facts: { target: '/etc/hostname' },
  });
});

test('firmware variables are made from their template once', async () => {
  await writeFile(at('template.fd'), Buffer.alloc(540_672, 5));
  const planned = {
    what: 'UEFI variables',
    file: at('vars.qcow2'),
    template: at('template.fd'),
    templateFormat: 'raw',
    format: 'qcow2',
  };
  await makeFromTemplate(planned);
  qemuImg('compare', '-f', 'qcow2', '-F', 'raw', at('vars.qcow2'), at('template.fd'));
  expect((await stat(at('vars.qcow2'))).mode & 0o777).toBe(0o600);

  await writeFile(at('vars.qcow2'), 'what the guest stored');
  await makeFromTemplate(planned);
  expect(await readFile(at('vars.qcow2'), 'utf8')).toBe('what the guest stored');
});

test('a template that is missing or not what it should be', async () => {
  const planned = {
    what: 'UEFI variables',
    file: at('vars.qcow2'),
    template: at('none'),
    templateFormat: 'raw',
    format: 'qcow2',
  };
  await expect(makeFromTemplate(planned)).rejects.toMatchObject({ code: 'file-unreadable' });
  await writeFile(at('none'), 'not a qcow2 image');
  await expect(makeFromTemplate({ ...planned, templateFormat: 'qcow2' })).rejects.toMatchObject({
    code: 'file-unreadable',
  });
  expect(await readdir(directory)).toEqual(['none']);
});
