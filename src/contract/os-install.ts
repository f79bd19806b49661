// SPDX-License-Identifier: Apache-2.0
//
// From a live system onto a disk of this PC: what could be installed where, and what an installation is told. The same
// answers come from the page, the command line and a file on a second stick.
import { Type, type Static, type TSchema } from './schema.ts';
import { editions } from './os.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });
const Maybe = <Schema extends TSchema>(schema: Schema, options: { description?: string } = {}) =>
  Type.Union([schema, Type.Null()], options);
const Bytes = (description: string) => Type.Integer({ minimum: 0, description: `bytes; ${description}` });

/** The label of a second stick or partition whose answers.yaml installs without questions. */
export const answersLabel = 'PHYLLOME-ANSWERS';
/** The same as a credential of systemd, for PCs that are made by a program. */
export const answersCredential = 'phyllome.answers';

/** Two slots of the system, the boot partition, and room for machines: less is refused (bytes). */
export const smallestTarget = 8 * 2 ** 30;

/** What may not become Phyllome OS's disk, and why. */
const diskRefusals = [
  'runs-from-it',
  'too-small',
  'read-only',
  'in-use',
  'failing',
  'no-medium',
  'kind',
] as const;
export type DiskRefusal = (typeof diskRefusals)[number];

export const OsPartition = Type.Object(
  {
    number: Maybe(Type.Integer(), { description: 'null: the file system has no partition around it' }),
    start: Bytes('from the beginning of the disk'),
    size: Bytes('of the partition'),
    fileSystem: Maybe(Type.String(), { description: 'ntfs, ext4, crypto_LUKS, LVM2_member, ...' }),
    label: Maybe(Type.String(), { description: 'Of the file system, else of the partition' }),
    system: Maybe(Type.String(), {
      description: 'What it is part of, where that is known: "Windows", "Linux", "Phyllome OS", "macOS"',
    }),
    role: OneOf(['boot', 'system', 'data', 'swap', 'recovery', 'member', 'unknown'], {
      description: 'What it is for; member: a piece of a RAID or a volume group',
    }),
  },
  { title: 'OsPartition' },
);
export type OsPartition = Static<typeof OsPartition>;

export const OsDisk = Type.Object(
  {
    id: Type.String({
      description: 'By which it is chosen: stays when disks come and go, and no other disk of this PC has it',
    }),
    name: Type.String({
      description: 'What has to be typed to erase it: its model, and what tells it from others like it',
    }),
    path: Type.String({ description: 'As the kernel calls it now: /dev/nvme0n1' }),
    model: Type.String(),
    serial: Type.String(),
    size: Bytes('of the whole disk'),
    sectorSize: Type.Integer({ description: 'bytes; the smallest piece that it writes' }),
    bus: Type.String({ description: 'nvme, sata, usb, virtio, mmc, ...; empty when it is not known' }),
    removable: Type.Boolean({ description: 'It can be pulled out: a stick, a card, a disk in a box' }),
    table: Maybe(Type.String(), { description: 'gpt, dos, ...; null: none' }),
    partitions: Type.Array(OsPartition, { description: 'In the order in which they lie on it' }),
    refused: Maybe(Type.Object({ reason: OneOf(diskRefusals), text: Type.String() }), {
      description: 'Why nothing is installed on it; null: it can be chosen',
    }),
    warnings: Type.Array(Type.String(), { description: 'What should be known before it is erased' }),
  },
  { title: 'OsDisk' },
);
export type OsDisk = Static<typeof OsDisk>;

export const InstallOffer = Type.Object(
  {
    live: Type.Boolean({ description: 'This system runs from a medium; only then can it be installed' }),
    edition: Maybe(OneOf(editions)),
    version: Maybe(Type.String()),
    runsFrom: Maybe(Type.String(), { description: 'The disk whose system runs now: its path' }),
    tpm: Type.Boolean({ description: 'A TPM 2.0 can keep the key' }),
    secureBoot: Type.Boolean(),
    smallest: Bytes('that a disk must have'),
    disks: Type.Array(OsDisk),
  },
  { title: 'InstallOffer' },
);
export type InstallOffer = Static<typeof InstallOffer>;

/** Never shown in what is said about a mistake. */
const Secret = (options: { minLength: number; description: string }) =>
  Type.String({ maxLength: 200, pattern: '^[^\\x00\\n\\r]*$', writeOnly: true, ...options });

export const EncryptionAnswer = Type.Object(
  {
    kind: OneOf(['none', 'folder', 'disk'], {
      default: 'none',
      description:
        'folder: the machines (fscrypt); disk: everything that this PC writes (LUKS); none: whoever has the disk can read it',
    }),
    tpm: Type.Boolean({ default: false, description: 'The TPM of this PC opens it at each start' }),
    passphrase: Type.Optional(
      Secret({ minLength: 8, description: 'Opens it too; asked at each start where the TPM does not' }),
    ),
  },
  { additionalProperties: false, title: 'EncryptionAnswer' },
);
export type EncryptionAnswer = Static<typeof EncryptionAnswer>;

const InstallDisk = Type.Object(
  {
    id: Type.String({ minLength: 1, maxLength: 300, description: 'As "phyllome os disks" shows it' }),
    confirmation: Type.String({
      maxLength: 300,
      description: 'Its name, typed: all that is on it will be erased',
    }),
  },
  { additionalProperties: false },
);

export const InstallAnswers = Type.Object(
  {
    disk: InstallDisk,
    hostname: Type.String({
      pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$',
      maxLength: 63,
      description: 'What this PC is called in the network',
    }),
    user: Type.Object(
      {
        name: Type.String({ pattern: '^[a-z][a-z0-9_-]{0,30}$', description: 'Who owns this PC' }),
        password: Secret({ minLength: 10, description: 'Of the owner' }),
      },
      { additionalProperties: false },
    ),
    accessPassword: Type.Optional(
      Secret({
        minLength: 10,
        description: 'Opens the page from other devices; left out: the password of the owner',
      }),
    ),
    keyboard: Type.String({
      default: 'us',
      pattern: '^[a-z]{2,8}(\\([a-z0-9_-]{1,32}\\))?$',
      description: 'XKB layout, a variant in brackets: us, fr, ch(fr)',
    }),
    timezone: Type.String({
      default: 'UTC',
      pattern: '^[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+){0,2}$',
      maxLength: 64,
      description: '"Europe/Paris"',
    }),
    locale: Type.String({
      default: 'C.UTF-8',
      pattern: '^(C|[a-z]{2,3}_[A-Z]{2})\\.UTF-8$',
      description: '"fr_FR.UTF-8"',
    }),
    encryption: Type.Optional(EncryptionAnswer),
    wifi: Type.Optional(
      Type.Object(
        {
          name: Type.String({ minLength: 1, maxLength: 32, pattern: '^[^\\x00-\\x1f]*$' }),
          password: Type.Optional(Secret({ minLength: 8, description: 'Left out: an open network' })),
        },
        { additionalProperties: false, description: 'A wireless network that it joins after the restart' },
      ),
    ),
    afterwards: OneOf(['nothing', 'restart', 'power-off'], {
      default: 'nothing',
      description: 'What this PC does when all is done',
    }),
  },
  { additionalProperties: false, title: 'InstallAnswers' },
);
export type InstallAnswers = Static<typeof InstallAnswers>;

export const RecoveryKey = Type.Object(
  {
    recoveryKey: Maybe(Type.String(), {
      description: 'Opens what was encrypted; null: nothing was, or it was forgotten as asked',
    }),
  },
  { title: 'RecoveryKey' },
);
export type RecoveryKey = Static<typeof RecoveryKey>;
