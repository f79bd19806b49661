// SPDX-License-Identifier: Apache-2.0
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { OsSlot, OsSlots } from '../../../contract/os.ts';
import { errorCode } from '../../../host/files.ts';
import { readKernelName, nextVersion, previousVersion, whyBad, type Kernel } from './kernels.ts';
import { readUsrPartitions, type UsrPartition } from './partitions.ts';

export interface Kernels {
  /** The folder with the kernels, as this process sees it */
  folder: string;
  kernels: (Kernel & { bytes: number })[];
  /** Names of those without content: a power cut right after one got its name leaves that, and the boot loader passes it by */
  empty: string[];
}

// Where systemd mounts the EFI system partition, which it does when somebody looks.
const places = ['efi', 'boot'];

/** The kernels of Phyllome OS that this PC can start. */
export async function readKernels(root: string): Promise<Kernels> {
  for (const place of places) {
    const folder = join(root, place, 'EFI/Linux');
    const names = await readdir(folder).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR', 'ENODEV'].includes(errorCode(error) ?? '')) return [];
      throw error;
    });
    const kernels = names.map(readKernelName).filter((kernel) => kernel !== null);
    if (kernels.length === 0) continue;
    const sized = await Promise.all(
      kernels.map(async (kernel) => ({ ...kernel, bytes: await bytesOf(join(folder, kernel.name)) })),
    );
    return {
      folder,
      kernels: sized.filter((kernel): kernel is Kernel & { bytes: number } => (kernel.bytes ?? 0) > 0),
      empty: sized.filter(({ bytes }) => bytes === 0).map(({ name }) => name),
    };
  }
  return { folder: join(root, 'efi/EFI/Linux'), kernels: [], empty: [] };
}

/** @returns null when it is gone: systemd renames kernels once they are found healthy */
async function bytesOf(file: string): Promise<number | null> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** @param runs the version that runs @throws PhyllomeError `os-tool-failed` */
export async function readSlots(root: string, runs: string, signal?: AbortSignal): Promise<OsSlots> {
  const [{ kernels }, partitions] = [await readKernels(root), await readUsrPartitions(root, signal)];
  const whole = kernels.filter(({ version }) => partitions.some((one) => one.version === version));
  const next = nextVersion(whole);
  return {
    slots: partitions.slice(0, 2).map((partition, index) => slotOf(partition, index, kernels, runs)),
    failed: whole.flatMap((kernel) => {
      const why = whyBad(kernel);
      return why === null ? [] : [{ version: kernel.version, why }];
    }),
    pending: next === runs ? null : next,
    previous: previousVersion(whole, runs),
  };
}

function slotOf(
  { version, bytes, runs: isBelowUsr }: UsrPartition,
  index: number,
  kernels: readonly Kernel[],
  runs: string,
): OsSlot {
  const kernel = kernels.find((one) => one.version === version);
  const isRunning = isBelowUsr && version === runs;
  return {
    name: index === 0 ? 'A' : 'B',
    version: kernel === undefined && !isRunning ? null : version,
    state: stateOf(kernel, isRunning),
    triesLeft: kernel?.triesLeft ?? null,
    bytes,
  };
}

function stateOf(kernel: Kernel | undefined, isRunning: boolean): OsSlot['state'] {
  if (isRunning) return 'running';
  if (kernel === undefined) return 'empty';
  if (kernel.triesLeft === null) return 'ready';
  return kernel.triesLeft === 0 ? 'bad' : 'trying';
}
