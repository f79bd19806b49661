// SPDX-License-Identifier: Apache-2.0
//
// What the owner decides about a PC that runs Phyllome OS, and how everything is erased from it.
import { Type, type Static, type TSchema } from './schema.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });
const Maybe = <Schema extends TSchema>(schema: Schema, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);

/** What can be reached from the network once it is opened; everything else is shut. */
export const firewallNames = ['page', 'ssh'] as const;
export type FirewallName = (typeof firewallNames)[number];

export const OpenPort = Type.Object(
  {
    protocol: OneOf(['tcp', 'udp']),
    port: Type.Integer({ minimum: 1024, maximum: 65_535 }),
  },
  { additionalProperties: false },
);
export type OpenPort = Static<typeof OpenPort>;

/** A name of this PC, as others on its network can say it. */
const hostNamePattern = '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$';

const HostName = Type.String({ pattern: hostNamePattern, description: 'Small letters, digits and hyphens' });
const words = (description: string) =>
  Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9][A-Za-z0-9_+/.,@()-]*$', description });

export const powerButtons = ['power-off', 'sleep', 'nothing'] as const;
export const lids = ['sleep', 'power-off', 'nothing'] as const;

const TimeZone = words('As in /os/settings/choices, e.g. Europe/Paris');
const KeyboardName = words('As in /os/settings/choices, e.g. fr or ch(fr)');
const Locale = words('As in /os/settings/choices, e.g. C.UTF-8');
const Ssh = Type.Boolean({ description: 'The owner can sign in over the network in a terminal' });
const PowerButton = OneOf(powerButtons, { description: 'What pressing it does; guests are saved before' });
const Lid = OneOf(lids, { description: 'What closing the lid of a laptop does' });
const OpenPorts = Type.Array(OpenPort, {
  maxItems: 64,
  description: 'Ports that the network may reach, besides page and ssh: for the forwards of machines',
});

export const OsSettings = Type.Object(
  {
    hostName: HostName,
    timeZone: TimeZone,
    keyboard: KeyboardName,
    locale: Locale,
    ssh: Ssh,
    powerButton: PowerButton,
    lid: Lid,
    openPorts: OpenPorts,
  },
  { title: 'OsSettings' },
);
export type OsSettings = Static<typeof OsSettings>;

/** Whatever is left out stays as it is. */
export const ChangeOsSettings = Type.Object(
  {
    hostName: Type.Optional(HostName),
    timeZone: Type.Optional(TimeZone),
    keyboard: Type.Optional(KeyboardName),
    locale: Type.Optional(Locale),
    ssh: Type.Optional(Ssh),
    powerButton: Type.Optional(PowerButton),
    lid: Type.Optional(Lid),
    openPorts: Type.Optional(OpenPorts),
  },
  { additionalProperties: false, title: 'ChangeOsSettings' },
);
export type ChangeOsSettings = Static<typeof ChangeOsSettings>;

export const OsChoices = Type.Object(
  {
    timeZones: Type.Array(Type.String()),
    keyboards: Type.Array(Type.String()),
    locales: Type.Array(Type.String()),
  },
  { title: 'OsChoices' },
);
export type OsChoices = Static<typeof OsChoices>;

export const ResetPlan = Type.Object(
  {
    hostName: Type.String({ description: 'What has to be typed for it' }),
    machines: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        bytes: Type.Integer(),
        running: Type.Boolean(),
        deleted: Type.Boolean({ description: 'It is in the bin' }),
      }),
    ),
    imageBytes: Type.Integer({ description: 'The library of images' }),
    encrypted: Type.Boolean({
      description: 'The disk is encrypted now; what a reset makes is not',
    }),
    refusal: Maybe(Type.String(), { description: 'Why it cannot be done here' }),
  },
  { title: 'ResetPlan' },
);
export type ResetPlan = Static<typeof ResetPlan>;

export const FactoryReset = Type.Object(
  {
    hostName: Type.String({ maxLength: 64, description: 'The name of this PC, typed by whoever wants it' }),
    stopRunning: Type.Boolean({ default: false, description: 'Cut the power of machines that run' }),
  },
  { additionalProperties: false, title: 'FactoryReset' },
);
export type FactoryReset = Static<typeof FactoryReset>;
