// SPDX-License-Identifier: Apache-2.0
//
// Making a machine from another one (POST /machines/:ref/clone).
import { Type, type Static } from './schema.ts';
import { Task } from './task.ts';

export const CloneRequest = Type.Object(
  {
    name: Type.String({ maxLength: 1000, description: 'Name of the new machine' }),
    full: Type.Optional(
      Type.Boolean({
        description:
          'Copy the disks. Left out: what is on them is shared, and each machine keeps what it changes from then on',
      }),
    ),
    snapshot: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description: 'Name or id of the snapshot to begin with; left out: as the machine is now',
      }),
    ),
    newTpm: Type.Optional(
      Type.Boolean({ description: 'Begin with an empty TPM; left out: the keys in it are copied' }),
    ),
  },
  { additionalProperties: false, title: 'CloneRequest' },
);
export type CloneRequest = Static<typeof CloneRequest>;

export const Clone = Type.Object(
  {
    task: Task,
    id: Type.String({ description: 'Id of the new machine, once the task is done' }),
    notes: Type.Array(Type.String(), { description: 'What is worth knowing about the new machine' }),
    guest: Type.Object(
      {
        text: Type.String({ description: 'What the two guests still have in common' }),
        commands: Type.Array(Type.String(), {
          description: 'What to type in the new guest, as its administrator; may be empty',
        }),
      },
      { description: 'How the guest gets an identity of its own' },
    ),
  },
  { title: 'Clone' },
);
export type Clone = Static<typeof Clone>;
