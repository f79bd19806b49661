// SPDX-License-Identifier: Apache-2.0
//
// Which files of a machine's folder a disk consists of, if a second folder may have them as hard links.
import { lstat, realpath } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { PhyllomeError } from '../../contract/errors.ts';
import type { ImageFile } from '../../disk/overlay.ts';
import { inspectImage } from '../../disk/inspect.ts';
import { qcow2HeaderOf } from '../../disk/qcow2-file.ts';

/** A machine, as far as the words of a refusal need it. */
export interface Folder {
  name: string;
  directory: string;
}

/**
 * The images of a disk, the one a guest writes to first, all inside the folder and named relative to each other: linked
 * under the same names in another folder, they are the same disk there.
 * @throws PhyllomeError `clone-not-linked` with the reason; as inspectImage for what no VMM would get
 */
export async function chainFiles(folder: Folder, head: ImageFile): Promise<ImageFile[]> {
  const root = await realpath(folder.directory);
  const chain: ImageFile[] = [];
  if (!isInside(folder.directory, head.file))
    throw notLinked(folder, `its disk ${head.file} lies outside of its folder`);
  // Ends chains without end, and knows every name that leads elsewhere.
  await inspectImage({ ...head, directory: folder.directory });
  for (let next: ImageFile | null = head; next !== null;) {
    await requirePlain(folder, root, next.file);
    chain.push(next);
    next = await below(folder, next);
  }
  return chain;
}

async function below(folder: Folder, { file, format }: ImageFile): Promise<ImageFile | null> {
  const header = format === 'qcow2' ? await qcow2HeaderOf(file) : null;
  if (header === null) return null;
  if (header.dataFile !== null) throw notLinked(folder, `the disk ${file} keeps its data in a further file`);
  const { backing } = header;
  if (backing === null) return null;
  if (isAbsolute(backing.file))
    throw notLinked(folder, `the disk ${file} names what it rests on by the absolute path ${backing.file}`);
  return { file: resolve(dirname(file), backing.file), format: backing.format as ImageFile['format'] };
}

/** No links on the way: they may lead to another file system, and to other places from another folder. */
async function requirePlain(folder: Folder, root: string, file: string): Promise<void> {
  const place = join(root, relative(folder.directory, file));
  if (!isInside(folder.directory, file) || (await realpath(file)) !== place)
    throw notLinked(folder, `${file} lies, through a link, outside of its folder`);
  if (!(await lstat(file)).isFile()) throw notLinked(folder, `${file} is no plain file`);
}

export function isInside(directory: string, file: string): boolean {
  return resolve(file).startsWith(resolve(directory) + sep);
}

/** @param reason completes "NAME cannot be cloned instantly: ..." */
export function notLinked({ name }: Folder, reason: string, cause?: unknown): PhyllomeError {
  return new PhyllomeError('clone-not-linked', { name, reason }, { cause });
}
