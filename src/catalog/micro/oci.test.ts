// SPDX-License-Identifier: Apache-2.0
import { mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync, zstdCompressSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { blobsOf, kindOfArchive, unpackBlobs } from './archive.ts';
import { flatten, mergeLayers } from './flatten.ts';
import { openLayer } from './layers.ts';
import { readDockerImage, readOciImage } from './oci.ts';
import { readTar } from './tar-reader.ts';
import { collect, inPieces, sha256, someTar, writeLayout, type SomeImage } from './testing.ts';

let directory = '';
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'oci-'));
});
afterEach(() => rm(directory, { recursive: true }));

const lower = someTar([
  { path: 'bin/sh', content: 'a shell', mode: 0o755 },
  { path: 'etc/gone', content: 'old' },
]);
const upper = someTar([{ path: 'etc/.wh.gone' }, { path: 'etc/new', content: 'new', uid: 1000, gid: 100 }]);

const layout = async (image: Partial<SomeImage> = {}) => {
  await writeLayout(directory, { layers: [lower, upper], ...image });
  return readOciImage(blobsOf(directory), 'x86_64');
};

describe('an image layout', () => {
  test('tells its configuration, and its layers make one archive', async () => {
    const { config, layers } = await layout({
      config: {
        Entrypoint: ['/e'],
        Cmd: ['c'],
        Env: ['A=1', '=bad', 'worse'],
        WorkingDir: '/w',
        User: 'u:g',
      },
    });
    expect(config).toEqual({
      entrypoint: ['/e'],
      command: ['c'],
      env: ['A=1'],
      directory: '/w',
      user: 'u:g',
    });
    const flattening = { image: 'img', layers, whiteouts: true };
    const archive = await collect(flatten(flattening, await mergeLayers(flattening)));
    const found: Record<string, string> = {};
    for await (const { header, content } of readTar(inPieces(archive, 999), 'out'))
      found[`${header.path} ${header.uid}`] = (await collect(content)).toString();
    expect(found).toEqual({
      './ 0': '',
      'bin/ 0': '',
      'etc/ 0': '',
      'bin/sh 0': 'a shell',
      'etc/new 1000': 'new',
    });
  });

  test.each<[string, NonNullable<SomeImage['spoil']>, RegExp]>([
    [
      'a manifest of other bytes',
      ({ index }) => (index.manifests[0].digest = `sha256:${'0'.repeat(64)}`),
      /it has no blobs/,
    ],
    [
      'a digest that is a path',
      ({ index }) => (index.manifests[0].digest = 'sha256:../../../etc/passwd'),
      /no sha256/,
    ],
    ['a layer with a path for a digest', ({ manifest }) => (manifest.layers[0].digest = '../x'), /no sha256/],
    [
      'another architecture',
      ({ index }) => (index.manifests[0].platform.architecture = 's390x'),
      /s390x, not for linux\/amd64/,
    ],
    ['an encrypted layer', ({ manifest }) => (manifest.layers[0].mediaType += '+encrypted'), /encrypted/],
    ['words that are none', ({ config }) => (config.config.Cmd = 'rm -rf'), /"Cmd"/],
    ['words with NUL in them', ({ config }) => (config.config.Cmd = ['a\0b']), /"Cmd"/],
    ['an index of nothing', ({ index }) => (index.manifests = []), /nothing/],
    [
      'several images',
      ({ index }) =>
        (index.manifests = ['a', 'b'].map((name) => ({
          annotations: { 'org.opencontainers.image.ref.name': name },
        }))),
      /several images \(a, b\)/,
    ],
  ])('with %s is refused', async (_what, spoil, reason) => {
    await expect(layout({ spoil })).rejects.toThrow(reason);
  });

  test('with a layer of other bytes is refused, before anything can be made of it', async () => {
    const { layers } = await layout();
    await writeFile(layers[1]?.file ?? '', someTar([{ path: 'evil' }]));
    await expect(mergeLayers({ image: 'img', layers, whiteouts: true })).rejects.toThrow(/not what it says/);
  });

  test('with a layer that unpacks to other bytes is refused', async () => {
    const { layers } = await layout({
      spoil: ({ config }) => (config.rootfs.diff_ids[0] = `sha256:${sha256('other')}`),
    });
    await expect(mergeLayers({ image: 'img', layers, whiteouts: true })).rejects.toThrow(/not what it says/);
  });
});

describe('a layer', () => {
  test.each([
    ['plain', lower],
    ['gzip', gzipSync(lower)],
    ['zstd', zstdCompressSync(lower)],
  ])('packed as %s is read', async (_kind, bytes) => {
    const file = join(directory, 'layer');
    await writeFile(file, bytes);
    expect(await collect(openLayer({ file, digest: sha256(bytes), diffId: sha256(lower) }, 'img'))).toEqual(
      lower,
    );
  });
  test.each([
    ['xz', Buffer.from('fd377a585a000000', 'hex'), /packed with xz/],
    ['damaged gzip', Buffer.concat([gzipSync(lower).subarray(0, 60), Buffer.alloc(40)]), /damaged/],
    ['cut off gzip', gzipSync(lower).subarray(0, 60), /damaged/],
  ])('%s is refused', async (_kind, bytes, reason) => {
    const file = join(directory, 'layer');
    await writeFile(file, bytes);
    await expect(collect(openLayer({ file }, 'img'))).rejects.toThrow(reason);
  });
});

describe('an archive', () => {
  const dockerConfig = JSON.stringify({
    config: { Cmd: ['x'] },
    rootfs: { diff_ids: [lower, upper].map((layer) => `sha256:${sha256(layer)}`) },
  });
  const docker = someTar([
    { path: '../../a/layer.tar', content: lower },
    { path: 'b/layer.tar', content: upper },
    { path: 'c/layer.tar', type: 'link', target: '../b/layer.tar' },
    { path: 'config.json', content: dockerConfig },
    {
      path: 'manifest.json',
      content: JSON.stringify([{ Config: 'config.json', Layers: ['a/layer.tar', 'c/layer.tar'] }]),
    },
  ]);
  const put = async (bytes: Buffer) => {
    const file = join(directory, 'archive');
    await writeFile(file, bytes);
    return file;
  };

  test('of docker save is taken apart, links in it followed', async () => {
    const file = await put(gzipSync(docker));
    expect(await kindOfArchive(file)).toBe('docker');
    const { config, layers } = await readDockerImage(await unpackBlobs(file, directory));
    expect(config.command).toEqual(['x']);
    const tree = await mergeLayers({ image: 'img', layers, whiteouts: true });
    expect([tree.has('bin/sh'), tree.has('etc/new'), tree.has('etc/gone')]).toEqual([true, true, false]);
  });

  test.each([
    ['oci', someTar([{ path: './oci-layout' }, { path: './index.json' }])],
    ['root', someTar([{ path: './bin/', type: 'directory' }, { path: 'manifest.json' }])],
    ['root', someTar([{ path: 'hello' }])],
  ])('is known by its content: %s', async (kind, bytes) => {
    expect(await kindOfArchive(await put(bytes))).toBe(kind);
  });
});

test('a link in a layout folder may not lead to what is no file', async () => {
  await symlink('/dev', join(directory, 'index.json'));
  await expect(readOciImage(blobsOf(directory), 'x86_64')).rejects.toThrow(/no index.json/);
});
