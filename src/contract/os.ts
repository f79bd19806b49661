// SPDX-License-Identifier: Apache-2.0
//
// Phyllome OS as a whole: what the service and root say to each other on a PC that runs it.
import type { ErrorReport } from './errors.ts';
import { Type, type Static } from './schema.ts';

/** What the service may ask root for: a closed list. src/privileged/os/ has a file for each. */
export const osVerbNames = [
  'power',
  'disks',
  'install',
  'answers',
  'status',
  'update',
  'rollback',
  'network-scan',
  'network-join',
  'network-forget',
  'network-addresses',
  'network-bridge',
  'network-unbridge',
  'network-settle',
  'settings',
  'plug',
  'unplug',
  'firewall',
  'factory-reset',
] as const;
export type OsVerbName = (typeof osVerbNames)[number];

/** How far root is with something long. */
export interface OsProgress {
  step: string;
  /** From 0 to 1; null when that cannot be known */
  fraction: number | null;
}

/** One line from root: exactly one of the keys is there. */
export interface OsAnswer {
  progress?: OsProgress;
  result?: unknown;
  error?: ErrorReport;
}

export const PowerAction = Type.Unsafe<'restart' | 'power-off'>({
  type: 'string',
  enum: ['restart', 'power-off'],
});
export type PowerAction = Static<typeof PowerAction>;

/** The variants of Phyllome OS: by network only, with the page on the PC's own screen, with a whole desktop. */
export const editions = ['headless', 'kiosk', 'desktop'] as const;
export type Edition = (typeof editions)[number];

/** Phyllome OS as this PC runs it. */
export const OsImage = Type.Object(
  {
    edition: Type.Unsafe<Edition>({ type: 'string', enum: editions }),
    distribution: Type.String({ description: 'What it is made of: debian, fedora' }),
    version: Type.String({ description: 'Ordered as systemd orders versions' }),
    architecture: Type.String({ description: "systemd's word for it: x86-64, arm64" }),
    live: Type.Boolean({ description: 'It runs from a medium and keeps nothing' }),
  },
  { title: 'OsImage' },
);
export type OsImage = Static<typeof OsImage>;

const slotStates = ['running', 'ready', 'trying', 'bad', 'empty'] as const;

export const OsSlot = Type.Object(
  {
    name: Type.Unsafe<'A' | 'B'>({ type: 'string', enum: ['A', 'B'] }),
    version: Type.Union([Type.String(), Type.Null()]),
    state: Type.Unsafe<(typeof slotStates)[number]>({
      type: 'string',
      enum: slotStates,
      description:
        'running: this one runs; ready: it ran before; trying: it was not found healthy yet; bad: it is started only when nothing else is left; empty: nothing complete is in it',
    }),
    triesLeft: Type.Union([Type.Integer(), Type.Null()], {
      description: 'How often it is still tried; null: it is no longer counted',
    }),
    bytes: Type.Integer({ description: 'Room for the system' }),
  },
  { title: 'OsSlot' },
);
export type OsSlot = Static<typeof OsSlot>;

/** What root knows of the versions on this PC. */
export interface OsSlots {
  slots: OsSlot[];
  /** Versions that did not come up, and why we know */
  failed: { version: string; why: OsNotice['what'] }[];
  /** What the next restart brings; null: the same */
  pending: string | null;
  /** What a roll-back would bring; null: there is none */
  previous: string | null;
}

/** What root found when it looked for updates. */
export interface OsFound {
  /** The address, or the name of the stick */
  from: string;
  /** The newest that is there for this PC */
  newest: string;
  /** What can be installed; null: nothing newer */
  version: string | null;
  bytes: number | null;
}

/** What root tells of the system as a whole. */
export interface OsRootStatus extends OsSlots {
  foldersEncrypted: boolean;
}

const noticeKinds = ['unhealthy', 'damaged', 'put-aside'] as const;

export const OsNotice = Type.Object(
  {
    what: Type.Unsafe<(typeof noticeKinds)[number]>({
      type: 'string',
      enum: noticeKinds,
      description:
        'unhealthy: it was tried and did not come up healthy; damaged: it worked before and could not be started any more; put-aside: somebody rolled it back',
    }),
    version: Type.String(),
    runs: Type.String({ description: 'The version that runs instead' }),
    text: Type.String({ description: 'For people' }),
  },
  { title: 'OsNotice' },
);
export type OsNotice = Static<typeof OsNotice>;

const ShortError = Type.Object({ code: Type.String(), message: Type.String(), hint: Type.String() });

export const OsCheck = Type.Object(
  {
    at: Type.String({ description: 'ISO 8601, UTC' }),
    from: Type.String({ description: 'The address, or the name of the stick' }),
    version: Type.Union([Type.String(), Type.Null()], {
      description: 'A newer version for this PC that can be had there; null: none',
    }),
    bytes: Type.Union([Type.Integer(), Type.Null()], { description: 'How much it is; null when not known' }),
    error: Type.Union([ShortError, Type.Null()], { description: 'Why nothing could be found out' }),
  },
  { title: 'OsCheck' },
);
export type OsCheck = Static<typeof OsCheck>;

const policies = ['never', 'check', 'install'] as const;
export const channelUrl = Type.String({
  // The address of a folder. It becomes part of a file of systemd-sysupdate, so nothing that means something there.
  pattern: '^https?://[A-Za-z0-9.:[\\]-]+(?:/[A-Za-z0-9._~/+-]*)?$',
  maxLength: 500,
  description: 'Folder with SHA256SUMS and SHA256SUMS.gpg',
});

/** What the owner of this PC decided about updates, in settings.json. What is left out is as it comes. */
export const OsUpdateSettings = Type.Object(
  {
    channel: Type.Optional(channelUrl),
    automatic: Type.Optional(
      Type.Unsafe<(typeof policies)[number]>({
        type: 'string',
        enum: policies,
        description:
          'check (as it comes): look once a day, and tell; install: install as well; never: neither',
      }),
    ),
  },
  { additionalProperties: false, description: 'Updates of Phyllome OS' },
);
export type OsUpdateSettings = Static<typeof OsUpdateSettings>;

export const OsChannel = Type.Object(
  {
    url: Type.Optional(
      Type.Union([channelUrl, Type.Null()], { description: 'null: the one that the image came with' }),
    ),
    automatic: Type.Optional(OsUpdateSettings.properties.automatic),
  },
  { additionalProperties: false },
);
export type OsChannel = Static<typeof OsChannel>;

const encryptions = ['none', 'luks', 'fscrypt'] as const;

export const OsStatus = Type.Object(
  {
    image: Type.Union([OsImage, Type.Null()], { description: 'null: this PC runs another system' }),
    slots: Type.Array(OsSlot),
    pending: Type.Union([Type.String(), Type.Null()], {
      description: 'The version that the next restart brings; null: the same one',
    }),
    previous: Type.Union([Type.String(), Type.Null()], {
      description: 'The version that a roll-back would bring; null: there is none',
    }),
    notice: Type.Union([OsNotice, Type.Null()]),
    protection: Type.Object({
      secureBoot: Type.Union([Type.Boolean(), Type.Null()], { description: 'null: not known' }),
      tpm2: Type.Boolean(),
      verity: Type.Boolean({ description: 'What runs is checked against its seal while it is read' }),
    }),
    updates: Type.Object({
      channel: Type.Union([Type.String(), Type.Null()]),
      automatic: Type.Unsafe<(typeof policies)[number]>({ type: 'string', enum: policies }),
      lastCheck: Type.Union([OsCheck, Type.Null()]),
    }),
    storage: Type.Union(
      [
        Type.Object({
          fileSystem: Type.String(),
          encryption: Type.Unsafe<(typeof encryptions)[number]>({ type: 'string', enum: encryptions }),
          bytes: Type.Integer(),
          freeBytes: Type.Integer(),
        }),
        Type.Null(),
      ],
      { description: 'Where machines and settings are' },
    ),
    guests: Type.Array(
      Type.Object({
        id: Type.String(),
        name: Type.String(),
        hindrance: Type.Union([Type.String(), Type.Null()], {
          description:
            'Why it cannot be saved and has to be shut down; null: it is saved and goes on afterwards',
        }),
      }),
      { description: 'The machines that run, and what a restart does to them' },
    ),
  },
  { title: 'OsStatus' },
);
export type OsStatus = Static<typeof OsStatus>;

/** Where an update is looked for: the channel, or a stick that somebody plugged in. */
export const OsSource = Type.Unsafe<'channel' | 'stick'>({ type: 'string', enum: ['channel', 'stick'] });
export type OsSource = Static<typeof OsSource>;

export const OsCheckRequest = Type.Object(
  {
    from: Type.Optional(OsSource),
    automatic: Type.Optional(
      Type.Boolean({
        description: 'As the daily look does it: what the settings say is done, installing too',
      }),
    ),
  },
  { additionalProperties: false },
);

export const OsUpdateRequest = Type.Object(
  { from: Type.Optional(OsSource) },
  { additionalProperties: false },
);

export const OsPowerRequest = Type.Object(
  {
    action: PowerAction,
    stop: Type.Optional(
      Type.Boolean({
        description: 'Shut down the machines that cannot be saved; else they keep it from happening',
      }),
    ),
  },
  { additionalProperties: false },
);

export const SaveGuestsRequest = Type.Object(
  {
    patienceSeconds: Type.Integer({
      minimum: 1,
      maximum: 3600,
      default: 120,
      description: 'How long a machine that cannot be saved may take after its power button',
    }),
  },
  { additionalProperties: false },
);
