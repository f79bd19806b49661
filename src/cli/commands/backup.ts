// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { Backup } from '../../contract/backup.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, timeText, typed } from '../terminal/words.ts';

/** A folder as it was typed: the service has another one to begin with. */
function folderIn(input: Input, option: 'to' | 'from'): { folder?: string } {
  const given = input.text(option);
  return given === undefined ? {} : { folder: resolve(given) };
}

export const backup: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const body = folderIn(input, 'to');
  const task = await followTask(
    context,
    () => client.call('makeBackup', { params: { ref }, body }),
    `Stopped. The backups of ${ref} are as they were.`,
  );
  if (json) return output.json(task);
  const { backups, warning, folder } = await client.call('listBackups', { params: { ref }, query: body });
  const [newest] = backups;
  const words = newest === undefined ? '' : ` as ${newest.id} (${newest.kind}, ${sizeText(newest.bytes)})`;
  output.say(`${plain(ref)} is backed up to ${plain(folder ?? '')}${words}.`);
  if (warning !== null) output.note(plain(warning));
};

export const listBackups: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const query = folderIn(input, 'from');
  if (ref === '') {
    if (query.folder === undefined)
      throw usageError('Name a machine, or a folder with --from.', 'backup list');
    const all = await client.call('listBackupFolder', { query: { folder: query.folder } });
    if (json) return output.json(all);
    if (all.length === 0) return output.note(`There are no backups in ${plain(query.folder)}.`);
    return backupLines(all, true).forEach((line) => output.say(line));
  }
  const { folder, warning, backups } = await client.call('listBackups', { params: { ref }, query });
  if (json) return output.json({ folder, warning, backups });
  if (folder === null)
    return output.note(
      `${plain(ref)} has no backups. Make one, on another disk at best: phyllome backup ${typed(ref)} --to FOLDER`,
    );
  if (backups.length === 0) output.note(`There are no backups of ${plain(ref)} in ${plain(folder)}.`);
  else backupLines(backups, false).forEach((line) => output.say(line));
  if (warning !== null) output.note(plain(warning));
};

export const restoreBackup: Run = async (context, input) => {
  const { client, output, json } = context;
  const machine = input.argument('NAME');
  const id = input.argument('BACKUP');
  const from = folderIn(input, 'from');
  if (machine === '') {
    // Which one? That is what is in the folder.
    if (from.folder === undefined)
      throw usageError('Name a machine, or a folder with --from.', 'backup restore');
    return listBackups(context, input);
  }
  const name = input.text('as');
  const body = {
    machine,
    ...from,
    ...(id !== '' && { backup: id }),
    ...(name !== undefined && { name }),
  };
  const task = await followTask(
    context,
    () => client.call('restoreBackup', { body }),
    'Stopped. No machine was made.',
  );
  if (json) return output.json(task);
  const made = await client.call('showMachine', { params: { ref: task.machineId ?? '' } });
  output.say(
    `${plain(made.name)} is there, as it was backed up. Start it with: phyllome start ${typed(made.name)}`,
  );
  for (const event of await client.call('machineEvents', { params: { ref: made.id }, query: { limit: 20 } }))
    if (event.type === 'machine.notice' && event.time >= task.startedAt) output.note(plain(event.text));
};

export const verifyBackups: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const body = folderIn(input, 'from');
  const task = await followTask(
    context,
    () => client.call('verifyBackups', { params: { ref }, body }),
    'Stopped. Nothing was changed.',
  );
  if (json) output.json(task);
  else output.say(`All backups of ${plain(ref)} are whole.`);
};

export const deleteBackup: Run = async (context, input) => {
  const { client, output, json } = context;
  const [ref, id] = [input.argument('NAME'), input.argument('BACKUP')];
  const query = folderIn(input, 'from');
  if (!input.flag('yes')) await confirm(context, `Remove ${plain(id)} of ${plain(ref)} for good?`);
  const task = await followTask(
    context,
    () => client.call('deleteBackup', { params: { ref, backup: id }, query }),
    `Stopped. See what is there with: phyllome backup list ${typed(ref)}`,
  );
  if (json) output.json(task);
  else output.say(`${plain(id)} is gone. All others stay as they are.`);
};

async function confirm({ output, json }: Context, question: string): Promise<void> {
  if (!output.interactive || json)
    throw usageError('Without a terminal, --yes says that you mean it.', 'backup delete');
  if (!(await askYesNo(question))) throw new Interrupted('Nothing was removed.');
}

export function backupLines(backups: readonly Backup[], withMachine: boolean): string[] {
  const rows = backups.map((one) => [
    ...(withMachine ? [plain(one.machineName)] : []),
    one.id,
    timeText(one.takenAt),
    one.kind,
    sizeText(one.bytes),
    one.automatic ?? '',
    one.problem !== null ? plain(`damaged: ${one.problem}`) : one.guest === 'running' ? 'while it ran' : '',
  ]);
  return textTable(
    [
      ...(withMachine ? [{ title: 'MACHINE' }] : []),
      { title: 'BACKUP' },
      { title: 'TAKEN' },
      { title: 'KIND' },
      { title: 'SIZE', align: 'right' },
      { title: 'BY SCHEDULE' },
      { title: '' },
    ],
    rows,
  );
}
