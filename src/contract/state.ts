// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from './schema.ts';

const since = { since: Type.String({ description: 'When it came into this state; ISO 8601, UTC' }) };

/** Where a machine is in its life. docs/machine-states.md draws the transitions (engine/lifecycle.ts). */
export const MachineState = Type.Union(
  [
    Type.Object({ name: Type.Literal('stopped'), ...since }),
    Type.Object({ name: Type.Literal('starting'), ...since }),
    Type.Object({
      name: Type.Literal('running'),
      ...since,
      ready: Type.Boolean({ description: 'The guest said it is up' }),
    }),
    Type.Object({
      name: Type.Literal('paused'),
      ...since,
      reason: Type.String({ description: 'Why, when it was not asked for; else empty' }),
    }),
    Type.Object({ name: Type.Literal('stopping'), ...since }),
    Type.Object({
      name: Type.Literal('crashed'),
      ...since,
      reason: Type.String({ description: 'In words, e.g. "QEMU was killed by SIGKILL"' }),
      log: Type.Array(Type.String(), { description: 'The last lines of the log that belongs to the reason' }),
    }),
    Type.Object({
      name: Type.Literal('saved'),
      ...since,
      bytes: Type.Integer({ description: 'What its memory takes on the disk' }),
    }),
    Type.Object({ name: Type.Literal('broken'), ...since, problems: Type.Array(Type.String()) }),
  ],
  { title: 'MachineState' },
);
export type MachineState = Static<typeof MachineState>;
export type StateName = MachineState['name'];
