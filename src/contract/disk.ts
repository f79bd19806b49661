// SPDX-License-Identifier: Apache-2.0
//
// The disks of a machine as people look after them (/machines/:ref/disks): what they take, what is below them, and what
// can be done with them.
import { Type, type Static } from './schema.ts';
import { DiskLimits } from './machine.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

const Bytes = (description: string) => Type.Integer({ minimum: 0, description: `bytes; ${description}` });

/** What QEMU makes of a disk for others to read. */
const exportFormats = ['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx'] as const;
export type ExportFormat = (typeof exportFormats)[number];

// Larger than any disk of a definition may be is refused there, with the limit.
const largest = 2 ** 46;

export const DiskFile = Type.Object(
  {
    file: Type.String({ description: "Inside the machine's folder where it can be, else absolute" }),
    format: Type.String(),
    allocated: Bytes('what it takes on this PC'),
    freed: Bytes('what removing it would give back; 0 when something else needs it'),
    sharedWith: Type.Array(Type.String(), {
      description: 'Machines that have the same file (linked clones), deleted ones too',
    }),
  },
  { title: 'DiskFile' },
);
export type DiskFile = Static<typeof DiskFile>;

export const MachineDisk = Type.Object(
  {
    index: Type.Integer({ description: 'In "disks" of the definition' }),
    file: Type.String({ description: 'As the definition names it' }),
    format: OneOf(['qcow2', 'raw']),
    kind: OneOf(['image', 'device'], { description: 'device: a whole block device of this PC' }),
    bus: Type.String(),
    cache: Type.String(),
    readOnly: Type.Boolean(),
    limits: Type.Optional(DiskLimits),
    virtualSize: Type.Union([Type.Integer(), Type.Null()], {
      description: 'bytes that the guest sees; null when the disk cannot be read',
    }),
    allocated: Bytes('what the disk takes on this PC, with all that it rests on'),
    freed: Bytes('what taking it out and erasing it would really give back'),
    chain: Type.Array(DiskFile, { description: 'The file itself, then what it rests on, topmost first' }),
    problem: Type.Union([Type.String(), Type.Null()], { description: 'What is wrong with it' }),
  },
  { title: 'MachineDisk' },
);
export type MachineDisk = Static<typeof MachineDisk>;

export const MachineDisks = Type.Object(
  {
    disks: Type.Array(MachineDisk),
    unused: Type.Array(DiskFile, {
      description: 'Images in its folder that neither its disks nor its snapshots need; kept until erased',
    }),
    allocated: Bytes('what all of it takes on this PC'),
    freed: Bytes('what erasing the whole machine would give back'),
  },
  { title: 'MachineDisks' },
);
export type MachineDisks = Static<typeof MachineDisks>;

export const DiskAddition = Type.Object(
  {
    size: Type.Optional(
      Type.Integer({
        minimum: 2 ** 20,
        maximum: largest,
        description: 'bytes, of a new disk; with "file": that the copy grows to',
      }),
    ),
    file: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description:
          "Absolute path of an image, which is copied; or an unused one in the machine's folder (disks/...), which is taken as it is",
      }),
    ),
    device: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 4096,
        description: 'A whole block device of this PC: /dev/...',
      }),
    ),
    identity: Type.Optional(
      Type.String({
        maxLength: 200,
        description: 'With "device": its serial number or model, as proof that it is the one meant',
      }),
    ),
    format: Type.Optional(OneOf(['qcow2', 'raw'], { description: 'default qcow2' })),
    bus: Type.Optional(OneOf(['virtio', 'scsi', 'nvme', 'sata', 'usb'], { description: 'default virtio' })),
  },
  { additionalProperties: false, title: 'DiskAddition' },
);
export type DiskAddition = Static<typeof DiskAddition>;

export const DiskRemoval = Type.Object(
  {
    file: Type.String(),
    erased: Type.Boolean({ description: 'The file is gone, too' }),
    freed: Bytes('given back'),
    kept: Type.String({ description: 'Why the file is still there; empty when it is not' }),
  },
  { title: 'DiskRemoval' },
);
export type DiskRemoval = Static<typeof DiskRemoval>;

export const DiskGrowth = Type.Object(
  {
    size: Type.Optional(Type.Integer({ minimum: 512, maximum: largest, description: 'bytes, in all' })),
    by: Type.Optional(Type.Integer({ minimum: 512, maximum: largest, description: 'bytes more than now' })),
  },
  { additionalProperties: false, title: 'DiskGrowth' },
);
export type DiskGrowth = Static<typeof DiskGrowth>;

export const DiskExport = Type.Object(
  {
    file: Type.String({ minLength: 1, maxLength: 4096, description: 'Absolute path; must not exist' }),
    format: OneOf(exportFormats),
  },
  { additionalProperties: false, title: 'DiskExport' },
);
export type DiskExport = Static<typeof DiskExport>;

export const BlockDevice = Type.Object(
  {
    file: Type.String({ description: 'A name that stays when devices come and go, where there is one' }),
    name: Type.String({ description: 'As the kernel calls it now: sdb' }),
    model: Type.String(),
    serial: Type.String(),
    identity: Type.String({
      description: 'What has to be typed to use it: the serial number, else the model',
    }),
    size: Bytes('of the device'),
    readOnly: Type.Boolean(),
    uses: Type.Array(Type.String(), { description: 'What this PC uses it for; empty: nothing' }),
    reason: Type.String({ description: 'Why a machine cannot have it; empty when it can' }),
    next: Type.String({ description: 'What to do about that' }),
  },
  { title: 'BlockDevice' },
);
export type BlockDevice = Static<typeof BlockDevice>;
