// SPDX-License-Identifier: Apache-2.0
//
// Makes what carries the answers to an installer: an initrd with a second archive behind the first, or a small ISO.
// Both lie in the run folder, which is in memory only (tmpfs) wherever a login session made it.
import { mkdir, open, rm, symlink, writeFile } from 'node:fs/promises';
import { createReadStream, createWriteStream } from 'node:fs';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeCpio, type Entry } from '../../catalog/tiny/cpio.ts';
import type { Delivery } from '../../catalog/unattended/answers.ts';
import { ToolFailed, runTool } from '../../catalog/tiny/tool.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { answersImage, installerFiles } from './once.ts';

export interface InstallerFiles {
  kernel: string;
  initrd: string;
  commandLine: string;
}

/**
 * @param folder made, readable by this user only; whoever calls removes it
 * @throws PhyllomeError `tool-missing`, `internal-error`; the reason of the signal
 */
export async function makeAnswers(
  folder: string,
  { by, label, files }: Delivery,
  installer: InstallerFiles | null,
  signal: AbortSignal,
): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { mode: 0o700 });
  if (by === 'iso') return makeIso(folder, label, files, signal);
  if (installer === null) throw new Error('answers for an initrd, and there is none');
  await appendToInitrd(installer.initrd, join(folder, installerFiles.initrd), files, signal);
}

/** The kernel unpacks one archive after the other, whatever each is packed with. */
async function appendToInitrd(
  initrd: string,
  target: string,
  files: Delivery['files'],
  signal: AbortSignal,
): Promise<void> {
  const copy = createWriteStream(target, { mode: 0o600, flags: 'wx' });
  await pipeline(createReadStream(initrd), copy, { signal });
  await using handle = await open(target, 'a');
  const { size } = await handle.stat();
  // An archive begins at a multiple of four bytes.
  await handle.write(Buffer.alloc((4 - (size % 4)) % 4));
  await handle.write(writeCpio(entriesOf(files)));
}

function entriesOf(files: Delivery['files']): Entry[] {
  const folders = new Set<string>();
  for (const path of Object.keys(files)) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [
    ...[...folders].toSorted().map((path): Entry => ({ path, mode: 0o755, type: 'directory' })),
    ...Object.entries(files).map(([path, content]): Entry => ({
      path,
      mode: 0o600,
      type: 'file',
      content: Buffer.from(content),
    })),
  ];
}

/** The start finds kernel and initrd where the answers are; files that others keep are only linked. */
export async function linkInstaller(
  folder: string,
  { kernel, initrd }: InstallerFiles,
  ownInitrd: boolean,
): Promise<void> {
  await symlink(kernel, join(folder, installerFiles.kernel));
  if (!ownInitrd) await symlink(initrd, join(folder, installerFiles.initrd));
}

async function makeIso(
  folder: string,
  label: string,
  files: Delivery['files'],
  signal: AbortSignal,
): Promise<void> {
  const content = join(folder, 'content');
  for (const [path, text] of Object.entries(files)) {
    const file = join(content, path);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    await writeFile(file, text, { mode: 0o600, flag: 'wx' });
  }
  const image = join(folder, answersImage);
  try {
    // Joliet for Windows, Rock Ridge for everybody else; owned by root and readable by whoever the installer runs as.
    await runTool(
      'xorriso',
      ['-as', 'mkisofs', '-quiet', '-V', label, '-J', '-joliet-long', '-r', '-o', image, content],
      { purpose: 'making the medium with the answers', install: 'apt install xorriso', signal },
    );
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    throw new PhyllomeError(
      'internal-error',
      { reason: `the medium with the answers could not be made: ${error.message}` },
      { cause: error },
    );
  }
  await rm(content, { recursive: true });
}
