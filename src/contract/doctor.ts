// SPDX-License-Identifier: Apache-2.0
//
// What the doctor says about this PC. Ids are a closed list: fixes, docs/doctor.md and the page refer to them.
import { HostReport } from './host.ts';
import { Type, type Static } from './schema.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

/** Everything that the doctor can find, in the order of the chain of causes: what comes first explains what follows. */
export const findingIds = [
  // Can this PC run guests at full speed?
  'architecture-unsupported',
  'inside-vm',
  'inside-container',
  'no-virtualization', // the processor cannot
  'virtualization-off-in-firmware',
  'xen-host',
  'other-hypervisor', // VirtualBox or VMware holds the processor
  'kvm-module-missing', // this kernel has none
  'kvm-module-not-loaded',
  'kvm-device-missing', // the module is loaded, /dev/kvm is not there
  'kvm-session-old', // joined the group, but not logged in since
  'kvm-no-group', // not a member of the group of /dev/kvm
  'kvm-device-mode', // nobody but root may open /dev/kvm
  'kvm-broken', // a test guest failed
  'no-second-generation',
  'guests-emulated', // the symptom of all those above
  'kvm-works',
  'kvm-untried', // /dev/kvm can be opened, and there is no VMM to try it with
  'nested-off',
  'virtualbox-beside-kvm',
  // Programs
  'vmm-missing',
  'helpers-missing',
  'user-namespaces-off',
  // Size
  'few-cores',
  'little-memory',
  'memory-in-huge-pages',
  'no-swap',
  'disk-full',
  'disk-small',
  'disk-slow',
  'disk-in-memory',
  'disk-over-network',
  'disk-read-only',
  'filesystem-unfit', // FAT, exFAT, NTFS
  'copies-cost-space', // no reflinks
  // Real devices for guests
  'no-iommu',
  'iommu-off-in-firmware',
  'iommu-not-enabled',
  'iommu-works',
  'passthrough-impossible', // the symptom
  'acs-override',
  'coarse-groups',
  'interrupts-unsafe',
  'noiommu-mode',
  'low-memlock',
  'single-graphics-card',
  'no-graphics-card',
  'sriov-unused',
  // Guests that draw
  'kernel-too-old-for-venus',
  'graphics-library-missing',
  'graphics-no-permission',
  // Network and talk
  'no-vhost-net',
  'no-vhost-vsock',
  'firewall-filters-bridges',
  'firewalls-clash',
  'only-wireless',
  // Order
  'cgroup-old',
] as const;

export const FindingId = OneOf(findingIds);
export type FindingId = Static<typeof FindingId>;

/** What "phyllome doctor --fix" can repair. */
export const fixIds = [
  'kvm-group',
  'kvm-module',
  'kvm-udev',
  'vhost-modules',
  'iommu-kernel-argument',
  'memlock-limit',
  'nested-kvm',
] as const;
export const FixId = OneOf(fixIds);
export type FixId = Static<typeof FixId>;

export const Severity = OneOf(['problem', 'warning', 'advice', 'good'], {
  description:
    'problem: guests do not run, run only emulated, or would be lost; warning: something people expect does not work; advice: could be better; good: was checked and is right',
});
export type Severity = Static<typeof Severity>;

export const Evidence = Type.Object({
  source: Type.String({ description: 'File, device or command that was looked at' }),
  value: Type.String({ description: 'What was found there' }),
});
export type Evidence = Static<typeof Evidence>;

export const Finding = Type.Object(
  {
    id: FindingId,
    severity: Severity,
    title: Type.String({ description: 'One sentence' }),
    explanation: Type.String({ description: 'What it means for guests' }),
    evidence: Type.Array(Evidence),
    next: Type.Array(Type.String(), { description: 'Steps, in order; empty where nothing is to be done' }),
    causedBy: Type.Array(FindingId, {
      description: 'Findings of this report that explain it: see to those first',
    }),
    fix: Type.Union([FixId, Type.Null()], { description: 'For "phyllome doctor --fix ID"' }),
  },
  { title: 'Finding' },
);
export type Finding = Static<typeof Finding>;

export const Requirement = Type.Object({
  id: Type.String(),
  text: Type.String({ description: 'What is asked for, e.g. "8 GB of memory"' }),
  met: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: could not be found out' }),
  found: Type.String({ description: 'What this PC has' }),
});
export type Requirement = Static<typeof Requirement>;

export const Tier = Type.Object({
  met: Type.Union([Type.Boolean(), Type.Null()], {
    description: 'All requirements; null when none is missed but one is unknown',
  }),
  requirements: Type.Array(Requirement),
});
export type Tier = Static<typeof Tier>;

export const DoctorReport = Type.Object(
  {
    findings: Type.Array(Finding, { description: 'Worst first, causes before what they cause' }),
    tiers: Type.Object({ minimum: Tier, recommended: Tier }),
    notes: Type.Array(Type.String(), { description: 'What could not be found out, and why' }),
  },
  { title: 'DoctorReport' },
);
export type DoctorReport = Static<typeof DoctorReport>;

/** What can be shown to others: no names, addresses or serial numbers. */
export const ShareableReport = Type.Object(
  { doctor: DoctorReport, host: HostReport },
  { title: 'ShareableReport' },
);
export type ShareableReport = Static<typeof ShareableReport>;
