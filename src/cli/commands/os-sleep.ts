// SPDX-License-Identifier: Apache-2.0
//
// What phyllome-sleep.service runs on Phyllome OS around a sleep of this PC. What was saved is noted where a restart forgets it:
// after one, other machines may run.
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { reasonOf } from '../../contract/errors.ts';
import type { Settings } from '../../contract/settings.ts';
import type { Context, Run } from '../context.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';

const noteFile = ({ paths }: Pick<Context, 'paths'>): string => join(paths.runtime, 'asleep.json');

export const osSleep: Run = async (context) => {
  const { client, output, paths } = context;
  if (!(await wantsSaving(paths.settings))) return;
  const running = (await client.call('listMachines')).filter(({ state }) => state.name === 'running');
  const saved: string[] = [];
  // One after the other: together they would only wait for the same disk.
  for (const { id, name } of running) {
    try {
      await followTask(context, () => client.call('saveMachine', { params: { ref: id } }), 'Stopped.');
      saved.push(id);
    } catch (error) {
      // It sleeps with this PC instead.
      output.note(`${plain(name)} is not saved: ${reasonOf(error)}`);
    }
  }
  await writeFile(noteFile(context), JSON.stringify(saved), { mode: 0o600 });
};

export const osWake: Run = async (context) => {
  const { client, output } = context;
  let saved: string[];
  try {
    saved = JSON.parse(await readFile(noteFile(context), 'utf8')) as string[];
  } catch {
    // Nothing was saved for this sleep.
    return;
  }
  // First of all, so that nothing is started twice.
  await rm(noteFile(context), { force: true });
  for (const ref of saved)
    await client
      .call('startMachine', { params: { ref }, body: {} })
      .catch((error: unknown) => output.note(`${ref} does not go on: ${reasonOf(error)}`));
};

async function wantsSaving(file: string): Promise<boolean> {
  try {
    return (JSON.parse(await readFile(file, 'utf8')) as Partial<Settings>).save?.sleep === true;
  } catch {
    // No settings, or none that can be read: as it comes, guests sleep with this PC.
    return false;
  }
}
