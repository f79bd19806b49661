// SPDX-License-Identifier: Apache-2.0
//
// What can be made into a machine, as clients see it: systems, where their media come from, and what suits them.
import { Type, type Static } from './schema.ts';
import { Architecture } from './machine.ts';

const Text = (description: string) => Type.String({ description });
const Words = <const Values extends readonly string[]>(values: Values, description: string) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], description });

/** What a medium is, and so what is done with it. */
export const mediaKinds = ['installer', 'live', 'cloud-image', 'disk-image', 'network-install'] as const;

/** How we know that a medium is the one its makers made. */
export const verifications = ['openpgp', 'minisign', 'signify', 'apt', 'checksum', 'none'] as const;

/** How a system takes the answers of an unattended installation. */
export const answerFormats = [
  'preseed',
  'autoinstall',
  'kickstart',
  'autoyast',
  'agama',
  'cloud-init',
  'ignition',
  'autounattend',
] as const;

export const CatalogMedium = Type.Object({
  id: Text('Unique in its entry; "media" of createMachine'),
  name: Text('What distinguishes it from the others, e.g. "Network installer"'),
  kind: Words(mediaKinds, 'network-install: installed from the mirror that this PC is configured with'),
  architecture: Architecture,
  bytes: Type.Union([Type.Integer(), Type.Null()], { description: 'About; null when nobody says' }),
  source: Words(
    ['download', 'packages', 'bring'],
    'packages: from the distribution of this PC; bring: its user fetches it from `page` and gives the file',
  ),
  page: Type.Optional(Text('Where people get it by hand')),
  host: Type.Optional(Text('Server it comes from; left out when it is not downloaded')),
  verified: Words(verifications, 'How it is verified; apt: by the distribution of this PC'),
  unattended: Type.Union([Words(answerFormats, 'How it can be installed without questions'), Type.Null()]),
});
export type CatalogMedium = Static<typeof CatalogMedium>;

export const Resources = Type.Object({
  vcpus: Type.Integer(),
  memoryBytes: Type.Integer(),
  diskBytes: Type.Integer({ description: '0: it needs no disk' }),
});
export type Resources = Static<typeof Resources>;

/** One choice that is made for a guest, and why. */
export const ProfileChoice = Type.Object({
  key: Text('Key of the definition, e.g. "disks.bus"'),
  value: Text('As the definition says it'),
  reason: Text('A sentence'),
});
export type ProfileChoice = Static<typeof ProfileChoice>;

export const GuestProfile = Type.Object(
  {
    guestOs: Text('Id for the definition'),
    name: Text('Of the guest, as far as it is known'),
    architecture: Architecture,
    choices: Type.Array(ProfileChoice, { description: 'What suits it on this PC' }),
    shortcomings: Type.Array(Type.String(), {
      description:
        'Of a machine: sentences that say what its guest wants and it has not; it may be started all the same',
    }),
  },
  { title: 'GuestProfile' },
);
export type GuestProfile = Static<typeof GuestProfile>;

export const CatalogEntry = Type.Object(
  {
    id: Text('Becomes guestOs of the definition'),
    name: Type.String(),
    description: Type.String(),
    aliases: Type.Array(Type.String(), { description: 'Other ids under which it is found: "debian"' }),
    family: Type.Object({
      id: Type.String(),
      name: Type.String(),
      colour: Text('#rrggbb, of the tile that stands for it'),
    }),
    origin: Words(['ours', 'osinfo'], 'osinfo: from the osinfo-db of this PC'),
    homepage: Type.Union([Type.String(), Type.Null()]),
    licence: Type.Union([Text('A note on its licence'), Type.Null()]),
    released: Type.Union([Text('YYYY-MM-DD'), Type.Null()]),
    ends: Type.Union([Text('YYYY-MM-DD: support ends'), Type.Null()]),
    minimum: Type.Union([Resources, Type.Null()]),
    recommended: Type.Union([Resources, Type.Null()], {
      description: 'What its machines get when their owner does not say',
    }),
    firmware: Words(['uefi', 'bios', 'both', 'none'], 'none: its kernel is started directly'),
    secureBoot: Words(['required', 'supported', 'unsupported'], 'Whether its loader is signed for it'),
    tpm: Words(['required', 'supported', 'unsupported'], 'TPM 2.0'),
    notes: Type.Array(Type.String(), { description: 'What its user should know beforehand' }),
    media: Type.Array(CatalogMedium, { description: 'The usual one first; empty: made on this PC' }),
  },
  { title: 'CatalogEntry' },
);
export type CatalogEntry = Static<typeof CatalogEntry>;

/** How a medium was found when its links were tested. */
export const CheckedMedium = Type.Object(
  {
    entry: Type.String(),
    medium: Type.String(),
    file: Type.Union([Text('What would be fetched now'), Type.Null()]),
    bytes: Type.Union([Type.Integer(), Type.Null()], { description: 'As the server says' }),
    signer: Type.Union([Text('Who signed its list of checksums'), Type.Null()]),
    problem: Type.Union([Text('Why it cannot be had'), Type.Null()]),
  },
  { title: 'CheckedMedium' },
);
export type CheckedMedium = Static<typeof CheckedMedium>;

/** What a file was recognised as. */
export const Identified = Type.Object(
  {
    file: Text('Absolute path'),
    guestOs: Text('Id for the definition; "generic" when it is not known'),
    name: Text('Of the system, e.g. "Debian 13"; "Unknown" when it is not known'),
    entry: Type.Union([Text('Catalogue entry'), Type.Null()]),
    osinfo: Type.Union([Text('Id in osinfo-db (an address)'), Type.Null()]),
    architecture: Type.Union([Architecture, Type.Null()]),
    kind: Words(['installer', 'live', 'disk', 'drivers', 'unknown'], 'What it is for'),
    confidence: Words(['certain', 'likely', 'guess', 'none'], 'How sure that is'),
    reasons: Type.Array(Type.String(), { description: 'Sentences: which facts said so' }),
    facts: Type.Record(Type.String(), Type.String(), {
      description: 'What was read: volume, system, publisher, application, boot ...',
    }),
    unattended: Type.Union([Words(answerFormats, 'How it can be installed without questions'), Type.Null()]),
  },
  { title: 'Identified' },
);
export type Identified = Static<typeof Identified>;

const line = '^[^\\x00-\\x1f\\x7f]*$';

/** The answers of an unattended installation. Passwords are hashed before they are written anywhere. */
export const Unattended = Type.Object(
  {
    user: Type.Object(
      {
        name: Type.String({
          pattern: '^[a-z_][a-z0-9_-]{0,31}$',
          description: 'Login; may become administrator',
        }),
        fullName: Type.Optional(Type.String({ maxLength: 100, pattern: line })),
        password: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: 200,
            pattern: line,
            writeOnly: true,
            description: 'One line of at most 200 characters; left out: keys only',
          }),
        ),
        sshKeys: Type.Optional(
          Type.Array(Type.String({ minLength: 16, maxLength: 16_384, pattern: line }), { maxItems: 32 }),
        ),
      },
      { additionalProperties: false },
    ),
    hostname: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$',
        description: "Left out: the machine's name, as far as it can be one",
      }),
    ),
    locale: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2,3}_[A-Z]{2}$',
        description: 'e.g. fr_FR; left out: that of the service',
      }),
    ),
    keyboard: Type.Optional(
      Type.String({
        pattern: '^[a-z]{2,8}(\\([a-z0-9_-]{1,32}\\))?$',
        description: 'XKB layout, a variant in brackets: us, de, ch(fr); left out: that of this PC',
      }),
    ),
    timezone: Type.Optional(
      Type.String({
        pattern: '^[A-Za-z0-9_+-]+(/[A-Za-z0-9_+-]+){0,2}$',
        description: 'e.g. Europe/Paris; left out: that of this PC',
      }),
    ),
    packages: Type.Optional(Words(['minimal', 'desktop'], 'default minimal')),
    diskEncryption: Type.Optional(
      Type.Object(
        {
          passphrase: Type.String({
            minLength: 8,
            maxLength: 200,
            pattern: line,
            writeOnly: true,
            description: 'One line of 8 to 200 characters',
          }),
        },
        { additionalProperties: false, description: 'The guest encrypts its own disk' },
      ),
    ),
    productKey: Type.Optional(
      Type.String({
        pattern: '^([A-Z0-9]{5}-){4}[A-Z0-9]{5}$',
        writeOnly: true,
        description: 'Windows; left out: it is asked for later',
      }),
    ),
    edition: Type.Optional(
      Type.String({ maxLength: 100, pattern: line, description: 'Windows: e.g. "Windows 11 Pro"' }),
    ),
  },
  { additionalProperties: false, title: 'Unattended' },
);
export type Unattended = Static<typeof Unattended>;

export const SecureBootCertificate = Type.Object({
  database: Words(['PK', 'KEK', 'db', 'dbx'], 'Variable of the firmware'),
  name: Text("The subject's common name; for a hash in dbx: its digits"),
  issuer: Type.String(),
  validUntil: Type.Union([Type.String(), Type.Null()], { description: 'ISO 8601; null: a hash' }),
  sha256: Text('Fingerprint of the certificate, or the hash'),
});
export type SecureBootCertificate = Static<typeof SecureBootCertificate>;

/** The variables of a machine's UEFI firmware, as far as they are about Secure Boot. */
export const FirmwareState = Type.Object(
  {
    type: Words(['uefi', 'bios', 'none'], 'none: the kernel is started directly'),
    secureBoot: Words(
      ['enforced', 'off', 'setup-mode', 'unsupported', 'not-started'],
      'not-started: the variables are made by the first start',
    ),
    certificates: Type.Array(SecureBootCertificate),
    microsoft2011: Type.Boolean({ description: "Microsoft's certificates of 2011, which ended in 2026" }),
    microsoft2023: Type.Boolean(),
    warnings: Type.Array(Type.String()),
  },
  { title: 'FirmwareState' },
);
export type FirmwareState = Static<typeof FirmwareState>;
