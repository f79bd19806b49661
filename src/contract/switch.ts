// SPDX-License-Identifier: Apache-2.0
//
// Moving a machine to another VMM (POST /machines/:ref/switch), and what that would do (.../switch/plan).
import { Type, type Static } from './schema.ts';
import { vmmNames } from './machine.ts';
import { VmmReason } from './vmm.ts';

export const SwitchRequest = Type.Object(
  {
    vmm: Type.Optional(
      Type.Unsafe<(typeof vmmNames)[number]>({
        type: 'string',
        enum: [...vmmNames],
        description: 'Where to',
      }),
    ),
    back: Type.Optional(
      Type.Boolean({ description: 'To where it was before the last switch, with the disks as they are now' }),
    ),
    guestKernel: Type.Optional(
      Type.Boolean({
        description: "Start the guest's own kernel directly, also where its boot loader could be started",
      }),
    ),
    start: Type.Boolean({
      default: true,
      description: 'Start it there; false: what is replaced is kept until it was started once',
    }),
  },
  { additionalProperties: false, title: 'SwitchRequest' },
);
export type SwitchRequest = Static<typeof SwitchRequest>;

export const SwitchPlan = Type.Object(
  {
    from: Type.String({ description: 'As the definition says now: a VMM or "auto"' }),
    to: Type.String(),
    changes: Type.Array(
      Type.Object({
        key: Type.String({ description: 'In the definition, e.g. disks[0].format' }),
        before: Type.String(),
        after: Type.String(),
      }),
      { description: 'What would change in the definition' },
    ),
    disks: Type.Array(
      Type.Object({
        file: Type.String(),
        copy: Type.String({ description: 'The raw image that takes its place' }),
        bytes: Type.Integer({ description: 'Space that the copy takes, about' }),
      }),
      { description: 'Disks that would be converted' },
    ),
    refusals: Type.Array(VmmReason, { description: 'Everything that keeps it from being moved' }),
    losses: Type.Array(VmmReason, { description: 'What the machine would have to do without' }),
    notes: Type.Array(Type.String(), { description: 'What else is worth knowing' }),
  },
  { title: 'SwitchPlan' },
);
export type SwitchPlan = Static<typeof SwitchPlan>;
