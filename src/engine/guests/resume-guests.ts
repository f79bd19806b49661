// SPDX-License-Identifier: Apache-2.0
import type { EventBody } from '../../contract/event.ts';
import type { StateName } from '../../contract/state.ts';
import type { ResumeFile, ResumeRecord } from './resume-file.ts';

export interface ResumeGuestsParts {
  resumeFile: ResumeFile;
  bootId: string;
  /** null: there is no such machine any more */
  find: (id: string) => { name: string; state: StateName } | null;
  start: (id: string) => Promise<unknown>;
  emit: (event: EventBody) => void;
}

/**
 * Lets go on what was saved when this PC went down, once: each machine is struck off the list before it is started. Nothing
 * is lost by a start that fails, nor by an end of the service or of the whole PC in the middle of one: the machine stays
 * saved, that is said, and a person starts it.
 * @param options.sameBoot also when this PC did not go down after all
 */
export async function resumeGuests(
  { resumeFile, bootId, find, start, emit }: ResumeGuestsParts,
  { sameBoot = false } = {},
): Promise<void> {
  const record = await resumeFile.read();
  if (record === null || (record.bootId === bootId && !sameBoot && record.begun === undefined)) return;
  const stays = (id: string, why: string): void => {
    const machine = find(id);
    if (machine?.state !== 'saved') return;
    const text = `It was to go on by itself, but ${why}. It is still saved: start it to go on where it was.`;
    emit({ type: 'machine.warning', machineId: id, machineName: machine.name, text });
  };
  if (record.begun !== undefined) stays(record.begun, 'this ended while it was being started');
  let { machines } = record;
  const strike = async (begun?: string): Promise<void> => {
    machines = machines.filter((id) => id !== begun);
    const next: ResumeRecord = { formatVersion: 1, bootId: record.bootId, machines };
    await resumeFile.write(begun === undefined ? next : { ...next, begun });
  };
  await strike();
  // Of a pass that was cut off within this boot, the rest is due as well.
  for (const id of record.machines) {
    await strike(id);
    if (find(id)?.state !== 'saved') continue;
    await start(id).catch(() => stays(id, 'its start failed'));
  }
  await strike();
}
