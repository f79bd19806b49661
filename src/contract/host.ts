// SPDX-License-Identifier: Apache-2.0
//
// What this PC is and can do, as read: null means that it could not be found out, and `notes` say why where that is
// known. Judgements about it are in doctor.ts.
import { Type, type Static } from './schema.ts';
import { Architecture, vmmNames } from './machine.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

const Maybe = <
  Schema extends ReturnType<typeof Type.String | typeof Type.Integer | typeof Type.Boolean | typeof OneOf>,
>(
  schema: Schema,
) => Type.Union([schema, Type.Null()]);

const bytes = (description?: string) => Maybe(Type.Integer(description === undefined ? {} : { description }));
const text = (description?: string) => Maybe(Type.String(description === undefined ? {} : { description }));
const yesOrNo = (description?: string) =>
  Maybe(Type.Boolean(description === undefined ? {} : { description }));
const pciAddress = Type.String({ description: 'e.g. 0000:01:00.0' });
const hexId = Type.String({ description: 'Four hexadecimal digits, lower case, e.g. 8086' });

/** Why a guest runs on KVM or on TCG. */
export const AcceleratorReason = OneOf([
  'kvm-works',
  'foreign-architecture', // the guest's processor is not the one of this PC
  'kvm-absent', // no /dev/kvm, or nothing behind it
  'kvm-no-permission',
  'kvm-start-failed', // the VMM said no before the guest ran
  'kvm-aborts', // the VMM died of a signal
  'kvm-hangs', // the guest stood still
  'kvm-guest-failed', // the guest ran and did not compute what a processor computes
  'kvm-unproven', // there is no proof for this architecture yet
  'probe-failed', // the VMM could not be executed
]);
export type AcceleratorReason = Static<typeof AcceleratorReason>;

export const AcceleratorVerdict = Type.Object(
  {
    architecture: Architecture,
    accelerator: OneOf(['kvm', 'tcg']),
    reason: AcceleratorReason,
    explanation: Type.String({ description: 'For a person: what was found, and the next thing to do' }),
    evidence: Type.Object({
      steps: Type.Array(Type.String(), { description: 'What the test guest managed to do, in order' }),
      missing: Maybe(Type.String({ description: 'The step it did not manage' })),
      exitCode: Maybe(Type.Integer()),
      signal: Maybe(Type.String()),
      messages: Type.Array(Type.String(), { description: 'First lines of what the VMM said' }),
      milliseconds: Type.Integer(),
    }),
    probedAt: Type.String({ description: 'ISO 8601, UTC' }),
  },
  { title: 'AcceleratorVerdict' },
);
export type AcceleratorVerdict = Static<typeof AcceleratorVerdict>;

export const ToolReport = Type.Object({
  name: Type.String(),
  path: Maybe(Type.String({ description: 'null: not installed' })),
  version: Maybe(Type.String()),
  install: Maybe(Type.String({ description: 'Command that installs it; null when it is there' })),
});
export type ToolReport = Static<typeof ToolReport>;

const Virtualization = Type.Object({
  extension: Maybe(
    OneOf(['vmx', 'svm', 'el2'], {
      description:
        'What the kernel shows: VT-x, AMD-V, or ARM with EL2 (known by its /dev/kvm). A kernel shows none where the firmware has switched it off',
    }),
  ),
  secondGeneration: yesOrNo('EPT, NPT or stage 2 translation'),
  nested: yesOrNo('KVM lets guests run guests; null while its module is not loaded'),
  sev: yesOrNo('AMD: encrypted guests; the processor has it (in use: see "confidential")'),
  sevEs: yesOrNo(),
  sevSnp: yesOrNo(),
  tdx: yesOrNo('Intel: encrypted guests'),
  sgx: yesOrNo(),
  confidential: Type.Array(OneOf(['sev', 'sev-es', 'sev-snp', 'tdx']), {
    description: 'What KVM says it can use now',
  }),
});

const Memory = Type.Object({
  totalBytes: bytes(),
  availableBytes: bytes('What can be used without swapping'),
  limitBytes: bytes('What the cgroup of a container allows; null: no limit, or not known'),
  hugePages: Type.Array(
    Type.Object({ sizeBytes: Type.Integer(), total: Type.Integer(), free: Type.Integer() }),
    { description: 'Sizes this kernel knows; the reserved ones are no longer there for anything else' },
  ),
  transparentHugePages: Maybe(OneOf(['always', 'madvise', 'never'])),
  ksm: Type.Object({ running: yesOrNo('Equal pages are merged'), savedBytes: bytes() }),
  swap: Type.Array(
    Type.Object({
      path: Type.String(),
      kind: OneOf(['zram', 'partition', 'file']),
      sizeBytes: Type.Integer(),
      usedBytes: Type.Integer(),
    }),
  ),
});
export type MemoryReport = Static<typeof Memory>;

export const StorageReport = Type.Object({
  purpose: OneOf(['machines', 'cache', 'system'], { description: 'What of ours lies there' }),
  path: Type.String(),
  mountPoint: text(),
  device: text('The disk below partitions, encryption and volumes, e.g. nvme0n1; null: none, or several'),
  model: text(),
  kind: Maybe(
    OneOf(['nvme', 'ssd', 'hdd', 'mmc', 'virtual', 'network', 'memory'], {
      description:
        'hdd when one of several disks is; virtual: the disk of a virtual machine, nobody knows what is behind it',
    }),
  ),
  filesystem: text('As the kernel names it: ext4, btrfs, ...'),
  encrypted: yesOrNo('There is a dm-crypt device on the way to the disk'),
  reflink: yesOrNo('Files can share their blocks, so copies cost nothing'),
  readOnly: yesOrNo(),
  totalBytes: bytes(),
  freeBytes: bytes('For this user'),
});
export type StorageReport = Static<typeof StorageReport>;

const PciNames = {
  vendorId: Maybe(hexId),
  deviceId: Maybe(hexId),
  vendor: text('Name, where the distribution has a pci.ids'),
  device: text('Name, where the distribution has a pci.ids'),
  driver: text('That has it now'),
};

const Sriov = Type.Object({
  total: Type.Integer({ description: 'Virtual functions it can have' }),
  enabled: Type.Integer({ description: 'Virtual functions it has now' }),
});

export const GraphicsCard = Type.Object({
  address: Maybe(pciAddress),
  ...PciNames,
  bootVga: yesOrNo('The firmware shows its picture with it'),
  renderNode: text('e.g. /dev/dri/renderD128'),
  connectors: Type.Array(Type.String(), { description: 'With a monitor in it, e.g. HDMI-A-1' }),
  iommuGroup: Maybe(Type.Integer()),
  virtualFunctionOf: Maybe(pciAddress),
  sriov: Type.Union([Sriov, Type.Null()]),
  mdevTypes: Type.Array(
    Type.Object({
      id: Type.String(),
      name: text(),
      description: text(),
      available: Maybe(Type.Integer({ description: 'How many more can be made' })),
    }),
  ),
});
export type GraphicsCard = Static<typeof GraphicsCard>;

/** A way in which guests can draw without having a card of their own. */
export const GraphicsPath = Type.Object({
  id: OneOf(['virtio-gpu-2d', 'virgl', 'venus', 'native-context']),
  possible: yesOrNo('As far as can be told without running a guest'),
  reason: Type.String({ description: 'For a person: what is there, or what is missing' }),
  cards: Type.Array(Type.String(), { description: 'Render nodes it would use' }),
});
export type GraphicsPath = Static<typeof GraphicsPath>;

export const PciDevice = Type.Object({
  address: pciAddress,
  class: Maybe(Type.String({ description: 'Six hexadecimal digits: class, subclass, interface' })),
  className: text('Name of the class, where the distribution has a pci.ids'),
  ...PciNames,
  iommuGroup: Maybe(Type.Integer()),
  bridge: Type.Boolean({ description: 'Stays with the host when its group goes to a guest' }),
  numaNode: Maybe(Type.Integer()),
  virtualFunctionOf: Maybe(pciAddress),
  sriov: Type.Union([Sriov, Type.Null()]),
});
export type PciDevice = Static<typeof PciDevice>;

export const Iommu = Type.Object({
  enabled: Type.Boolean({ description: 'There are IOMMU groups with devices in them' }),
  groups: Type.Integer(),
  units: Type.Array(Type.String(), { description: 'Names in /sys/class/iommu: dmar0, ivhd0, smmu3...' }),
  firmwareTable: yesOrNo('The firmware describes an IOMMU (ACPI table DMAR, IVRS or IORT)'),
  kernelArguments: Type.Array(Type.String(), { description: 'Of this boot, those that concern it' }),
  acsOverride: Type.Boolean({ description: 'The groups are finer on paper than in silicon' }),
  unsafeInterrupts: yesOrNo('VFIO was told to work without interrupt remapping'),
  noIommuMode: yesOrNo('VFIO was told to work without an IOMMU'),
});
export type Iommu = Static<typeof Iommu>;

export const UsbDevice = Type.Object({
  port: Type.String({ description: 'Bus and ports, e.g. 1-2.4: stays the same as long as the plug does' }),
  vendorId: hexId,
  productId: hexId,
  vendor: text(),
  product: text(),
  hub: Type.Boolean(),
  megabitsPerSecond: Type.Union([Type.Number(), Type.Null()]),
});
export type UsbDevice = Static<typeof UsbDevice>;

export const NetworkInterface = Type.Object({
  name: Type.String(),
  kind: OneOf(['wired', 'wireless', 'mobile', 'loopback', 'bridge', 'tap', 'virtual']),
  driver: text(),
  address: Maybe(pciAddress),
  up: yesOrNo('It has a carrier'),
  megabitsPerSecond: Maybe(Type.Integer()),
  bridge: text('That it is a part of'),
  defaultRoute: yesOrNo('The way to the internet leads over it'),
  bridgeable: Type.Boolean(),
  bridgeableReason: text('Why it cannot be put into a bridge'),
});
export type NetworkInterface = Static<typeof NetworkInterface>;

export const KernelModule = Type.Object({
  name: Type.String({ description: 'With underscores: kvm_intel' }),
  state: Maybe(
    OneOf(['loaded', 'built-in', 'available', 'missing'], {
      description: 'available: it could be loaded; null: the kernel has no list of its modules here',
    }),
  ),
});
export type KernelModule = Static<typeof KernelModule>;

/** A device file that we, or a VMM, want to open. */
export const DeviceNode = Type.Object({
  path: Type.String(),
  exists: Type.Boolean(),
  usable: Type.Boolean({ description: 'It can be opened for reading and writing by this user' }),
  errorCode: text('Of the attempt: EACCES, ENXIO, ...'),
  group: text('That owns it'),
  mode: text('In octal, e.g. 0660'),
});
export type DeviceNode = Static<typeof DeviceNode>;

export const VmmReport = Type.Object({
  name: OneOf(vmmNames),
  program: Type.String({ description: 'e.g. qemu-system-x86_64' }),
  path: text('null: not installed'),
  version: text(),
  features: Type.Array(Type.String(), { description: 'What it says it can do, of what matters to us' }),
});
export type VmmReport = Static<typeof VmmReport>;

export const HostReport = Type.Object(
  {
    cpu: Type.Object({
      architecture: Maybe(Type.String()),
      vendor: text('Intel, AMD, ... or as the processor calls itself'),
      level: text('What programs may use of it: x86-64-v1 to v4; null on other architectures'),
      model: Maybe(Type.String()),
      cores: Maybe(Type.Integer({ description: 'Physical cores' })),
      threads: Maybe(Type.Integer({ description: 'What the kernel schedules on' })),
      sockets: Maybe(Type.Integer()),
      numaNodes: Maybe(Type.Integer()),
      virtualization: Virtualization,
    }),
    memory: Memory,
    kernel: Maybe(Type.String({ description: 'Release, as uname -r says' })),
    os: Type.Object({
      id: Maybe(Type.String({ description: 'debian, fedora, ...' })),
      name: Maybe(Type.String()),
      version: Maybe(Type.String()),
      image: text('The whole system is one image that is replaced at once: phyllome for Phyllome OS'),
      systemd: Type.Boolean({ description: 'It runs: units, slices and "systemctl" work' }),
    }),
    virtualised: Type.Object({
      hypervisor: text('This PC is itself a virtual machine of: kvm, vmware, hyper-v, xen, ... or unknown'),
      container: text('We run in a container of: docker, podman, lxc, ...'),
      xenHost: Type.Boolean({ description: 'Linux is the dom0 of Xen: KVM cannot work beside it' }),
      evidence: Type.Array(Type.Object({ source: Type.String(), value: Type.String() })),
    }),
    firmware: Type.Object({
      kind: Maybe(OneOf(['uefi', 'bios', 'device-tree'])),
      vendor: text(),
      version: text(),
      date: text('As the firmware writes it, mostly MM/DD/YYYY'),
      secureBoot: yesOrNo(),
      rebootToSetup: yesOrNo('"systemctl reboot --firmware-setup" can open its setup'),
    }),
    dmi: Type.Object({
      systemVendor: text(),
      product: text(),
      productVersion: text('Lenovo puts the name people know here'),
      boardVendor: text(),
      board: text(),
      chassis: Maybe(OneOf(['desktop', 'laptop', 'tablet', 'server', 'other'])),
      isApple: Type.Boolean({ description: 'Made by Apple: the only PCs on which macOS guests are allowed' }),
    }),
    storage: Type.Array(StorageReport),
    graphics: Type.Array(GraphicsCard),
    graphicsPaths: Type.Array(GraphicsPath),
    iommu: Iommu,
    pciDevices: Type.Array(PciDevice),
    usbDevices: Type.Array(UsbDevice),
    tpm: Type.Object({ present: Type.Boolean(), version: text('2.0 or 1.2') }),
    audio: Type.Array(Type.Object({ name: Type.String(), driver: text() })),
    network: Type.Array(NetworkInterface),
    modules: Type.Array(KernelModule, { description: 'Modules of the kernel that concern guests' }),
    devices: Type.Array(DeviceNode),
    limits: Type.Object({
      memlockBytes: bytes('How much memory our processes may lock; null: no limit, or not known'),
      memlockUnlimited: yesOrNo(),
      cgroup: Maybe(OneOf(['v1', 'hybrid', 'v2'])),
      userNamespaces: yesOrNo('An ordinary user can make them: helpers lock themselves into them'),
    }),
    firewall: Type.Object({
      docker: Type.Boolean({ description: 'Docker runs, and filters forwarded packets' }),
      firewalld: Type.Boolean(),
      ufw: Type.Boolean(),
      libvirt: Type.Boolean({ description: 'It has a bridge of its own here' }),
      filtersBridges: yesOrNo('Packets inside a bridge go through the firewall (br_netfilter)'),
    }),
    session: Type.Object({
      user: text(),
      uid: Maybe(Type.Integer()),
      groups: Type.Array(Type.String(), { description: 'Of the running service' }),
      groupsOnPaper: Type.Array(Type.String(), { description: 'In /etc/group: those of the next login' }),
    }),
    accelerators: Type.Array(AcceleratorVerdict, {
      description: 'One for each architecture whose VMM is installed',
    }),
    vmms: Type.Array(VmmReport),
    tools: Type.Array(ToolReport),
    notes: Type.Array(Type.String(), { description: 'What could not be found out, and why' }),
  },
  { title: 'HostReport' },
);
export type HostReport = Static<typeof HostReport>;
