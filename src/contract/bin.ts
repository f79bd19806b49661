// SPDX-License-Identifier: Apache-2.0
//
// The bin: deleted machines, what deleting and erasing would do, and when the bin is emptied by itself.
import { Type, type Static } from './schema.ts';

export const BinEntry = Type.Object(
  {
    id: Type.String({ description: 'id of the machine' }),
    name: Type.String(),
    deletedAt: Type.String(),
    directory: Type.String(),
    bytes: Type.Integer({ description: 'Space it takes on the disk' }),
    frees: Type.Integer({
      description: 'What erasing it gives back (bytes): less than it takes when it shares layers with others',
    }),
    eraseAt: Type.Union([Type.String(), Type.Null()], {
      description: 'When it is erased by itself; null: never',
    }),
  },
  { title: 'BinEntry' },
);
export type BinEntry = Static<typeof BinEntry>;

const deletionParts = {
  files: Type.Array(
    Type.Object({
      file: Type.String({ description: "In the machine's folder" }),
      bytes: Type.Integer({ description: 'Space it takes on the disk' }),
      frees: Type.Integer({ description: 'What erasing it would give back (bytes)' }),
    }),
    { description: 'Everything that goes to the bin, the largest first' },
  ),
  stays: Type.Array(Type.Object({ file: Type.String(), what: Type.String() }), {
    description: 'What the machine uses and what is not in its folder: it stays where it is',
  }),
};

export const DeletionPlan = Type.Object(
  {
    id: Type.String(),
    name: Type.String(),
    directory: Type.String({ description: 'Where it is now' }),
    bytes: BinEntry.properties.bytes,
    frees: BinEntry.properties.frees,
    ...deletionParts,
  },
  { title: 'DeletionPlan' },
);
export type DeletionPlan = Static<typeof DeletionPlan>;

export const Deletion = Type.Object(
  { ...BinEntry.properties, ...deletionParts },
  { title: 'Deletion', description: 'The deleted machine in the bin' },
);
export type Deletion = Static<typeof Deletion>;

export const Emptied = Type.Object(
  {
    erased: Type.Array(BinEntry),
    kept: Type.Array(
      Type.Object({ id: Type.String(), name: Type.String(), code: Type.String(), reason: Type.String() }),
      { description: 'What could not be erased, and why' },
    ),
    frees: Type.Integer({ description: 'What came back (bytes)' }),
  },
  { title: 'Emptied' },
);
export type Emptied = Static<typeof Emptied>;

/** As the setting may be: a hundred years are as good as for ever. */
export const KeepDays = Type.Union([Type.Integer({ minimum: 1, maximum: 36_500 }), Type.Null()], {
  description: 'Deleted machines are erased after so many days; null: never by themselves',
});

export const BinKeep = Type.Object({ keepDays: KeepDays }, { additionalProperties: false, title: 'BinKeep' });
export type BinKeep = Static<typeof BinKeep>;

export const BinStatus = Type.Object(
  {
    keepDays: KeepDays,
    count: Type.Integer({ description: 'Deleted machines in it' }),
    bytes: Type.Integer({ description: 'Space they take on the disk together' }),
    frees: Type.Integer({ description: 'What erasing all of them gives back (bytes)' }),
  },
  { title: 'BinStatus' },
);
export type BinStatus = Static<typeof BinStatus>;
