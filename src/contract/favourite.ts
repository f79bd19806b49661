// SPDX-License-Identifier: Apache-2.0
//
// The favourite: the one machine that comes up with this PC and has its screen; and what is on that screen now.
import { ErrorReportSchema } from './error-report.ts';
import { Type, type Static } from './schema.ts';

/**
 * How the host is brought back from a machine that has screen, keyboard and pointer. A browser has to see the keys, and
 * guests must not need them: each counts only when it is pressed and let go with no other key between.
 */
export const hostKeys = ['ctrl-alt', 'right-ctrl', 'both-ctrl', 'both-shift', 'scroll-lock'] as const;
export type HostKey = (typeof hostKeys)[number];

const hostKey = Type.Unsafe<HostKey>({
  type: 'string',
  enum: [...hostKeys],
  description:
    'Brings the host back: left Ctrl and left Alt together, right Ctrl, both Ctrl keys, both Shift keys, or Scroll Lock',
});

const minutes = Type.Integer({ minimum: 1, maximum: 1440 });

/** What stands in the settings of this PC. The machine is named by its id, so it may be renamed. */
export const FavouriteSettings = Type.Object(
  {
    machine: Type.Optional(Type.String({ maxLength: 64, description: 'Id of the machine' })),
    autostart: Type.Optional(Type.Boolean({ description: 'Start it when this PC comes up (default: yes)' })),
    fullscreen: Type.Optional(Type.Boolean({ description: 'Give it the screen of this PC (default: yes)' })),
    hostKey: Type.Optional(hostKey),
    blankMinutes: Type.Optional(
      Type.Union([minutes, Type.Null()], {
        description: 'The screen is switched off when nobody used it for so long; null: never (default: 15)',
      }),
    ),
    lockMinutes: Type.Optional(
      Type.Union([minutes, Type.Null()], {
        description:
          'The screen asks for the password when nobody used it for so long; null: never (the default)',
      }),
    ),
  },
  {
    additionalProperties: false,
    description: 'The machine that comes up with this PC, and the screen of this PC',
  },
);
export type FavouriteSettings = Static<typeof FavouriteSettings>;

const named = Type.Object({ id: Type.String(), name: Type.String() });

/** What the screen of this PC shows: the page with all machines, or one machine and nothing else. */
const Screen = Type.Union(
  [
    Type.Object({ show: Type.Literal('host') }),
    Type.Object({ show: Type.Literal('machine'), machine: named }),
  ],
  { title: 'Screen' },
);

export const Favourite = Type.Object(
  {
    machine: Type.Union([named, Type.Null()], { description: 'null: there is none, or it is in the bin' }),
    autostart: Type.Boolean({ description: 'It is started when this PC comes up' }),
    fullscreen: Type.Boolean({ description: 'It has the screen of this PC when it runs' }),
    hostKey,
    blankMinutes: Type.Union([minutes, Type.Null()]),
    lockMinutes: Type.Union([minutes, Type.Null()]),
    screen: Screen,
    displays: Type.Integer({
      description: 'How many screens show it just now: pages in kiosk mode that listen to the service',
    }),
    problem: Type.Union([Type.Object({ machine: named, error: ErrorReportSchema }), Type.Null()], {
      description: 'Why the screen shows the host rather than a machine; null: nothing is wrong',
    }),
  },
  { title: 'Favourite' },
);
export type Favourite = Static<typeof Favourite>;

/** What is left out stays as it is. */
export const FavouriteChange = Type.Object(
  {
    machine: Type.Optional(
      Type.Union([Type.String({ minLength: 1, maxLength: 200 }), Type.Null()], {
        description: 'Name or id; null: no favourite',
      }),
    ),
    autostart: Type.Optional(Type.Boolean()),
    fullscreen: Type.Optional(Type.Boolean()),
    hostKey: Type.Optional(hostKey),
    blankMinutes: Type.Optional(Type.Union([minutes, Type.Null()])),
    lockMinutes: Type.Optional(Type.Union([minutes, Type.Null()])),
  },
  { title: 'FavouriteChange', additionalProperties: false },
);
export type FavouriteChange = Static<typeof FavouriteChange>;

export const ShowOnScreen = Type.Object(
  {
    show: Type.Unsafe<'host' | 'machine'>({ type: 'string', enum: ['host', 'machine'] }),
    machine: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        description:
          'Name or id of the machine to show; it is started when it does not run. Left out: the favourite',
      }),
    ),
  },
  { title: 'ShowOnScreen', additionalProperties: false },
);
export type ShowOnScreen = Static<typeof ShowOnScreen>;
