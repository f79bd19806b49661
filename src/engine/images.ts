// SPDX-License-Identifier: Apache-2.0
//
// The library: installation media and disk images in one folder. The disk is the truth; nothing is remembered of it.
import { lstatSync, readFileSync } from 'node:fs';
import { link, mkdir, open, readdir, realpath, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { Image } from '../contract/image.ts';
import { machineFiles, type Paths } from '../contract/paths.ts';
import { makeNewFile } from '../disk/new-file.ts';
import { sniffFile, sniffHandle, sniffLength } from '../disk/sniff-image.ts';
import { errorCode, sync } from '../host/files.ts';
import type { Bin } from './bin.ts';
import type { EventStream } from './event-stream.ts';
import { isoTime } from './files.ts';
import { isUntouched, readOrigin, removeOrigin } from './fetch/origin.ts';
import { sweepPartials } from './fetch/partial.ts';
import { requireSpace } from './free-space.ts';
import { createGrowingFile, type GrowingFile } from './growing-file.ts';
import { checkImageName, imageNameProblem } from './image-name.ts';
import { imageUsers, type ImageUsers } from './image-users.ts';
import type { Store, StoredMachine } from './store.ts';

export interface Library {
  /** All images, by name */
  list(): Promise<Image[]>;
  /** @throws PhyllomeError `image-not-found`, `image-in-use` */
  remove(name: string): Promise<void>;
  /**
   * Refuses what `add` would refuse before it begins.
   * @param bytes how many will come; null when nobody knows
   * @throws PhyllomeError `image-name-invalid`, `file-exists`, `no-space`
   */
  check(name: string, bytes: number | null): Promise<void>;
  /**
   * Takes an image in. It appears under its name when it is complete and on the disk, and only when it is a medium
   * or a disk; what fails leaves nothing.
   * @param fill writes the content; throws to give up
   * @throws PhyllomeError as `check`, and `image-unknown`
   */
  add(name: string, bytes: number | null, fill: (file: GrowingFile) => Promise<void>): Promise<Image>;
  /**
   * Takes in a finished file of the same file system: what fails leaves it where it is, what succeeds moves it.
   * @throws PhyllomeError `image-name-invalid`, `file-exists`, `image-unknown`
   */
  take(name: string, file: string): Promise<Image>;
}

export interface LibraryParts {
  paths: Paths;
  store: Store;
  bin: Bin;
  events: EventStream;
  /** What a medium is recognised as, for the list */
  systemOf?: SystemOf | undefined;
}

type SystemOf = (file: string) => Promise<string | undefined>;
const nothingKnown: SystemOf = async () => undefined;

/** Opens the library and removes what a killed service left half-made. */
export async function openLibrary({
  paths,
  store,
  bin,
  events,
  systemOf = nothingKnown,
}: LibraryParts): Promise<Library> {
  const folder = paths.images;
  await mkdir(folder, { recursive: true, mode: 0o700 });
  for (const name of await readdir(folder)) {
    // Nobody's images: those never begin with a dot.
    if (/^\..*\.tmp$/.test(name)) await rm(join(folder, name), { force: true });
  }
  await sweepPartials(paths.partial);
  /** Names that are on their way in */
  const coming = new Set<string>();

  const users = async (): Promise<ImageUsers> =>
    imageUsers(folder, { listed: store.list(), deleted: await bin.machines(), text: definitionText });

  const check: Library['check'] = async (given, bytes) => {
    const name = checkImageName(given);
    const file = join(folder, name);
    if (coming.has(name) || lstatSync(file, { throwIfNoEntry: false }) !== undefined)
      throw new PhyllomeError('file-exists', { what: 'image', file });
    await requireSpace(folder, bytes ?? 0, `the image ${name}`);
  };

  return {
    check,
    take: takeFile,
    async list() {
      const usedBy = await users();
      const names = (await readdir(folder)).filter((name) => imageNameProblem(name) === null);
      const images = await Promise.all(names.map((name) => describe(folder, name, usedBy, systemOf)));
      return images.filter((image) => image !== null).sort((a, b) => collator.compare(a.name, b.name));
    },
    async remove(name) {
      const file = join(folder, name);
      // A name with a "/" would lead out of the folder.
      const found = imageNameProblem(name) === null ? lstatSync(file, { throwIfNoEntry: false }) : undefined;
      if (found === undefined || found.isDirectory()) throw new PhyllomeError('image-not-found', { name });
      const machines = (await users())(name);
      if (machines.length > 0) throw new PhyllomeError('image-in-use', { name, machines });
      await rm(file);
      await removeOrigin(folder, name);
      await sync(folder);
      events.emit({ type: 'images.changed' });
    },
    async add(given, bytes, fill) {
      await check(given, bytes);
      const name = checkImageName(given);
      const file = join(folder, name);
      if (coming.has(name)) throw new PhyllomeError('file-exists', { what: 'image', file });
      coming.add(name);
      try {
        await makeNewFile('image', file, (temporary) => fillFile(temporary, name, bytes, fill));
      } finally {
        coming.delete(name);
      }
      events.emit({ type: 'images.changed' });
      const image = await describe(folder, name, () => [], systemOf);
      if (image === null) throw new PhyllomeError('image-not-found', { name });
      return image;
    },
  };

  async function takeFile(given: string, from: string): Promise<Image> {
    await check(given, null);
    const name = checkImageName(given);
    const file = join(folder, name);
    await using handle = await open(from, 'r');
    const { format, found } = await sniffHandle(handle);
    if (format === 'unknown') throw new PhyllomeError('image-unknown', { name, found });
    await handle.sync();
    try {
      // Unlike a rename, a link does not replace what has the name already.
      await link(from, file);
    } catch (error) {
      if (errorCode(error) !== 'EEXIST') throw error;
      throw new PhyllomeError('file-exists', { what: 'image', file }, { cause: error });
    }
    await sync(folder);
    await rm(from);
    events.emit({ type: 'images.changed' });
    const image = await describe(folder, name, () => [], systemOf);
    if (image === null) throw new PhyllomeError('image-not-found', { name });
    return image;
  }

  async function fillFile(
    temporary: string,
    name: string,
    bytes: number | null,
    fill: (file: GrowingFile) => Promise<void>,
  ): Promise<void> {
    await using handle = await open(temporary, 'wx+', 0o600);
    const requireKnown = async (): Promise<void> => {
      const { format, found } = await sniffHandle(handle);
      if (format === 'unknown') throw new PhyllomeError('image-unknown', { name, found });
    };
    const left = (): number => Math.max(0, (bytes ?? 0) - growing.length);
    const growing = createGrowingFile(handle, () => requireSpace(folder, left(), `the image ${name}`));
    await fill({
      get length() {
        return growing.length;
      },
      restart: growing.restart,
      // What is no image is refused as soon as that can be seen, not after gigabytes of it.
      async write(content) {
        const before = growing.length;
        await growing.write(content);
        if (before < sniffLength && growing.length >= sniffLength) await requireKnown();
      },
    });
    await requireKnown();
  }
}

/** @returns null for what is no file, or gone */
async function describe(
  folder: string,
  name: string,
  usedBy: ImageUsers,
  systemOf: SystemOf,
): Promise<Image | null> {
  const file = join(folder, name);
  try {
    // Its owner may keep links to images here that lie elsewhere.
    const found = await stat(file, { bigint: true });
    if (!found.isFile()) return null;
    const origin = readOrigin(folder, name);
    const real = await realpath(file);
    const format = (await sniffFile(real))?.format ?? 'unknown';
    const system = format === 'iso' ? await systemOf(real) : undefined;
    return {
      name,
      file,
      format,
      ...(system !== undefined && { system }),
      bytes: Number(found.size),
      modifiedAt: isoTime(Number(found.mtimeMs)),
      usedBy: usedBy(name),
      // Of a file that was changed since, nothing is known any more.
      ...(origin !== null &&
        isUntouched(origin, found) && {
          origin: {
            from: origin.host,
            verified: origin.verified,
            entry: origin.entry,
            medium: origin.medium,
          },
        }),
    };
  } catch (error) {
    if (['ENOENT', 'ELOOP', 'ENOTDIR', 'EACCES'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
}

const collator = new Intl.Collator('en', { numeric: true });

function definitionText({ directory }: StoredMachine): string | null {
  try {
    return readFileSync(join(directory, machineFiles.definition), 'utf8');
  } catch {
    // What cannot be read names no image that anybody could find out.
    return null;
  }
}
