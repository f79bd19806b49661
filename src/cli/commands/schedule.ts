// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import type { ScheduleKind } from '../../contract/backup.ts';
import type { Body } from '../../contract/api.ts';
import type { Schedule } from '../../contract/machine.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { plain } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';

type Change = Body<'changeDefinition'>['changes'][number];

// Kept here: the schema they come from is not loaded by a client.
const kinds: readonly ScheduleKind[] = ['hourly', 'daily', 'weekly'];
const units: Record<ScheduleKind, string> = { hourly: 'hour', daily: 'day', weekly: 'week' };

export const schedule: Run = async ({ client, output, json }, input) => {
  const ref = input.argument('NAME');
  const changes = changesOf(input);
  const machine =
    changes.length === 0
      ? await client.call('showMachine', { params: { ref } })
      : await client.call('changeDefinition', { params: { ref }, body: { changes } });
  const now = machine.definition?.schedule ?? {};
  if (json) return output.json(now);
  scheduleLines(now).forEach((line) => output.say(line));
  const { snapshots, backups } = now;
  if (backups?.folder === undefined && kinds.some((kind) => (backups?.[kind] ?? 0) > 0))
    output.note(`Backups need a folder: phyllome schedule ${typed(ref)} --to FOLDER`);
  if (snapshots === undefined && backups === undefined)
    output.note(`Set one with: phyllome schedule ${typed(ref)} --snapshots hourly=24,daily=7`);
};

function changesOf(input: Input): Change[] {
  const [snapshots, backups, to] = [input.text('snapshots'), input.text('backups'), input.text('to')];
  const off = input.flag('off');
  if (off && (snapshots !== undefined || backups !== undefined || to !== undefined))
    throw usageError('--off ends all of it and goes with nothing else.', 'schedule');
  if (off)
    return [
      { path: ['schedule', 'snapshots'] },
      // The folder stays known: its backups are still there.
      ...kinds.map((kind): Change => ({ path: ['schedule', 'backups', kind] })),
    ];
  return [
    ...(snapshots === undefined ? [] : counts('snapshots', snapshots)),
    ...(backups === undefined ? [] : counts('backups', backups)),
    ...(to === undefined ? [] : [{ path: ['schedule', 'backups', 'folder'], value: resolve(to) }]),
  ];
}

/** "hourly=24,daily=7" replaces what was there; "none" ends it. */
function counts(what: 'snapshots' | 'backups', text: string): Change[] {
  const given = new Map<string, number>();
  for (const part of text === 'none' ? [] : text.split(',')) {
    const [, kind, number] = /^(hourly|daily|weekly)=(\d{1,4})$/.exec(part.trim()) ?? [];
    if (kind === undefined || given.has(kind) || Number(number) > 1000)
      throw usageError(
        `--${what} is written like hourly=24,daily=7,weekly=4 (each up to 1000), or none; not "${plain(text)}".`,
        'schedule',
      );
    given.set(kind, Number(number));
  }
  return kinds.map((kind) => ({
    path: ['schedule', what, kind],
    ...(given.has(kind) && { value: given.get(kind) }),
  }));
}

export function scheduleLines({ snapshots, backups }: Schedule): string[] {
  return [
    `Snapshots: ${wishText(snapshots)}`,
    `Backups:   ${wishText(backups)}${backups?.folder === undefined ? '' : ` (folder ${plain(backups.folder)})`}`,
  ];
}

function wishText(wishes: Partial<Record<ScheduleKind, number>> | undefined): string {
  const wanted = kinds.filter((kind) => (wishes?.[kind] ?? 0) > 0);
  const [most] = wanted;
  if (most === undefined) return 'none by schedule';
  const parts = wanted.map((kind) => {
    const number = wishes?.[kind] ?? 0;
    return number === 1 ? `the last ${units[kind]}` : `the last ${number} ${units[kind]}s`;
  });
  return `one ${most === 'daily' ? 'a day' : `${most === 'hourly' ? 'an' : 'a'} ${units[most]}`}; kept: ${parts.join(', ')}`;
}
