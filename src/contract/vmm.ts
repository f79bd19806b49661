// SPDX-License-Identifier: Apache-2.0
//
// What the VMMs can do: in general (GET /vmms), and for one machine (GET /machines/:ref/vmms).
import { Type, type Static } from './schema.ts';
import { ErrorReportSchema } from './error-report.ts';
import { Architecture, vmmNames } from './machine.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

/** What people choose a VMM for, in the order in which it is shown. */
export const vmmFeatures = [
  'kvm',
  'foreign-architecture',
  'windows',
  'bios',
  'uefi',
  'uefi-variables',
  'secure-boot',
  'kernel-boot',
  'micro',
  'tpm',
  'host-tpm',
  'qcow2',
  'disk-encryption',
  'cdrom',
  'disk-buses',
  'disk-limits',
  'user-network',
  'port-forwards',
  'bridge',
  'serial-console',
  'display',
  'keyboard',
  'sound',
  'local-clock',
  'clipboard',
  'guest-agent',
  'vsock',
  'shares',
  'pci-devices',
  'usb-devices',
  'balloon',
  'pause',
  'power-button',
  'reset',
  'media-change',
  'save',
  'load-counters',
  'sev',
  'sev-es',
  'sev-snp',
  'tdx',
  'sgx',
] as const;
export type VmmFeature = (typeof vmmFeatures)[number];

/** What people do with a running machine and its VMM may have no word for. */
export const LackedVerb = OneOf(['display', 'keyboard', 'pause', 'save', 'power-button', 'media-change']);
export type LackedVerb = Static<typeof LackedVerb>;

export const VmmClaim = Type.Object(
  {
    feature: OneOf(vmmFeatures),
    possible: OneOf(['yes', 'partly', 'no']),
    source: OneOf(['asked', 'version', 'design', 'host'], {
      description:
        'How we know: the program was asked; known of its version; so by design, whatever the version; found out on this PC',
    }),
    detail: Type.String({ description: 'For a person; empty when there is nothing to add' }),
  },
  { title: 'VmmClaim' },
);
export type VmmClaim = Static<typeof VmmClaim>;

export const Measurement = Type.Object(
  {
    kind: OneOf(['sev', 'sev-es', 'sev-snp', 'tdx']),
    launch: Type.Union([Type.String(), Type.Null()], {
      description: 'What the processor measured before the first instruction, as it says it (base64)',
    }),
    policy: Type.Union([Type.String(), Type.Null()], { description: 'The rules it enforces, e.g. 0x5' }),
    firmware: Type.Union([Type.String(), Type.Null()], { description: 'Of the secure processor' }),
    note: Type.String({ description: 'For a person: what it is worth' }),
  },
  { title: 'Measurement' },
);
export type Measurement = Static<typeof Measurement>;

export const VmmOverview = Type.Object(
  {
    vmm: OneOf(vmmNames),
    architecture: Architecture,
    binary: Type.Union([Type.String(), Type.Null()], { description: 'null: it cannot be used' }),
    version: Type.Union([Type.String(), Type.Null()]),
    problem: Type.Union([ErrorReportSchema, Type.Null()], { description: 'Why it cannot be used' }),
    claims: Type.Array(VmmClaim),
  },
  { title: 'VmmOverview' },
);
export type VmmOverview = Static<typeof VmmOverview>;

export const VmmReason = Type.Object(
  {
    code: Type.String({ description: 'Stable; for programs' }),
    text: Type.String(),
    hint: Type.String({ description: 'What to change' }),
  },
  { title: 'VmmReason' },
);

export const MachineVerdict = Type.Object(
  {
    vmm: OneOf(vmmNames),
    version: Type.Union([Type.String(), Type.Null()]),
    outcome: OneOf(['runs', 'runs-with-losses', 'cannot'], {
      description: 'Whether it would run this machine, as it is defined now, on this PC',
    }),
    chosen: Type.Boolean({ description: 'A start would use this one' }),
    refusals: Type.Array(VmmReason, { description: 'Everything that keeps it from running' }),
    losses: Type.Array(VmmReason, { description: 'What the machine would have to do without' }),
  },
  { title: 'MachineVerdict' },
);
export type MachineVerdict = Static<typeof MachineVerdict>;

export const MachineVerdicts = Type.Object(
  {
    pinned: Type.Boolean({
      description: 'The definition names its VMM; otherwise it is chosen at each start',
    }),
    reason: Type.String({ description: 'Why the chosen one is chosen, or why none can be' }),
    verdicts: Type.Array(MachineVerdict, { description: 'In order of preference' }),
  },
  { title: 'MachineVerdicts' },
);
export type MachineVerdicts = Static<typeof MachineVerdicts>;
