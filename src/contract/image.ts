// SPDX-License-Identifier: Apache-2.0
import { verifications } from './catalog.ts';
import { Type, type Static } from './schema.ts';

export type ImageFormat = 'iso' | 'qcow2' | 'raw' | 'vmdk' | 'vdi' | 'vhdx' | 'unknown';

const ImageFormat = Type.Unsafe<ImageFormat>({
  type: 'string',
  enum: ['iso', 'qcow2', 'raw', 'vmdk', 'vdi', 'vhdx', 'unknown'],
  description: 'Read from its content; raw is any disk with a partition table',
});

const System = Type.Optional(
  Type.String({ description: 'What it was recognised as, e.g. "Debian 13"; left out: it was not' }),
);

/** A file in the library of installation media and disk images (uploaded or downloaded). */
export const Image = Type.Object(
  {
    name: Type.String({ description: 'File name in the library' }),
    file: Type.String({ description: 'Absolute path' }),
    format: ImageFormat,
    system: System,
    bytes: Type.Integer({ description: 'Length of the file' }),
    modifiedAt: Type.String(),
    usedBy: Type.Array(Type.String(), {
      description:
        'Names of the machines whose definition has it; those of deleted ones end in " (in the bin)"',
    }),
    origin: Type.Optional(
      Type.Object(
        {
          from: Type.String({ description: 'Server' }),
          verified: Type.Unsafe<(typeof verifications)[number]>({ type: 'string', enum: [...verifications] }),
          entry: Type.String({ description: 'Catalogue entry' }),
          medium: Type.String({ description: 'Which of its media' }),
        },
        {
          description: 'Of what was fetched by an entry of the catalogue, as long as nobody changed the file',
        },
      ),
    ),
  },
  { title: 'Image' },
);
export type Image = Static<typeof Image>;

const FileEntry = Type.Object({
  name: Type.String(),
  path: Type.String(),
  kind: Type.Unsafe<'folder' | 'image'>({ type: 'string', enum: ['folder', 'image'] }),
  format: Type.Union([ImageFormat, Type.Null()], { description: 'null for a folder' }),
  system: System,
  bytes: Type.Union([Type.Integer(), Type.Null()], { description: 'null for a folder' }),
  modifiedAt: Type.String(),
});
export type FileEntry = Static<typeof FileEntry>;

const Place = Type.Object({
  kind: Type.Unsafe<'home' | 'downloads' | 'library' | 'drive' | 'folder'>({
    type: 'string',
    enum: ['home', 'downloads', 'library', 'drive', 'folder'],
  }),
  name: Type.String(),
  path: Type.String(),
});

/** A folder of this PC as a file chooser shows it: folders, and files that can be media or disks. */
export const Folder = Type.Object(
  {
    path: Type.String({ description: 'Absolute, without symbolic links' }),
    parent: Type.Union([Type.String(), Type.Null()], { description: 'null at the top of a place' }),
    places: Type.Array(Place, { description: 'Where one may begin; nothing outside of them is shown' }),
    entries: Type.Array(FileEntry, { description: 'Folders first, then files, by name' }),
    truncated: Type.Boolean({ description: 'There are more entries than are shown' }),
  },
  { title: 'Folder' },
);
export type Folder = Static<typeof Folder>;
