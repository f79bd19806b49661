// SPDX-License-Identifier: Apache-2.0
//
// Who gets at the page and how: the password, the network, the browsers that are signed in.
import { ErrorReportSchema } from './error-report.ts';
import { Type, type Static } from './schema.ts';

/** The port of the page on the network. Phyllome OS opens no other for it. */
export const networkPort = 7443;

// What breaks a rule is shown to whoever sent it, and this must not be: so no more than a limit here.
const Password = Type.String({
  minLength: 1,
  maxLength: 1024,
  writeOnly: true,
  description: 'Never shown again. A new one has at least 10 characters, and no fewer than 4 different ones',
});

export const Session = Type.Object(
  {
    id: Type.String({ description: 'Names it; lets nobody in' }),
    name: Type.String({ description: 'What the browser says it is, e.g. "Firefox on Android"' }),
    from: Type.String({ description: 'Address it came from last' }),
    network: Type.Boolean({ description: 'It signed in over the network; otherwise on this PC' }),
    by: Type.Unsafe<'password' | 'link'>({ type: 'string', enum: ['password', 'link'] }),
    since: Type.String({ description: 'ISO 8601, UTC' }),
    lastSeen: Type.String({ description: 'ISO 8601, UTC' }),
    locked: Type.Boolean({ description: 'It is asked for the password before it may go on' }),
    current: Type.Boolean({ description: 'It is the one that asks' }),
  },
  { title: 'Session' },
);
export type Session = Static<typeof Session>;

export const ServedCertificate = Type.Object({
  own: Type.Boolean({ description: 'It is from files of yours; otherwise Phyllome made it' }),
  fingerprint: Type.String({ description: 'SHA-256, as browsers show it: AA:BB:...' }),
  until: Type.String({ description: 'When it ends: ISO 8601, UTC' }),
  names: Type.Array(Type.String(), { description: 'Names and addresses it is good for' }),
});
export type ServedCertificate = Static<typeof ServedCertificate>;

export const AccessStatus = Type.Object(
  {
    password: Type.Union([Type.Object({ setAt: Type.String() }), Type.Null()], {
      description: 'null: none was set yet',
    }),
    network: Type.Object({
      on: Type.Boolean({ description: 'The page is to be there for other devices' }),
      listening: Type.Boolean({ description: 'It is' }),
      problem: Type.Union([ErrorReportSchema, Type.Null()], {
        description: 'Why it is not although it should',
      }),
      port: Type.Integer(),
      names: Type.Array(Type.String(), { description: 'Names that were added to those of this PC' }),
      addresses: Type.Array(Type.String(), { description: 'Where other devices find it: https://...' }),
      certificate: Type.Union([ServedCertificate, Type.Null()]),
    }),
    sessions: Type.Array(Session, { description: 'Browsers that are signed in, the last seen first' }),
  },
  { title: 'AccessStatus' },
);
export type AccessStatus = Static<typeof AccessStatus>;

export const SetPassword = Type.Object(
  {
    password: Password,
    oldPassword: Type.Optional(Password),
  },
  { additionalProperties: false, title: 'SetPassword' },
);
export type SetPassword = Static<typeof SetPassword>;

const file = Type.String({ pattern: '^/[^\\x00\\r\\n]*$', maxLength: 4096 });

export const SetAccessNetwork = Type.Object(
  {
    on: Type.Optional(Type.Boolean({ description: 'Left out: as it is' })),
    port: Type.Optional(Type.Integer({ minimum: 1024, maximum: 65_535, description: 'Left out: as it is' })),
    names: Type.Optional(
      Type.Array(Type.String({ pattern: '^[A-Za-z0-9]([A-Za-z0-9.-]{0,252}[A-Za-z0-9])?$' }), {
        maxItems: 20,
        description: 'Names besides those of this PC under which it is reached; left out: as they are',
      }),
    ),
    certificate: Type.Optional(
      Type.Union(
        [Type.Object({ certificate: file, key: file }, { additionalProperties: false }), Type.Null()],
        {
          description:
            'PEM files of yours (unix socket only); null: one that Phyllome makes; left out: as it is',
        },
      ),
    ),
  },
  { additionalProperties: false, title: 'SetAccessNetwork' },
);
export type SetAccessNetwork = Static<typeof SetAccessNetwork>;

export const SignOut = Type.Object(
  {
    session: Type.Optional(
      Type.String({ maxLength: 100, description: 'Its id; left out: the one that asks' }),
    ),
    all: Type.Optional(Type.Boolean({ description: 'All of them but the one that asks' })),
  },
  { additionalProperties: false, title: 'SignOut' },
);
export type SignOut = Static<typeof SignOut>;

export const LockSession = Type.Object(
  {
    session: Type.Optional(
      Type.String({
        maxLength: 100,
        description: 'Its id; left out: the one that asks, over the unix socket all browsers on this PC',
      }),
    ),
  },
  { additionalProperties: false, title: 'LockSession' },
);
export type LockSession = Static<typeof LockSession>;

export const Unlock = Type.Object({ password: Password }, { additionalProperties: false, title: 'Unlock' });
export type Unlock = Static<typeof Unlock>;
