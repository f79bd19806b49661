// SPDX-License-Identifier: Apache-2.0
import { BridgeName } from './machine.ts';
import { Type, type Static } from './schema.ts';

/** A process of a plan: exactly what will be executed. `command[0]` is an absolute path; no shell is involved. */
export const PlannedProcess = Type.Object({
  name: Type.String({ description: 'qemu, swtpm, passt-0, ...: also the name of its log' }),
  command: Type.Array(Type.String()),
  log: Type.String({ description: 'File that receives its standard output and error' }),
  input: Type.Optional(
    Type.String({ description: 'Named pipe that is its standard input; left out: it has none' }),
  ),
  output: Type.Optional(
    Type.String({ description: 'File that receives its standard output alone; left out: the log does' }),
  ),
  ready: Type.Union([Type.String(), Type.Null()], {
    description: 'Unix socket (or file) that appears when the process is ready to be used',
  }),
});
export type PlannedProcess = Static<typeof PlannedProcess>;

/** A file that is made before the first start and kept from then on. */
export const PlannedFile = Type.Object({
  what: Type.String({ description: 'In words, for errors: "UEFI variables"' }),
  file: Type.String(),
  template: Type.String(),
  templateFormat: Type.String(),
  format: Type.String(),
  certificates: Type.Optional(
    Type.Unsafe<'microsoft-2023'>({
      type: 'string',
      enum: ['microsoft-2023'],
      description: 'Added to UEFI variables that have those of 2011; left out: it is made as the template is',
    }),
  ),
});
export type PlannedFile = Static<typeof PlannedFile>;

/** A TPM that is made before the first start, with a certificate of an authority of this user. */
export const PlannedTpm = Type.Object({
  file: Type.String({ description: 'Its secrets; when they are there, nothing is made' }),
  made: Type.String({ description: 'Where the process makes them, in the run folder' }),
  authority: Type.String({ description: 'Folder of the authority whose keys sign its certificates' }),
  process: PlannedProcess,
});
export type PlannedTpm = Static<typeof PlannedTpm>;

/** What root plugs into a bridge of this PC for a network card, before the VMM starts: a tap device. */
export const PlannedCable = Type.Object(
  {
    tap: Type.String({
      pattern: '^phy-[0-9a-f]{8}-[0-9]$',
      description: 'Its end in the VMM; gone when the machine stops',
    }),
    bridge: BridgeName,
  },
  { additionalProperties: false },
);
export type PlannedCable = Static<typeof PlannedCable>;

/** One thing the planner decided for the user, with the reason: shown by "start --dry-run" and the page. */
export const Decision = Type.Object({
  what: Type.String({ description: '"accelerator: tcg"' }),
  why: Type.String(),
});
export type Decision = Static<typeof Decision>;

/** The unix sockets (and one named pipe) of a running machine; null where it has no such thing. */
export const Endpoints = Type.Object({
  control: Type.String({ description: 'Control channel of the VMM (QMP)' }),
  serial: Type.Union([Type.String(), Type.Null()], {
    description: 'Named pipe into the serial port; what comes out of it is in serialLog',
  }),
  display: Type.Union([Type.String(), Type.Null()], { description: 'RFB (VNC)' }),
  agent: Type.Union([Type.String(), Type.Null()], { description: 'QEMU guest agent' }),
});
export type Endpoints = Static<typeof Endpoints>;

/** What a VMM is told over its control socket before the guest runs: one HTTP request with a JSON body, or a QMP command. */
export const PlannedRequest = Type.Object({
  method: Type.String({ description: 'PUT or PATCH; QMP for a command of QEMU' }),
  path: Type.String({ description: 'As in the API description of the VMM; for QMP the name of the command' }),
  body: Type.Unknown(),
});
export type PlannedRequest = Static<typeof PlannedRequest>;

/** A saved memory that the guest goes on from: see "saved" in docs/save.md. */
export const Restore = Type.Object({
  file: Type.String({ description: 'The memory and devices of the guest' }),
  kind: Type.Unsafe<'qemu-stream' | 'qemu-mapped-ram'>({
    type: 'string',
    enum: ['qemu-stream', 'qemu-mapped-ram'],
    description: 'What is in the file: a migration stream, or memory with each page at its own place',
  }),
  machineType: Type.String({ description: 'The very version of the board that it was saved from' }),
  without: Type.Array(Type.Unsafe<'clipboard'>({ type: 'string', enum: ['clipboard'] }), {
    description: 'Devices that could not be saved; they were taken out, and come back once it is read',
  }),
  network: Type.Optional(
    Type.Unsafe<'slirp'>({
      type: 'string',
      enum: ['slirp'],
      description: "QEMU's own network is a part of what was saved; left out: it is not",
    }),
  ),
});
export type Restore = Static<typeof Restore>;

/** Everything a start will do, as data: golden tests compare it, the page shows it, bug reports contain it. */
export const LaunchPlan = Type.Object(
  {
    machine: Type.Object({ id: Type.String(), name: Type.String() }),
    vmm: Type.String(),
    version: Type.String(),
    accelerator: Type.String(),
    runDirectory: Type.String({ description: 'Sockets and run.json; 0700, gone when the machine stops' }),
    directories: Type.Array(Type.String(), { description: 'Made with mode 0700 when they are missing' }),
    files: Type.Array(PlannedFile),
    pipes: Type.Array(Type.String(), {
      description: 'For each PATH, PATH.in is made as a named pipe and PATH.out as a link to /dev/null',
    }),
    tpm: Type.Optional(PlannedTpm),
    cables: Type.Optional(Type.Array(PlannedCable, { description: 'Left out: it needs none' })),
    helpers: Type.Array(PlannedProcess, { description: 'Started in this order, before the VMM' }),
    process: PlannedProcess,
    requests: Type.Optional(
      Type.Array(PlannedRequest, {
        description: 'Sent in this order once the control socket answers; left out: none are needed',
      }),
    ),
    onReset: Type.Optional(
      Type.Unsafe<'restart' | 'end'>({
        type: 'string',
        enum: ['restart', 'end'],
        description:
          'For a VMM that ends when its guest resets: start it again, or leave it at that; left out: it resets by itself',
      }),
    ),
    confidential: Type.Optional(
      Type.Unsafe<'sev' | 'sev-es' | 'sev-snp' | 'tdx'>({
        type: 'string',
        enum: ['sev', 'sev-es', 'sev-snp', 'tdx'],
        description: 'How the memory of the guest is kept from this PC; left out: it is not',
      }),
    ),
    restore: Type.Optional(Restore),
    diskKey: Type.Optional(
      Type.String({
        description:
          'Named pipe by which the VMM gets the key of the encrypted disks; it is gone once that was read. Left out: they are not encrypted',
      }),
    ),
    endpoints: Endpoints,
    serialLog: Type.Union([Type.String(), Type.Null()]),
    decisions: Type.Array(Decision),
  },
  { title: 'LaunchPlan' },
);
export type LaunchPlan = Static<typeof LaunchPlan>;
