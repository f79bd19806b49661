// SPDX-License-Identifier: Apache-2.0
import { execFileSync } from 'node:child_process';
import { mkdir, readFile, rename, symlink, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { diskBytes, isoBytes, qcow2Image } from '../disk/testing.ts';
import { createEventStream } from './event-stream.ts';
import { openLibrary } from './images.ts';
import { librarySandbox, pieces } from './library-testing.ts';
import { definitionText, putMachine, someId } from './testing.ts';

const otherId = '7a1c2b3a-1111-4111-8111-111111111111';

/** A definition with a drive or a disk that has this file. */
const withFile = (file: string, key = 'removable') => {
  const entry = key === 'removable' ? { type: 'cdrom', file } : { file, format: 'qcow2' };
  return `${definitionText()}${key}: ${JSON.stringify([entry])}\n`;
};

describe('the list', () => {
  test('shows what each is by its content, sorted as people count', async () => {
    await using box = await librarySandbox();
    const put = (name: string, bytes: Buffer | string) => writeFile(join(box.paths.images, name), bytes);
    await put('disk 10.iso', isoBytes());
    await put('disk 2.iso', diskBytes());
    await put('c.qcow2', qcow2Image());
    await put('page.iso', '<!doctype html>');
    await put('.hidden.iso', isoBytes());
    await mkdir(join(box.paths.images, 'folder.iso'));
    execFileSync('mkfifo', [join(box.paths.images, 'pipe.iso')]);
    await symlink('/nowhere', join(box.paths.images, 'dead.iso'));
    await put('strange time.img', diskBytes());
    await utimes(join(box.paths.images, 'strange time.img'), 1, 1);
    const images = await box.library.list();
    expect(images.map(({ name, format }) => [name, format])).toEqual([
      ['c.qcow2', 'qcow2'],
      ['disk 2.iso', 'raw'],
      ['disk 10.iso', 'iso'],
      ['page.iso', 'unknown'],
      ['strange time.img', 'raw'],
    ]);
    expect(images.at(-1)).toEqual({
      name: 'strange time.img',
      file: join(box.paths.images, 'strange time.img'),
      format: 'raw',
      bytes: 40 * 2 ** 10,
      modifiedAt: '1970-01-01T00:00:01.000Z',
      usedBy: [],
    });
  });

  test('says who uses an image, also through links, and from the bin', async () => {
    await using box = await librarySandbox();
    const { images, machines } = box.paths;
    for (const name of ['a.iso', 'b.qcow2', 'c.iso', 'd.iso'])
      await writeFile(join(images, name), name.endsWith('iso') ? isoBytes() : qcow2Image());
    await symlink(images, join(box.root, 'my images'));
    await symlink(join(images, 'c.iso'), join(box.root, 'link.iso'));
    await putMachine(box.paths, withFile(join(box.root, 'my images', 'a.iso')));
    const other = (text: string) =>
      text.replaceAll(someId, otherId).replace('"tiny"', '"other"').replace('name: tiny', 'name: other');
    await putMachine(box.paths, other(withFile(join(images, '../images/b.qcow2'), 'disks')), otherId);
    await box.bin.put(box.store.find('other'));
    await putMachine(box.paths, other(withFile(join(box.root, 'link.iso'))), otherId);
    await mkdir(join(machines, 'broken'));
    await writeFile(join(machines, 'broken', 'machine.yaml'), `nonsense: [${join(images, 'd.iso')}`);
    const users = (await box.library.list()).map(({ name, usedBy }) => [name, usedBy]);
    expect(users).toEqual([
      ['a.iso', ['tiny']],
      ['b.qcow2', ['other (in the bin)']],
      ['c.iso', ['other']],
      ['d.iso', ['broken']],
    ]);
  });
});

describe('removing', () => {
  test('an image that nobody uses', async () => {
    await using box = await librarySandbox();
    await writeFile(join(box.paths.images, 'a.iso'), isoBytes());
    await box.library.remove('a.iso');
    expect(await box.files()).toEqual([]);
    expect(box.heard.map(({ type }) => type)).toEqual(['images.changed']);
  });

  test('one that a machine uses is refused, and names the machine', async () => {
    await using box = await librarySandbox();
    const file = join(box.paths.images, 'a.iso');
    await writeFile(file, isoBytes());
    await putMachine(box.paths, withFile(file));
    const refused = { code: 'image-in-use', facts: { name: 'a.iso', machines: ['tiny'] } };
    await expect(box.library.remove('a.iso')).rejects.toMatchObject(refused);
    await box.bin.put(box.store.find('tiny'));
    await expect(box.library.remove('a.iso')).rejects.toMatchObject({
      message: 'The image a.iso is used by tiny (in the bin).',
    });
    expect(await box.files()).toEqual(['a.iso']);
  });

  test.each(['absent.iso', '../machines', '..', '', '.', 'folder', 'a\0b'])(
    '%j is not there',
    async (name) => {
      await using box = await librarySandbox();
      await mkdir(join(box.paths.images, 'folder'));
      await expect(box.library.remove(name)).rejects.toMatchObject({ code: 'image-not-found' });
    },
  );

  test('a link goes, what it leads to stays', async () => {
    await using box = await librarySandbox();
    const file = join(box.root, 'mine.iso');
    await writeFile(file, isoBytes());
    await symlink(file, join(box.paths.images, 'link.iso'));
    expect(await box.library.list()).toMatchObject([{ name: 'link.iso', format: 'iso' }]);
    await box.library.remove('link.iso');
    expect(await readFile(file)).toEqual(isoBytes());
  });
});

const fillWith = (bytes: Buffer) => async (file: { write(bytes: Uint8Array): Promise<void> }) => {
  for await (const piece of pieces(bytes)) await file.write(piece);
};

describe('adding', () => {
  test('an image appears when it is complete, and only then', async () => {
    await using box = await librarySandbox();
    const image = await box.library.add('ä.iso', null, async (file) => {
      await fillWith(isoBytes())(file);
      expect(await box.library.list()).toEqual([]);
      expect(file.length).toBe(40 * 2 ** 10);
    });
    expect(image).toMatchObject({ name: 'ä.iso', format: 'iso', bytes: 40 * 2 ** 10, usedBy: [] });
    expect(await readFile(image.file)).toEqual(isoBytes());
    expect(await box.files()).toEqual(['ä.iso']);
    expect(box.heard.map(({ type }) => type)).toEqual(['images.changed']);
  });

  test('a name as long as names can be', async () => {
    await using box = await librarySandbox();
    const name = `${'日'.repeat(83)}.iso`;
    await box.library.add(name, null, fillWith(isoBytes()));
    expect(await box.files()).toEqual([name]);
  });

  test('what is neither medium nor disk is not kept', async () => {
    await using box = await librarySandbox();
    const add = box.library.add('x.iso', null, fillWith(Buffer.from('<html><h1>404</h1>')));
    await expect(add).rejects.toMatchObject({ code: 'image-unknown', facts: { found: 'a web page' } });
    expect(await box.files()).toEqual([]);
    expect(box.heard).toEqual([]);
  });

  test('it is refused as soon as it shows', async () => {
    await using box = await librarySandbox();
    let written = 0;
    const add = box.library.add('x.iso', null, async (file) => {
      for (;;) {
        await file.write(Buffer.alloc(2 ** 16));
        written = file.length;
      }
    });
    await expect(add).rejects.toMatchObject({ code: 'image-unknown' });
    expect(written).toBe(0);
  });

  test('one that began anew is judged anew', async () => {
    await using box = await librarySandbox();
    await box.library.add('x.iso', null, async (file) => {
      await fillWith(diskBytes())(file);
      await file.restart();
      await fillWith(isoBytes(36 * 2 ** 10))(file);
    });
    expect(await box.library.list()).toMatchObject([{ format: 'iso', bytes: 36 * 2 ** 10 }]);
  });

  test('what has the name stays, whether it was there before or came meanwhile', async () => {
    await using box = await librarySandbox();
    await writeFile(join(box.paths.images, 'a.iso'), 'precious');
    await expect(box.library.add('a.iso', 1, fillWith(isoBytes()))).rejects.toMatchObject({
      code: 'file-exists',
    });
    const late = box.library.add('b.iso', 1, async (file) => {
      await fillWith(isoBytes())(file);
      await writeFile(join(box.paths.images, 'b.iso'), 'precious');
    });
    await expect(late).rejects.toMatchObject({ code: 'file-exists', facts: { what: 'image' } });
    for (const name of ['a.iso', 'b.iso'])
      expect(await readFile(join(box.paths.images, name), 'utf8')).toBe('precious');
    expect(await box.files()).toEqual(['a.iso', 'b.iso']);
  });

  test('of two at once one is refused before it begins', async () => {
    await using box = await librarySandbox();
    const first = box.library.add('a.iso', null, async (file) => {
      await expect(box.library.add('a.iso', null, fillWith(isoBytes()))).rejects.toMatchObject({
        code: 'file-exists',
      });
      await fillWith(isoBytes())(file);
    });
    expect((await first).name).toBe('a.iso');
  });

  test('more than the disk has room for is refused with the numbers', async () => {
    await using box = await librarySandbox();
    const refused = { code: 'no-space', facts: { bytes: 2 ** 60, directory: box.paths.images } };
    await expect(box.library.check('a.iso', 2 ** 60)).rejects.toMatchObject(refused);
    const { message } = (await box.library.check('a.iso', 2 ** 60).catch((error: Error) => error)) as Error;
    expect(message).toMatch(
      /for the image a\.iso \(\d+ TiB more; [\d.]+ \w+ are free, and [\d.]+ \w+ of them are kept\) in /,
    );
  });

  test('a fill that fails leaves nothing', async () => {
    await using box = await librarySandbox();
    const add = box.library.add('a.iso', null, async (file) => {
      await fillWith(isoBytes())(file);
      throw new Error('oops');
    });
    await expect(add).rejects.toThrow('oops');
    expect(await box.files()).toEqual([]);
  });
});

test('what a killed service left is removed at the start, and nothing else', async () => {
  await using box = await librarySandbox();
  await writeFile(join(box.paths.images, '.a.iso.6f1c2b3a.tmp'), 'half');
  await writeFile(join(box.paths.images, 'b.tmp'), 'mine');
  await writeFile(join(box.paths.images, '.c'), 'mine');
  await openLibrary({ ...box, events: createEventStream() });
  expect(await box.files()).toEqual(['.c', 'b.tmp']);
});

test('a library that was moved elsewhere and linked', async () => {
  await using box = await librarySandbox();
  const big = join(box.root, 'big');
  await rename(box.paths.images, big);
  await symlink(big, box.paths.images);
  await writeFile(join(big, 'a.iso'), isoBytes());
  await putMachine(box.paths, withFile(join(big, 'a.iso')));
  expect(await box.library.list()).toMatchObject([{ name: 'a.iso', usedBy: ['tiny'] }]);
});
