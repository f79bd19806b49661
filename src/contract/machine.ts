// SPDX-License-Identifier: Apache-2.0
//
// The machine definition: what a machine is, independent of the VMM that runs it and of this PC.
// docs/machine-definition.md explains every key to users; `description` is shown by the API.
import { Type, type Static, type TSchema } from './schema.ts';
import { KeyHolderChoice } from './encryption.ts';
import type { MachineName } from './name.ts';

/** The version of the definition's format that this code writes; older ones are migrated while reading. */
export const formatVersion = 1;

/** The VMMs we can speak to; the definition names one of them, or "auto". */
export const vmmNames = ['qemu', 'cloud-hypervisor', 'crosvm', 'firecracker'] as const;
export type VmmName = (typeof vmmNames)[number];

/** Marks a number that people may write as "4GiB"; `parseDefinition` turns it into bytes. */
export const sizeKeyword = 'x-size';

const MiB = 2 ** 20;
const TiB = 2 ** 40;

const Size = (minimum: number, maximum: number, description: string) =>
  Type.Integer({
    minimum,
    maximum,
    description: `${description} (bytes; "4GiB" is fine)`,
    [sizeKeyword]: true,
  });

const Choice = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

const Strict = <Properties extends Record<string, TSchema>>(properties: Properties, options: object = {}) =>
  Type.Object(properties, { additionalProperties: false, ...options });

// A path inside the machine's folder (disks/a.qcow2) or an absolute one. NUL cannot be part of a path, line
// breaks only serve to confuse whoever reads a log.
const FilePath = (description: string) =>
  Type.String({ minLength: 1, maxLength: 4096, pattern: '^[^\\x00\\r\\n]+$', description });

const BootIndex = Type.Optional(
  Type.Integer({
    minimum: 0,
    maximum: 99,
    description: 'Order in which the firmware tries to boot; 0 first',
  }),
);

/** The processors we have guests for. */
export const architectures = ['x86_64', 'aarch64', 'riscv64'] as const;

export const Architecture = Choice(architectures, {
  description: 'The processor the guest is built for',
});
export type Architecture = Static<typeof Architecture>;

export const Boot = Type.Union([
  Strict({
    type: Type.Literal('uefi'),
    secureBoot: Type.Boolean({
      default: false,
      description: "Only start boot loaders that are signed; Microsoft's certificates are enrolled",
    }),
  }),
  Strict({ type: Type.Literal('bios') }, { description: 'Legacy PC BIOS, x86_64 only' }),
  Strict(
    {
      type: Type.Literal('kernel'),
      kernel: FilePath('Linux kernel image that the VMM loads itself'),
      initrd: Type.Optional(FilePath('Initial RAM file system')),
      commandLine: Type.String({ default: '', maxLength: 2047, pattern: '^[^\\x00\\r\\n]*$' }),
    },
    { description: 'Direct kernel boot, without firmware of the guest' },
  ),
  Strict(
    {
      type: Type.Literal('guest-kernel'),
      commandLine: Type.Optional(
        Type.String({
          maxLength: 2047,
          pattern: '^[^\\x00\\r\\n]*$',
          description: "Left out: as the guest's own boot loader says",
        }),
      ),
    },
    {
      description:
        'Direct boot of the kernel that the guest installed itself: read from its first disk at every start',
    },
  ),
]);
export type Boot = Static<typeof Boot>;

const Rate = (description: string) => Type.Optional(Size(1, TiB, description));
const Requests = (description: string) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000, description }));

export const DiskLimits = Strict(
  {
    readBytesPerSecond: Rate('Most that is read in a second'),
    writeBytesPerSecond: Rate('Most that is written in a second'),
    readOpsPerSecond: Requests('Most requests to read in a second'),
    writeOpsPerSecond: Requests('Most requests to write in a second'),
  },
  { description: 'The most a guest may ask of the disk; what is left out has no limit' },
);
export type DiskLimits = Static<typeof DiskLimits>;

export const Disk = Strict({
  file: FilePath("The image, in the machine's folder or as an absolute path"),
  format: Choice(['qcow2', 'raw'], { description: 'Never guessed: a guest could fake it' }),
  size: Type.Optional(Size(512, 64 * TiB, 'Virtual size; used when the disk is created')),
  bus: Choice(['virtio', 'scsi', 'nvme', 'sata', 'usb'], { default: 'virtio' }),
  cache: Choice(['writeback', 'none', 'writethrough', 'unsafe'], {
    default: 'writeback',
    description: 'none bypasses the page cache of the host; unsafe ignores flushes and can lose data',
  }),
  discard: Choice(['unmap', 'ignore'], {
    default: 'unmap',
    description: 'Whether space the guest frees is given back',
  }),
  serial: Type.Optional(Type.String({ maxLength: 20, pattern: '^[A-Za-z0-9_-]+$' })),
  readOnly: Type.Boolean({ default: false }),
  bootIndex: BootIndex,
  limits: Type.Optional(DiskLimits),
  device: Type.Optional(
    Type.String({
      minLength: 1,
      maxLength: 200,
      pattern: '^[^\\x00\\r\\n]+$',
      description:
        'For a whole block device (/dev/...): its serial number or model; another device under that name is refused',
    }),
  ),
});
export type Disk = Static<typeof Disk>;

export const RemovableDrive = Strict({
  type: Choice(['cdrom']),
  file: Type.Optional(FilePath('The ISO image in the drive; leave out for an empty drive')),
  bus: Choice(['sata', 'scsi', 'usb'], { default: 'sata' }),
  detach: Choice(['never', 'after-install'], {
    default: 'never',
    description: 'after-install: taken out once a system was installed from it on the first disk',
  }),
  bootIndex: BootIndex,
});
export type RemovableDrive = Static<typeof RemovableDrive>;

const Port = (description: string) => Type.Integer({ minimum: 1, maximum: 65535, description });

export const Forward = Strict({
  protocol: Choice(['tcp', 'udp'], { default: 'tcp' }),
  hostAddress: Type.String({
    default: '127.0.0.1',
    pattern: '^(25[0-5]|2[0-4]\\d|1?\\d?\\d)(\\.(25[0-5]|2[0-4]\\d|1?\\d?\\d)){3}$',
    description:
      'Address of this PC to listen on; 127.0.0.1 keeps it private, 0.0.0.0 opens it to the network',
  }),
  hostPort: Port('Port on this PC'),
  guestPort: Port('Port in the guest'),
});
export type Forward = Static<typeof Forward>;

const nicCommon = {
  model: Choice(['virtio', 'e1000e'], { default: 'virtio' }),
  mac: Type.Optional(
    Type.String({
      pattern: '^[0-9a-f][02468ace](:[0-9a-f]{2}){5}$',
      description: 'Ethernet address, lower case, not a multicast one; made up when left out',
    }),
  ),
  bootIndex: BootIndex,
};
export const BridgeName = Type.String({
  pattern: '^[A-Za-z0-9._-]{1,15}$',
  description: 'Bridge of this PC, e.g. br0',
});
export const Nic = Type.Union([
  Strict({
    type: Type.Literal('user'),
    ...nicCommon,
    forwards: Type.Array(Forward, { default: [], maxItems: 64 }),
  }),
  Strict({
    type: Type.Literal('bridge'),
    ...nicCommon,
    bridge: BridgeName,
  }),
  Strict({ type: Type.Literal('none'), ...nicCommon }, { description: 'A network card with no cable in it' }),
]);
export type Nic = Static<typeof Nic>;

export const Share = Strict({
  tag: Type.String({
    pattern: '^[A-Za-z0-9._-]{1,35}$',
    description: 'Name under which the guest mounts it',
  }),
  path: FilePath('Folder of this PC'),
  readOnly: Type.Boolean({ default: false }),
});
export type Share = Static<typeof Share>;

const Kept = (every: string) =>
  Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1000,
      description: `Of the last so many ${every} one is kept; 0: none`,
    }),
  );
const kept = { hourly: Kept('hours'), daily: Kept('days'), weekly: Kept('weeks') };

export const Schedule = Strict(
  {
    snapshots: Type.Optional(Strict(kept, { description: 'Taken by themselves when the machine ran' })),
    backups: Type.Optional(
      Strict(
        {
          folder: Type.Optional(
            Type.String({
              minLength: 2,
              maxLength: 4096,
              pattern: '^/[^\\x00\\r\\n]*$',
              description: 'Where its backups are; absolute',
            }),
          ),
          ...kept,
        },
        { description: 'Made by themselves, to a folder on another disk at best' },
      ),
    ),
  },
  { description: 'What is done by itself so that nothing gets lost; left out: nothing' },
);
export type Schedule = Static<typeof Schedule>;

const pciId = '^[0-9a-f]{4}$';
const DeviceIntent = Type.Union(
  [
    Strict({
      type: Type.Literal('pci'),
      address: Type.String({ pattern: '^[0-9a-f]{4}:[0-9a-f]{2}:[01][0-9a-f]\\.[0-7]$' }),
    }),
    Strict({
      type: Type.Literal('pci'),
      vendor: Type.String({ pattern: pciId }),
      device: Type.Optional(Type.String({ pattern: pciId })),
    }),
    Strict({
      type: Type.Literal('usb'),
      vendor: Type.String({ pattern: pciId }),
      product: Type.String({ pattern: pciId }),
    }),
  ],
  { description: 'Real hardware the machine wants; which device it gets is decided on each PC' },
);

export const MachineDefinition = Strict(
  {
    formatVersion: Type.Literal(formatVersion),
    id: Type.String({
      pattern: '^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$',
      description: 'UUID; also the name of the folder and the UUID the guest sees',
    }),
    name: Type.Unsafe<MachineName>({ type: 'string', description: 'What people call it' }),
    guestOs: Type.String({
      default: 'generic',
      pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
      description: 'Short id of the operating system, as in the catalogue (debian13, win11, generic)',
    }),
    architecture: Architecture,
    cpu: Strict(
      {
        vcpus: Type.Integer({ minimum: 1, maximum: 512, default: 2 }),
        topology: Type.Optional(
          Strict(
            {
              sockets: Type.Integer({ minimum: 1, maximum: 64 }),
              cores: Type.Integer({ minimum: 1, maximum: 512 }),
              threads: Type.Integer({ minimum: 1, maximum: 8 }),
            },
            { description: 'sockets x cores x threads must be vcpus; left out: one socket' },
          ),
        ),
      },
      { default: {} },
    ),
    memory: Size(16 * MiB, 64 * TiB, 'Memory of the guest'),
    boot: Boot,
    board: Type.Optional(
      Choice(['standard', 'micro'], {
        description:
          'micro: the fewest devices, for machines that start often and live briefly; left out: standard',
      }),
    ),
    confidential: Type.Optional(
      Choice(['none', 'sev', 'sev-es', 'sev-snp', 'tdx'], {
        description: 'Memory that this PC cannot read, encrypted by its processor (AMD SEV, Intel TDX)',
      }),
    ),
    sgx: Type.Optional(
      Strict(
        { epc: Size(2 ** 20, 2 ** 40, "Of this PC's enclave memory, for the guest") },
        { description: 'Intel SGX enclaves in the guest' },
      ),
    ),
    tpm: Choice(['none', 'emulated', 'passthrough'], {
      default: 'none',
      description:
        'emulated: a TPM 2.0 by swtpm, with its own state; passthrough: the TPM of this PC, for one machine at a time',
    }),
    disks: Type.Array(Disk, { default: [], maxItems: 32 }),
    removable: Type.Array(RemovableDrive, { default: [], maxItems: 4 }),
    nics: Type.Array(Nic, { default: [], maxItems: 8 }),
    display: Strict(
      {
        type: Choice(['vnc', 'none'], { default: 'vnc' }),
        device: Choice(['virtio', 'vga', 'qxl'], {
          default: 'virtio',
          description: 'virtio suits Linux and Windows with drivers; vga works everywhere',
        }),
      },
      { default: {} },
    ),
    sound: Choice(['none', 'hda', 'virtio'], { default: 'none' }),
    input: Choice(['usb', 'virtio', 'ps2'], {
      default: 'usb',
      description: 'Keyboard and pointer; usb and virtio have an absolute pointer that needs no grab',
    }),
    clock: Type.Optional(
      Choice(['utc', 'local'], {
        description: 'What the clock of the board shows at the start; left out: local for Windows, else utc',
      }),
    ),
    serialPorts: Type.Integer({ minimum: 0, maximum: 1, default: 1 }),
    rng: Type.Boolean({ default: true, description: 'Entropy from this PC' }),
    balloon: Type.Boolean({ default: true, description: 'Lets the guest give free memory back' }),
    agent: Type.Boolean({ default: true, description: 'Channel for the QEMU guest agent' }),
    clipboard: Type.Boolean({
      default: true,
      description: 'Copy and paste with the guest, where spice-vdagent (or the SPICE guest tools) runs in it',
    }),
    vsock: Type.Optional(
      Strict({
        cid: Type.Integer({
          minimum: 3,
          maximum: 0xfffffffe,
          description: 'Context id, unique on this PC',
        }),
      }),
    ),
    shares: Type.Array(Share, { default: [], maxItems: 16 }),
    devices: Type.Array(DeviceIntent, { default: [], maxItems: 16 }),
    vmm: Choice(['auto', ...vmmNames], { default: 'auto' }),
    autostart: Type.Optional(
      Strict(
        { order: Type.Integer({ minimum: 0, maximum: 9999, default: 100 }) },
        { description: 'Start with the service, lowest order first; left out: never' },
      ),
    ),
    encryption: Type.Optional(
      Strict(
        { key: KeyHolderChoice },
        {
          description:
            'Its disks are encrypted, and who opens them; set by "phyllome encrypt" and "decrypt", which do it',
        },
      ),
    ),
    schedule: Type.Optional(Schedule),
    template: Type.Optional(
      Type.Boolean({ description: 'A base for clones: it neither starts nor changes; left out: false' }),
    ),
    throwAway: Type.Optional(
      Type.Boolean({ description: 'Erased, without the bin, as soon as it has stopped' }),
    ),
  },
  { title: 'MachineDefinition' },
);

/** A validated definition: every default filled in, every size in bytes. */
export type MachineDefinition = Static<typeof MachineDefinition>;

/** What a caller gives to make a machine: no id and formatVersion yet, defaults left out as they like. */
export type MachineDraft = Record<string, unknown>;
