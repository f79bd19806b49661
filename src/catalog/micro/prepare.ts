// SPDX-License-Identifier: Apache-2.0
import { constants } from 'node:fs';
import { copyFile, link, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Architecture, MachineDraft } from '../../contract/machine.ts';
import { errorCode } from '../../host/files.ts';
import { buildTiny } from '../tiny/build.ts';
import { jobArchive, type Job } from './job.ts';
import { rootDiskOf, type Preparing } from './root-disk.ts';
import { wordsFor, type Wishes } from './words.ts';

export interface MicroRequest
  extends Pick<Wishes, 'command' | 'env'>, Pick<Job, 'mark' | 'terminal' | 'network'> {
  image: string;
}

const files = { kernel: 'kernel/vmlinuz', initrd: 'kernel/initrd', root: 'disks/root.squashfs' };

/**
 * The kernel's command line: silent, and at its end or in a panic it resets at once, through the keyboard controller
 * (k), the only way that ends a Firecracker.
 */
const microCommandLine = (architecture: Architecture): string =>
  [
    `console=${architecture === 'aarch64' ? 'ttyAMA0' : 'ttyS0'}`,
    'quiet panic=-1',
    ...(architecture === 'x86_64' ? ['reboot=k,t tsc=reliable i8042.noaux'] : []),
  ].join(' ');

/** A machine with nothing in it that its one command does not need. */
export function microDraft(architecture: Architecture, network: boolean): MachineDraft {
  return {
    guestOs: 'micro',
    architecture,
    board: 'micro',
    throwAway: true,
    cpu: { vcpus: 1 },
    memory: '512MiB',
    boot: {
      type: 'kernel',
      kernel: files.kernel,
      initrd: files.initrd,
      commandLine: microCommandLine(architecture),
    },
    disks: [{ file: files.root, format: 'raw', readOnly: true }],
    nics: network ? [{ type: 'user' }] : [],
    display: { type: 'none' },
    balloon: false,
    agent: false,
    clipboard: false,
  };
}

/** Puts kernel, initrd and root disk into the folder of a machine that is being made. */
export async function prepareMicro(
  request: MicroRequest,
  { directory, ...preparing }: Omit<Preparing, 'image'> & { directory: string },
): Promise<void> {
  const { architecture, cacheDirectory, progress, signal } = preparing;
  const { kernel, micro } = await buildTiny({
    architecture,
    cacheDirectory,
    signal,
    onProgress: ({ what }) => progress(what),
  });
  const root = await rootDiskOf({ ...preparing, image: request.image });
  const { mark, terminal, network } = request;
  const words = wordsFor({ ...request, terminal: terminal !== null }, root);
  const { user, directory: folder } = root.config;
  const job = jobArchive({ words, user, directory: folder, mark, terminal, network });
  for (const name of ['kernel', 'disks']) await mkdir(join(directory, name), { mode: 0o700 });
  await Promise.all([
    linkOrCopy(kernel, join(directory, files.kernel)),
    linkOrCopy(root.disk, join(directory, files.root)),
    writeFile(join(directory, files.initrd), Buffer.concat([job, await readFile(micro)]), { mode: 0o600 }),
  ]);
}

/** Both are only read, and a link survives the sweeping of the cache. Between two file systems it is a copy. */
async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if (!['EXDEV', 'EPERM', 'EMLINK'].includes(errorCode(error) ?? '')) throw error;
    await copyFile(from, to, constants.COPYFILE_FICLONE);
  }
}
