// SPDX-License-Identifier: Apache-2.0
//
// What a file of src/catalog/entries/ says: one family of systems each, facts only. Whoever adds a system edits such a
// file and nothing else; CONTRIBUTING.md tells how.
import { answerFormats, mediaKinds } from '../contract/catalog.ts';
import { architectures, sizeKeyword } from '../contract/machine.ts';
import { Type, type Static, type TSchema } from '../contract/schema.ts';

const Strict = <Properties extends Record<string, TSchema>>(properties: Properties, options: object = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });
const Choice = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });
const Sentence = (description: string) => Type.String({ minLength: 2, maxLength: 400, description });
const Id = Type.String({ pattern: '^[a-z0-9][a-z0-9._-]{0,63}$' });
const Url = (description: string) =>
  Type.String({ pattern: '^https?://[^\\s]+$', maxLength: 1000, description });
const Day = Type.String({ pattern: '^\\d{4}-\\d{2}-\\d{2}$' });
const Size = (description: string) =>
  Type.Integer({ minimum: 0, maximum: 2 ** 46, description, [sizeKeyword]: true });

const Signature = Strict(
  {
    kind: Choice(['openpgp', 'minisign', 'signify']),
    file: Type.String({
      minLength: 1,
      description:
        'Beside what is signed: a name, or ".sig" to be put behind the name; "inline": the list itself is clear-signed or carries its signature',
    }),
    key: Type.String({ minLength: 1, description: 'Name of one in "keys"' }),
  },
  { description: 'Who vouches for it' },
);

/**
 * Where a medium is downloaded. The name of the file is a pattern because new ones come without us: of all names that
 * match (the whole name), the highest version is taken.
 */
const Download = Strict({
  find: Type.Optional(
    Strict(
      {
        page: Url('Small page, list or JSON that names the newest release'),
        pattern: Type.String({
          minLength: 1,
          description: 'Regular expression with one group, searched in all its lines',
        }),
      },
      {
        description:
          'Where a release has its own folder: the highest version that the group matches stands for "{found}" in folder, mirrors, file and checksums, its first number for "{major}". It only tells a place; what is found there is verified as ever.',
      },
    ),
  ),
  folder: Url('Where the file lies; ends in "/"'),
  mirrors: Type.Array(Url('The same folder elsewhere, over which the checksums below do not come'), {
    default: [],
  }),
  file: Type.String({
    minLength: 1,
    description:
      'Regular expression of the whole name, in the list of checksums (or on the page of the folder)',
  }),
  checksums: Type.Optional(
    Strict({
      url: Type.String({
        minLength: 1,
        description:
          'List of checksums: a name in the folder, a full address, or "{file}.sha256" for one per file',
      }),
      algorithm: Choice(['sha256', 'sha512', 'sha1', 'md5', 'blake2b'], { default: 'sha256' }),
      signature: Type.Optional(Signature),
    }),
  ),
  signature: Type.Optional(Signature),
  sha256: Type.Optional(
    Type.String({ pattern: '^[0-9a-f]{64}$', description: 'Known beforehand; the file is a fixed one then' }),
  ),
  packed: Choice(['no', 'xz', 'gz', 'bz2', 'zst', 'zip'], {
    default: 'no',
    description: 'What the image is unpacked from after it was verified; zip: its only image',
  }),
});
export type Download = Static<typeof Download>;

const Medium = Strict({
  id: Id,
  name: Sentence('What distinguishes it from the others'),
  kind: Choice(mediaKinds),
  architecture: Choice(architectures, { default: 'x86_64' }),
  size: Type.Optional(Size('About')),
  download: Type.Optional(Download),
  packages: Type.Optional(
    Strict(
      {
        debian: Type.String({ pattern: '^[a-z0-9][a-z0-9.+-]+$', description: 'Package with the installer' }),
      },
      { description: 'From the distribution that this PC is configured with' },
    ),
  ),
  bring: Type.Optional(
    Strict({ page: Url('Where its user gets it') }, { description: 'Cannot or may not be fetched by us' }),
  ),
  unattended: Type.Optional(Choice(answerFormats)),
  kernel: Type.Optional(
    Strict(
      {
        kernel: Type.String({ minLength: 1 }),
        initrd: Type.String({ minLength: 1 }),
        commandLine: Type.String({ default: '' }),
      },
      { description: 'Paths on the medium, where an unattended installation has to start its kernel itself' },
    ),
  ),
  user: Type.Optional(Type.String({ description: 'Of a cloud image: whom its makers log in as' })),
});

const resources = {
  vcpus: Type.Integer({ minimum: 1, maximum: 64, default: 1 }),
  memory: Size('of the guest'),
  disk: Size('0: it needs none'),
};

const System = Strict({
  id: Id,
  name: Sentence('With its version where it has one'),
  aliases: Type.Array(Id, { default: [] }),
  description: Sentence('One sentence: for whom or for what'),
  osinfo: Type.Optional(Url('Its id in osinfo-db, whose facts fill what is not said here')),
  released: Type.Optional(Day),
  ends: Type.Optional(Day),
  homepage: Type.Optional(Url("Where it is not the family's")),
  firmware: Choice(['uefi', 'bios', 'both'], { default: 'both' }),
  secureBoot: Choice(['required', 'supported', 'unsupported'], { default: 'unsupported' }),
  tpm: Choice(['required', 'supported', 'unsupported'], { default: 'supported' }),
  kernel: Choice(
    ['linux', 'windows', 'freebsd', 'openbsd', 'netbsd', 'dragonfly', 'macos', 'illumos', 'other'],
    {
      default: 'linux',
      description: 'What its drivers belong to; the profile of its machines goes by it',
    },
  ),
  lacks: Type.Array(
    Choice(['virtio-disk', 'virtio-net', 'virtio-gpu', 'virtio-input', 'usb', 'hda', 'acpi', 'agent']),
    { default: [], description: 'Which of our usual devices it has no driver for' },
  ),
  minimum: Strict(resources),
  recommended: Strict(resources),
  notes: Type.Array(Sentence('What its user should know beforehand'), { default: [] }),
  media: Type.Array(Medium, { description: 'The usual one first' }),
});

export const EntryFile = Strict({
  family: Strict({
    id: Id,
    name: Sentence('Of the project'),
    colour: Type.String({ pattern: '^#[0-9a-f]{6}$', description: 'Of the tile that stands for it' }),
    homepage: Url('Of the project'),
    licence: Sentence('A note'),
  }),
  keys: Type.Array(
    Strict({
      name: Id,
      kind: Choice(['openpgp', 'minisign', 'signify']),
      file: Type.String({ pattern: '^[a-z0-9._-]+$', description: 'In src/catalog/keys' }),
      fingerprint: Type.Optional(
        Type.String({
          pattern: '^[0-9A-F]{40}([0-9A-F]{24})?$',
          description: 'OpenPGP: of the primary key, which the file must have',
        }),
      ),
    }),
    { default: [], description: 'Public keys that vouch for media' },
  ),
  systems: Type.Array(System),
});
export type EntryFile = Static<typeof EntryFile>;
export type System = Static<typeof System>;
export type Medium = Static<typeof Medium>;
