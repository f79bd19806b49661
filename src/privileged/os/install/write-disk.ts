// SPDX-License-Identifier: Apache-2.0
//
// The one place that erases a disk. systemd-repart writes the table of partitions last, and what was there is wiped first:
// a PC that loses its power meanwhile has an empty disk, never half a system.
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { PhyllomeError, reasonOf } from '../../../contract/errors.ts';
import type { OsDisk } from '../../../contract/os-install.ts';
import { osTool } from '../os-tool.ts';
import type { VerbContext } from '../verb.ts';

/** How often the counter of the kernel is looked at (ms). */
const lookEvery = 500;
const sector = 512; // of /sys/block/NAME/stat, whatever the disk has

export interface WriteParts {
  definitions: string;
  /** Opens what is encrypted; empty: nothing is */
  keyFile: string;
  /** About as many bytes are written */
  expectedBytes: number;
}

/** The partitions that were made, by their type ("esp", "root-x86-64"), as device nodes. */
export type MadePartitions = ReadonlyMap<string, string>;

/** @throws PhyllomeError */
export async function writeDisk(
  disk: OsDisk,
  { definitions, keyFile, expectedBytes }: WriteParts,
  { root, signal, progress }: VerbContext,
): Promise<MadePartitions> {
  await wipe(root, disk, signal);
  const argv = [
    '/usr/bin/systemd-repart',
    '--dry-run=no',
    '--empty=force',
    '--discard=yes',
    '--json=short',
    '--no-pager',
    `--definitions=${definitions}`,
    ...(keyFile === '' ? [] : [`--key-file=${keyFile}`, '--tpm2-pcrs=7']),
    disk.path,
  ];
  using _watch = watchWritten(root, disk, (bytes) =>
    progress({ step: 'Copying the system', fraction: Math.min(0.95, bytes / expectedBytes) }),
  );
  const env = {
    // Folders can be encrypted only in a file system that was made for it.
    SYSTEMD_REPART_MKFS_OPTIONS_F2FS: '-Oencrypt,extra_attr,inode_checksum,sb_checksum,quota',
  };
  const text = await osTool(root, argv, { signal, env });
  await osTool(root, ['/usr/bin/udevadm', 'settle', '--timeout=30'], { signal, allowed: [1] });
  return readMade(text);
}

/** Takes away whatever says what is on the disk, of its partitions too. */
export async function wipe(root: string, { path }: OsDisk, signal?: AbortSignal): Promise<void> {
  await osTool(root, ['/usr/sbin/wipefs', '--all', '--force', path], { signal });
}

/** @param text the answer of systemd-repart, JSON after whatever it says */
export function readMade(text: string): Map<string, string> {
  let made: { type?: string; node?: string; label?: string }[];
  try {
    made = JSON.parse(text.slice(text.indexOf('['))) as typeof made;
  } catch (cause) {
    throw new PhyllomeError(
      'os-tool-failed',
      { tool: 'systemd-repart', reason: `its answer is not understood: ${reasonOf(cause)}` },
      { cause },
    );
  }
  // Of two slots the first is meant.
  return new Map(made.toReversed().map(({ type = '', node = '' }) => [type, node]));
}

function watchWritten(root: string, { path }: OsDisk, tell: (bytes: number) => void): Disposable {
  const file = join(root, 'sys/class/block', basename(path), 'stat');
  let before: number | null = null;
  const look = async (): Promise<void> => {
    const written = await readWritten(file);
    if (written === null) return;
    before ??= written;
    tell(written - before);
  };
  void look();
  const timer = setInterval(() => void look(), lookEvery);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

async function readWritten(file: string): Promise<number | null> {
  try {
    const fields = (await readFile(file, 'utf8')).trim().split(/\s+/);
    // Documentation/block/stat.rst: the seventh is the sectors written.
    return Number(fields[6]) * sector;
  } catch {
    // Without it there is no figure to show, and that is all.
    return null;
  }
}
