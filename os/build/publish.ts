// SPDX-License-Identifier: Apache-2.0
//
// What an update consists of, in a folder that may stand behind any web server, or on a stick: the two partitions of /usr,
// packed, and the kernel; their checksums, and a signature.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { updateFileNames } from '../../src/host/os-update/file-names.ts';
import { signUpdate, type Keys } from './keys.ts';
import type { BuildOptions } from './options.ts';
import { findPartition } from './partition-files.ts';
import { inTree, run } from './run.ts';

export interface PublishParts {
  options: Pick<BuildOptions, 'edition' | 'distribution'>;
  version: string;
  tree: string;
  keys: Keys;
  /** Folder with the image, and what its files begin with */
  output: string;
  name: string;
  log: string;
}

/** @returns the folder */
export async function publishUpdate(parts: PublishParts): Promise<string> {
  const { options, version, tree, keys, output, name, log } = parts;
  const folder = join(output, 'update');
  await mkdir(folder, { recursive: true });
  const usr = await findPartition(output, name, 'usr-x86-64');
  const verity = await findPartition(output, name, 'usr-x86-64-verity');
  const names = updateFileNames(
    { ...options, architecture: 'x86-64', version },
    { usr: usr.id as string, verity: verity.id as string },
  );
  // What an earlier build of this version left.
  const start = names.kernel.slice(0, -'.efi'.length);
  for (const file of await readdir(folder))
    if (file === names.kernel || file.startsWith(`${start}_`)) await rm(join(folder, file));
  const pack = async (file: string, packed: string): Promise<void> => {
    // What systemd-sysupdate unpacks (257): gzip, bzip2 and xz, which is a tenth smaller and unpacks five times slower. Whatever
    // else it is given, it writes to the disk as it is. "-n": no time of the build in it.
    const script =
      'gzip -n -6 <"/output/$1" >"/output/update/.$2" && mv "/output/update/.$2" "/output/update/$2"';
    const argv = ['sh', '-c', script, 'sh', file, packed];
    await run(inTree(tree, [{ folder: output, place: '/output' }], argv), { log });
  };
  await pack(usr.file, names.usr);
  await pack(verity.file, names['usr-verity']);
  await copyFile(join(output, `${name}.efi`), join(folder, names.kernel));

  // Everything in the folder: one place may hold several versions and editions.
  const sums = await Promise.all(
    (await readdir(folder))
      .filter((file) => file.startsWith('phyllome-'))
      .toSorted()
      .map(async (file) => `${await sha256(join(folder, file))} *${file}\n`),
  );
  await writeFile(join(folder, 'SHA256SUMS'), sums.join(''));
  await signUpdate(tree, keys, folder, 'SHA256SUMS', log);
  return folder;
}

async function sha256(file: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
