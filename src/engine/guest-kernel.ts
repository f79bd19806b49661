// SPDX-License-Identifier: Apache-2.0
//
// Turns "boot the kernel that the guest installed" into a kernel that a VMM can load: a copy in the machine's folder,
// made anew when the guest installed another one. No VMM ever sees "guest-kernel".
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { machineFiles } from '../contract/paths.ts';
import type { Decision } from '../contract/plan.ts';
import { commandLineProblem, withConsole } from '../disk/guest-kernel/command-line.ts';
import {
  extractKernel,
  isCurrent,
  kernelMissing,
  readExtracted,
  removeLeftOvers,
  updateRecord,
  type ExtractedKernel,
} from '../disk/guest-kernel/extract-kernel.ts';
import { findKernel, type FoundKernel } from '../disk/guest-kernel/find-kernel.ts';
import { unreadable } from '../disk/guest-kernel/fstest.ts';
import { openGuestDisk } from '../disk/guest-kernel/guest-disk.ts';
import { locate } from '../disk/locate.ts';

/**
 * `start`: looks at the disk and copies what it needs. `look`: the same without changing anything. `running`: the disk is
 * a guest's at the moment, so what was copied for its start counts.
 */
export type KernelUse = 'start' | 'look' | 'running';

export interface ResolvedBoot {
  /** With boot.type `kernel` in place of `guest-kernel`; any other definition as it is */
  definition: MachineDefinition;
  decisions: Decision[];
  /** false: the files that the definition names are not there yet */
  ready: boolean;
}

/** What is known of a kernel that was found, copied or not. */
type Known = Pick<ExtractedKernel, 'commandLine' | 'title' | 'source'> & {
  initrd: boolean;
  ready: boolean;
  /** Why it may not be the newest one */
  note: string;
};

/**
 * @throws PhyllomeError `guest-kernel-missing`, `guest-disk-unreadable`, `tool-missing`, `no-space`; the reason of the signal
 */
export async function resolveGuestKernel(
  definition: MachineDefinition,
  directory: string,
  use: KernelUse,
  signal?: AbortSignal,
): Promise<ResolvedBoot> {
  const { boot, architecture, display, serialPorts } = definition;
  if (boot.type !== 'guest-kernel') return { definition, decisions: [], ready: true };
  const known = await kernelOf(definition, directory, use, signal);
  const talk = { architecture, screen: display.type !== 'none', serial: serialPorts > 0 };
  const commandLine = boot.commandLine ?? withConsole(known.commandLine, talk);
  const problem = commandLineProblem(commandLine);
  if (problem !== null) throw unreadable(definition.disks[0]?.file ?? '', problem);
  const decisions: Decision[] = [
    {
      what: `kernel: ${known.title}`,
      why: `It is what the guest itself would start (${known.source}).${known.note}`,
    },
  ];
  if (commandLine !== (boot.commandLine ?? known.commandLine))
    decisions.push({
      what: 'kernel command line: a console on the serial port',
      why: "The guest's own line names none, and its console could not be seen otherwise.",
    });
  return {
    definition: {
      ...definition,
      boot: {
        type: 'kernel',
        kernel: `${machineFiles.guestKernel}/vmlinux`,
        ...(known.initrd && { initrd: `${machineFiles.guestKernel}/initrd` }),
        commandLine,
      },
    },
    decisions,
    ready: known.ready,
  };
}

async function kernelOf(
  { disks }: MachineDefinition,
  directory: string,
  use: KernelUse,
  signal: AbortSignal | undefined,
): Promise<Known> {
  const [first] = disks;
  if (first === undefined) throw kernelMissing('the machine', ['a disk: it has none']);
  const { file, format } = first;
  const folder = join(directory, machineFiles.guestKernel);
  const before = await readExtracted(folder, file);
  if (use === 'running' && before !== null) return knownOf(before);
  if (use === 'start') await removeLeftOvers(folder);
  try {
    if (format !== 'raw') throw unreadable(file, `it has the format ${format}`);
    const disk = openGuestDisk(locate(directory, file), signal);
    const { found, looked } = await findKernel(disk);
    if (found === null) throw kernelMissing(file, looked);
    if (await isCurrent(folder, file, found)) {
      if (use === 'start') await updateRecord(folder, file, found);
      return { ...knownOf({ ...found, initrd: found.initrds.length > 0 }), ready: true };
    }
    if (use !== 'start') return { ...knownOf({ ...found, initrd: found.initrds.length > 0 }), ready: false };
    await mkdir(dirname(folder), { recursive: true, mode: 0o700 });
    return knownOf(await extractKernel(disk, found, file, folder, signal));
  } catch (thrown) {
    // A file system that was not shut down in order can look damaged to a reader that may not repair it. The kernel of the
    // last start will repair it.
    if (before === null || !isAboutDisk(thrown)) throw thrown;
    const { message } = PhyllomeError.from(thrown);
    return { ...knownOf(before), note: ` It is the copy of ${before.extractedAt}, because: ${message}` };
  }
}

function knownOf({
  commandLine,
  title,
  source,
  initrd,
}: Pick<FoundKernel, 'commandLine' | 'title' | 'source'> & { initrd: string | boolean | null }): Known {
  return { commandLine, title, source, initrd: initrd !== null && initrd !== false, ready: true, note: '' };
}

function isAboutDisk(error: unknown): boolean {
  return (
    error instanceof PhyllomeError &&
    ['guest-kernel-missing', 'guest-disk-unreadable', 'tool-missing'].includes(error.code)
  );
}
