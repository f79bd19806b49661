// SPDX-License-Identifier: Apache-2.0
//
// Snapshots: a whole machine as it was, to come back to (/machines/:ref/snapshots).
import { Type, type Static } from './schema.ts';

const Name = (description: string) => Type.String({ minLength: 1, maxLength: 256, description });
const Note = Type.String({ maxLength: 4096, description: 'What is worth knowing about it' });

export const Snapshot = Type.Object(
  {
    id: Type.String({ description: 'UUID; also the name of its folder' }),
    name: Type.String(),
    note: Type.String(),
    takenAt: Type.String({ description: 'ISO 8601, UTC' }),
    parent: Type.Union([Type.String(), Type.Null()], {
      description: 'The snapshot that the machine went on from when this one was taken',
    }),
    memory: Type.Boolean({ description: 'Taken while the machine ran: going back to it resumes the guest' }),
    automatic: Type.Union([Type.String(), Type.Null()], {
      description: 'Why it was taken, when nobody asked for it: before-revert, hourly, daily, weekly, backup',
    }),
    picture: Type.Boolean({ description: 'There is a picture of its screen' }),
    bytes: Type.Integer({ description: 'Space that deleting it would free, about' }),
    problem: Type.Union([Type.String(), Type.Null()], {
      description: 'Why the machine cannot go back to it, in words; null: it can',
    }),
  },
  { title: 'Snapshot' },
);
export type Snapshot = Static<typeof Snapshot>;

export const SnapshotTree = Type.Object(
  {
    current: Type.Union([Type.String(), Type.Null()], {
      description: 'The snapshot that the machine goes on from; null: none, or it was deleted',
    }),
    snapshots: Type.Array(Snapshot, { description: 'The oldest first' }),
  },
  { title: 'SnapshotTree' },
);
export type SnapshotTree = Static<typeof SnapshotTree>;

export const TakeSnapshot = Type.Object(
  {
    name: Type.Optional(Name('Left out: the time')),
    note: Type.Optional(Note),
    memory: Type.Boolean({
      default: true,
      description: 'Of a machine that runs: with its memory, so that going back resumes the guest',
    }),
  },
  { additionalProperties: false, title: 'TakeSnapshot' },
);
export type TakeSnapshot = Static<typeof TakeSnapshot>;

export const ChangeSnapshot = Type.Object(
  { name: Type.Optional(Name('What people call it')), note: Type.Optional(Note) },
  { additionalProperties: false, title: 'ChangeSnapshot' },
);
export type ChangeSnapshot = Static<typeof ChangeSnapshot>;

export const RevertSnapshot = Type.Object(
  {
    discard: Type.Boolean({
      default: false,
      description: 'Forget how the machine is now; else that becomes a snapshot first',
    }),
    start: Type.Optional(
      Type.Boolean({
        description: 'Let it run afterwards; left out: when it runs now, or was saved with its memory',
      }),
    ),
  },
  { additionalProperties: false, title: 'RevertSnapshot' },
);
export type RevertSnapshot = Static<typeof RevertSnapshot>;
