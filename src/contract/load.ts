// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from './schema.ts';

const maybe = (description: string) => Type.Union([Type.Number(), Type.Null()], { description });

/** What a machine does, between two looks at the counters of its VMM. null: not known, see `notes`. */
export const LoadSample = Type.Object(
  {
    cpu: maybe('Hardware threads of this PC that its VMM keeps busy: 1.5 is one and a half'),
    memory: maybe('Memory of this PC that its VMM takes; bytes'),
    diskRead: maybe('bytes a second'),
    diskWrite: maybe('bytes a second'),
    networkReceive: maybe('bytes a second'),
    networkSend: maybe('bytes a second'),
  },
  { title: 'LoadSample' },
);
export type LoadSample = Static<typeof LoadSample>;

/** The names of a sample's figures, in the order in which they are shown. */
export const loadFigures = [
  'cpu',
  'memory',
  'diskRead',
  'diskWrite',
  'networkReceive',
  'networkSend',
] as const satisfies readonly (keyof LoadSample)[];
export type LoadFigure = (typeof loadFigures)[number];

/** One message of the stream GET /load, sent every two seconds while somebody listens. */
export const LoadReport = Type.Object(
  {
    time: Type.String({ description: 'ISO 8601, UTC' }),
    machines: Type.Array(Type.Object({ machineId: Type.String(), ...LoadSample.properties })),
  },
  { title: 'LoadReport' },
);
export type LoadReport = Static<typeof LoadReport>;

const series = Type.Array(Type.Union([Type.Number(), Type.Null()]));

/** The past of a machine's load, in columns of equal length as plots want them. */
export const LoadHistory = Type.Object(
  {
    step: Type.Integer({ description: 'Seconds that one entry stands for (the mean over them)' }),
    time: Type.Array(Type.Integer(), { description: 'Seconds since 1970, rising' }),
    cpu: series,
    memory: series,
    diskRead: series,
    diskWrite: series,
    networkReceive: series,
    networkSend: series,
    notes: Type.Array(Type.String(), { description: 'Which figures are not known, and why' }),
  },
  { title: 'LoadHistory' },
);
export type LoadHistory = Static<typeof LoadHistory>;
