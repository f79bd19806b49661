// SPDX-License-Identifier: Apache-2.0
//
// What a start from a saved memory needs: the hardware as it was, on the disks as they are called now.
import { join } from 'node:path';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { machineFiles } from '../contract/paths.ts';
import type { LaunchPlan, Restore } from '../contract/plan.ts';
import { matchStamps } from './disk-stamps.ts';
import { hasSaved, readSaved, savedFiles, type SavedRecord } from './saved-state.ts';
import type { StoredMachine } from './store.ts';

export interface Resuming {
  record: SavedRecord;
  /** The machine as it ran, under the name it has now */
  definition: MachineDefinition;
  restore: Restore;
}

/**
 * null: the machine has no saved memory, and starts as usual.
 * @throws PhyllomeError `saved-unusable` when it does not fit, or not any more
 */
export async function prepareResume(
  { directory, name }: StoredMachine,
  now: MachineDefinition,
): Promise<Resuming | null> {
  if (!hasSaved(directory)) return null;
  const folder = join(directory, machineFiles.saved);
  const record = readSaved(folder, name);
  const found = await matchStamps(directory, now.disks, record.disks);
  if (typeof found === 'string') throw new PhyllomeError('saved-unusable', { name, reason: found });
  const disks = record.definition.disks.map((disk, at) => ({ ...disk, ...fileOf(found[at]) }));
  const { kind, machineType, without, network } = record;
  return {
    record,
    definition: { ...record.definition, name: now.name, disks },
    restore: {
      file: join(folder, savedFiles.memory),
      kind,
      machineType,
      without,
      ...(network !== undefined && { network }),
    },
  };
}

/** A processor of another kind has other states: none of them fits. @throws PhyllomeError `saved-unusable` */
export function requireSameKind(
  { vmm, accelerator, version, machine }: LaunchPlan,
  { record }: Resuming,
): void {
  if (vmm === record.vmm && accelerator === record.accelerator) return;
  const then = `${record.vmm} ${record.version} (${record.accelerator})`;
  const reason = `it was saved with ${then}, and would now be started with ${vmm} ${version} (${accelerator})`;
  throw new PhyllomeError('saved-unusable', { name: machine.name, reason });
}

/** What went wrong when a VMM was given a memory, as what it means: the memory is still there, and it does not fit. */
export function resumeFailure(name: string, error: PhyllomeError): PhyllomeError {
  if (!['vmm-start-failed', 'vmm-gone', 'vmm-refused'].includes(error.code)) return error;
  const reason = error.message.replace(/\.$/, '');
  return new PhyllomeError('saved-unusable', { name, reason }, { cause: error });
}

function fileOf(stamp: { file: string; format: MachineDefinition['disks'][number]['format'] } | undefined) {
  return stamp === undefined ? {} : { file: stamp.file, format: stamp.format };
}
