// SPDX-License-Identifier: Apache-2.0
import type { Snapshot, SnapshotTree } from '../../contract/snapshot.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { followTask } from '../service/follow-task.ts';
import { askYesNo } from '../terminal/ask.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { sizeText, timeText, typed } from '../terminal/words.ts';

export const takeSnapshot: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const name = input.argument('SNAPSHOT');
  const note = input.text('note');
  const body = {
    ...(name !== '' && { name }),
    ...(note !== undefined && { note }),
    memory: !input.flag('no-memory'),
  };
  const task = await followTask(
    context,
    () => client.call('takeSnapshot', { params: { ref }, body }),
    `Stopped. There is no new snapshot of ${ref}.`,
  );
  if (json) return output.json(task);
  output.say(`${plain(ref)} is kept as a snapshot.`);
  output.note(`See them with: phyllome snapshot list ${typed(ref)}`);
};

export const listSnapshots: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const tree = await client.call('listSnapshots', { params: { ref } });
  if (json) return output.json(tree);
  if (tree.snapshots.length === 0) {
    output.note(`${plain(ref)} has no snapshots. Take one with: phyllome snapshot take ${typed(ref)}`);
    return;
  }
  const columns = [
    { title: 'SNAPSHOT' },
    { title: 'TAKEN' },
    { title: 'FREES', align: 'right' as const },
    { title: 'NOTE' },
  ];
  textTable(columns, rowsOf(tree)).forEach((line) => output.say(line));
};

export const revertSnapshot: Run = async (context, input) => {
  const { client, output, json } = context;
  const [ref, snapshot] = [input.argument('NAME'), input.argument('SNAPSHOT')];
  const discard = input.flag('discard');
  if (discard && !input.flag('yes'))
    await confirm(context, `Forget how ${plain(ref)} is now, for good?`, 'snapshot revert');
  if (input.flag('start') && input.flag('no-start'))
    throw usageError('--start or --no-start, not both.', 'snapshot revert');
  const start = input.flag('start') ? true : input.flag('no-start') ? false : undefined;
  const body = { discard, ...(start !== undefined && { start }) };
  const task = await followTask(
    context,
    () => client.call('revertSnapshot', { params: { ref, snapshot }, body }),
    `Stopped. See what ${ref} is now with: phyllome show ${typed(ref)}`,
  );
  if (json) return output.json(task);
  output.say(`${plain(ref)} is back at ${plain(snapshot)}.`);
};

export const deleteSnapshot: Run = async (context, input) => {
  const { client, output, json } = context;
  const [ref, snapshot] = [input.argument('NAME'), input.argument('SNAPSHOT')];
  if (!input.flag('yes'))
    await confirm(
      context,
      `Forget the snapshot ${plain(snapshot)} of ${plain(ref)}, for good?`,
      'snapshot delete',
    );
  const task = await followTask(
    context,
    () => client.call('deleteSnapshot', { params: { ref, snapshot } }),
    `Stopped. See what is there with: phyllome snapshot list ${typed(ref)}`,
  );
  if (json) return output.json(task);
  output.say(`The snapshot ${plain(snapshot)} of ${plain(ref)} is gone. All others stay as they are.`);
};

export const changeSnapshot: Run = async ({ client, output, json }, input) => {
  const [ref, snapshot] = [input.argument('NAME'), input.argument('SNAPSHOT')];
  const [name, note] = [input.text('name'), input.text('note')];
  if (name === undefined && note === undefined)
    throw usageError('Give --name, --note or both.', 'snapshot edit');
  const body = { ...(name !== undefined && { name }), ...(note !== undefined && { note }) };
  const tree = await client.call('changeSnapshot', { params: { ref, snapshot }, body });
  if (json) output.json(tree);
  else output.say(`The snapshot ${plain(name ?? snapshot)} of ${plain(ref)} is changed.`);
};

async function confirm({ output, json }: Context, question: string, command: string): Promise<void> {
  if (!output.interactive || json)
    throw usageError(
      'What is forgotten cannot be brought back. Without a terminal, --yes says that you mean it.',
      command,
    );
  if (!(await askYesNo(question))) throw new Interrupted('Nothing was changed.');
}

/** Children are set off from their parent; where the machine is now is marked. */
function rowsOf({ current, snapshots }: SnapshotTree): string[][] {
  const rows: string[][] = [];
  const add = (parent: string | null, depth: number): void => {
    for (const one of snapshots.filter((snapshot) => snapshot.parent === parent)) {
      rows.push(row(one, depth, one.id === current));
      add(one.id, depth + 1);
    }
  };
  add(null, 0);
  return rows;
}

function row(
  { name, takenAt, bytes, note, memory, automatic, problem }: Snapshot,
  depth: number,
  isCurrent: boolean,
) {
  const words = [
    isCurrent ? 'now here' : '',
    memory ? 'with memory' : '',
    automatic === null ? '' : `by itself (${automatic})`,
    problem ?? '',
    note.split('\n')[0] ?? '',
  ];
  return [
    `${'  '.repeat(depth)}${plain(name)}`,
    takenAt === '' ? '' : timeText(takenAt),
    sizeText(bytes),
    words
      .filter((word) => word !== '')
      .map(plain)
      .join('; '),
  ];
}
