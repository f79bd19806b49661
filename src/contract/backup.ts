// SPDX-License-Identifier: Apache-2.0
//
// Backups: whole machines as they were, in a folder somewhere else (docs/backups.md).
import { Type, type Static } from './schema.ts';

/** How often something is done by itself; also the marks of what was made that way. */
export const scheduleKinds = ['hourly', 'daily', 'weekly'] as const;
export type ScheduleKind = (typeof scheduleKinds)[number];

const Folder = Type.String({
  minLength: 2,
  maxLength: 4096,
  pattern: '^/[^\\x00\\r\\n]*$',
  description: 'Absolute path of the folder that holds the backups',
});

const BackupDisk = Type.Object({
  image: Type.String({ description: 'Its file in the folder of the backup: always qcow2' }),
  file: Type.String({ description: 'As machine.yaml of the backup names the disk' }),
  size: Type.Integer({ description: 'Of the disk as the guest sees it; bytes' }),
  bytes: Type.Integer({ description: 'Space that the image takes' }),
});

export const Backup = Type.Object(
  {
    id: Type.String({ description: 'Name of its folder: backup- and the time' }),
    machineId: Type.String(),
    machineName: Type.String({ description: 'As the machine was called then' }),
    directory: Type.String({ description: 'Where it is' }),
    takenAt: Type.String({ description: 'ISO 8601, UTC' }),
    kind: Type.Unsafe<'full' | 'incremental'>({
      type: 'string',
      enum: ['full', 'incremental'],
      description: 'incremental: holds what differs from its parent, and needs it',
    }),
    parent: Type.Union([Type.String(), Type.Null()], { description: 'The backup that it rests on' }),
    automatic: Type.Union(
      [Type.Unsafe<ScheduleKind>({ type: 'string', enum: [...scheduleKinds] }), Type.Null()],
      { description: 'Made by the schedule, which also removes it some day; null: somebody asked for it' },
    ),
    guest: Type.Unsafe<'off' | 'running'>({
      type: 'string',
      enum: ['off', 'running'],
      description: 'running: its disks are as after a power cut at that moment',
    }),
    bytes: Type.Integer({ description: 'Space that it takes and shares with no other' }),
    disks: Type.Array(BackupDisk),
    problem: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it cannot be restored, in words; null: it can',
    }),
  },
  { title: 'Backup' },
);
export type Backup = Static<typeof Backup>;

export const BackupList = Type.Object(
  {
    folder: Type.Union([Type.String(), Type.Null()], { description: 'null: the machine has none yet' }),
    warning: Type.Union([Type.String(), Type.Null()], {
      description: 'What the place of the backups does not protect from, in words',
    }),
    backups: Type.Array(Backup, { description: 'The newest first' }),
  },
  { title: 'BackupList' },
);
export type BackupList = Static<typeof BackupList>;

export const BackupFolder = Type.Object({ folder: Type.Optional(Folder) }, { additionalProperties: false });
export type BackupFolder = Static<typeof BackupFolder>;

export const BackupsIn = Type.Object({ folder: Folder }, { additionalProperties: false });

export const RestoreBackup = Type.Object(
  {
    machine: Type.String({
      minLength: 1,
      maxLength: 200,
      description: 'Name or id of the machine that was backed up; it need not exist any more',
    }),
    folder: Type.Optional(Folder),
    backup: Type.Optional(Type.String({ maxLength: 100, description: 'Its id; left out: the newest' })),
    name: Type.Optional(
      Type.String({ maxLength: 1000, description: 'Of the new machine; left out: as the backup says' }),
    ),
  },
  { additionalProperties: false, title: 'RestoreBackup' },
);
export type RestoreBackup = Static<typeof RestoreBackup>;
