// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from './schema.ts';

const resources = {
  vcpus: Type.Integer({ description: 'Hardware threads of this PC, or virtual processors that run on them' }),
  memoryBytes: Type.Integer(),
};

/** What a running or starting machine takes of the budget. */
export const Claim = Type.Object(
  {
    machineId: Type.String(),
    machineName: Type.String(),
    ...resources,
    overheadBytes: Type.Integer({
      description: 'What its VMM and its helpers take beyond the memory of the guest',
    }),
  },
  { title: 'Claim' },
);
export type Claim = Static<typeof Claim>;

/** What this PC has, what it keeps for itself, and what guests use and may still use. */
export const Budget = Type.Object(
  {
    host: Type.Object(resources, { description: 'What this PC (or the container the service runs in) has' }),
    threadsPerCore: Type.Integer({
      description: 'Of the largest core: 2 with SMT (Hyper-Threading), else 1',
    }),
    reserve: Type.Object(resources, { description: 'What guests never get' }),
    guests: Type.Object(resources, { description: 'What all guests together may use: host less reserve' }),
    claims: Type.Array(Claim),
    free: Type.Object(resources, {
      description:
        'What the next machine may have at most, its overhead already taken off. Processors are shared in time, so they are never used up',
    }),
    recommended: Type.Object(resources, { description: 'For a new machine whose guest says nothing' }),
    enforcement: Type.String({
      description: 'In words: how the limits are held (cgroup, systemd, admission)',
    }),
  },
  { title: 'Budget' },
);
export type Budget = Static<typeof Budget>;
