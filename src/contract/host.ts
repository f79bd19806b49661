// SPDX-License-Identifier: Apache-2.0
//
// What this PC is and can do. Small on purpose: later parts (graphics cards, IOMMU groups, disks, findings of
// the doctor) are further keys beside these.
import { Type, type Static } from './schema.ts';
import { Architecture } from './machine.ts';

const OneOf = <const Values extends readonly string[]>(values: Values, options: object = {}) =>
  Type.Unsafe<Values[number]>({ type: 'string', enum: [...values], ...options });

const Maybe = <Schema extends ReturnType<typeof Type.String | typeof Type.Integer>>(schema: Schema) =>
  Type.Union([schema, Type.Null()]);

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

export const HostReport = Type.Object(
  {
    cpu: Type.Object({
      architecture: Maybe(Type.String()),
      model: Maybe(Type.String()),
      cores: Maybe(Type.Integer({ description: 'Physical cores' })),
      threads: Maybe(Type.Integer({ description: 'What the kernel schedules on' })),
    }),
    memory: Type.Object({
      totalBytes: Maybe(Type.Integer()),
      availableBytes: Maybe(Type.Integer({ description: 'What can be used without swapping' })),
    }),
    kernel: Maybe(Type.String({ description: 'Release, as uname -r says' })),
    os: Type.Object({
      id: Maybe(Type.String({ description: 'debian, fedora, ...' })),
      name: Maybe(Type.String()),
      version: Maybe(Type.String()),
    }),
    accelerators: Type.Array(AcceleratorVerdict, {
      description: 'One for each architecture whose VMM is installed',
    }),
    tools: Type.Array(ToolReport),
    notes: Type.Array(Type.String(), { description: 'What could not be found out, and why' }),
  },
  { title: 'HostReport' },
);
export type HostReport = Static<typeof HostReport>;
