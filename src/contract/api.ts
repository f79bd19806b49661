// SPDX-License-Identifier: Apache-2.0
//
// What goes into and comes out of every operation, as a table: the service routes by it, the OpenAPI
// description is made from it, and the command line's client takes its types from it. The streams, which are
// not JSON requests, are at the end.
import { Type, type Static, type TSchema } from './schema.ts';
import { AccessStatus, LockSession, SetAccessNetwork, SetPassword, SignOut, Unlock } from './access.ts';
import { BinEntry, BinKeep, BinStatus, Deletion, DeletionPlan, Emptied } from './bin.ts';
import { Backup, BackupFolder, BackupList, BackupsIn, RestoreBackup } from './backup.ts';
import { Budget } from './budget.ts';
import { ChangePassphrase, DecryptRequest, EncryptRequest, StartRequest } from './encryption.ts';
import { CatalogEntry, FirmwareState, GuestProfile, Identified, Unattended } from './catalog.ts';
import { Clone, CloneRequest } from './clone.ts';
import { BlockDevice, DiskAddition, DiskExport, DiskGrowth, DiskRemoval, MachineDisks } from './disk.ts';
import { DoctorReport, ShareableReport } from './doctor.ts';
import { PhyllomeEvent } from './event.ts';
import { Favourite, FavouriteChange, ShowOnScreen } from './favourite.ts';
import { FixPlan, JournalEntry, UndoPlan } from './fix.ts';
import { HostReport } from './host.ts';
import { Folder, Image } from './image.ts';
import { LoadHistory } from './load.ts';
import { Architecture, DiskLimits, MachineDefinition, vmmNames, type VmmName } from './machine.ts';
import { Endpoints, LaunchPlan } from './plan.ts';
import { InstallAnswers, InstallOffer, RecoveryKey } from './os-install.ts';
import { ConnectWifi, MakeBridge, NetworkStatus, SetAddresses, WifiNetwork } from './network.ts';
import { operations, streamPaths, type OperationId } from './operations.ts';
import { ChangeOsSettings, FactoryReset, OsChoices, OsSettings, ResetPlan } from './os-settings.ts';
import {
  OsChannel,
  OsCheck,
  OsCheckRequest,
  OsPowerRequest,
  OsStatus,
  OsUpdateRequest,
  SaveGuestsRequest,
} from './os.ts';
import { MachineState } from './state.ts';
import { ChangeSnapshot, RevertSnapshot, SnapshotTree, TakeSnapshot } from './snapshot.ts';
import { SwitchPlan, SwitchRequest } from './switch.ts';
import { Task } from './task.ts';
import { LackedVerb, MachineVerdicts, Measurement, VmmOverview } from './vmm.ts';

export const MachineSummary = Type.Object(
  {
    id: Type.String(),
    name: Type.String({ description: 'For a broken machine whose name cannot be read: its id' }),
    state: MachineState,
    guestOs: Type.Union([Type.String(), Type.Null()]),
    architecture: Type.Union([Type.String(), Type.Null()]),
    vcpus: Type.Union([Type.Integer(), Type.Null()]),
    memory: Type.Union([Type.Integer({ description: 'bytes' }), Type.Null()]),
    display: Type.Boolean({ description: 'It has a screen that can be looked at while it runs' }),
    template: Type.Optional(
      Type.Boolean({ description: 'A base for clones, which neither starts nor changes; left out: no' }),
    ),
    lacks: Type.Optional(
      Type.Array(LackedVerb, {
        description: 'What the VMM that runs it now has no way to do; left out when that is nothing',
      }),
    ),
  },
  { title: 'MachineSummary' },
);
export type MachineSummary = Static<typeof MachineSummary>;

export const RunInfo = Type.Object({
  vmm: Type.String(),
  version: Type.String(),
  accelerator: Type.String(),
  pid: Type.Integer(),
  startedAt: Type.String(),
  endpoints: Endpoints,
  measurement: Type.Optional(Measurement),
  resumedFrom: Type.Optional(
    Type.String({ description: 'It was not booted: it went on from what was saved at this time' }),
  ),
});
export type RunInfo = Static<typeof RunInfo>;

export const Machine = Type.Object(
  {
    ...MachineSummary.properties,
    directory: Type.String(),
    definition: Type.Union([MachineDefinition, Type.Null()], {
      description: 'null when the machine is broken',
    }),
    run: Type.Union([RunInfo, Type.Null()], { description: 'The VMM that runs it now' }),
    pending: Type.Array(Type.String(), {
      description:
        'Keys of the definition that were changed since it started: they take effect at the next start',
    }),
  },
  { title: 'Machine' },
);
export type Machine = Static<typeof Machine>;

export const ServiceInfo = Type.Object(
  {
    version: Type.String(),
    pid: Type.Integer(),
    startedAt: Type.String(),
    dataDirectory: Type.String(),
    address: Type.String({ description: 'Where the page is served, e.g. http://127.0.0.1:7411' }),
  },
  { title: 'ServiceInfo' },
);
export type ServiceInfo = Static<typeof ServiceInfo>;

export const DefinitionText = Type.Object(
  {
    yaml: Type.String({ maxLength: 262_144, description: 'machine.yaml as it stands, comments included' }),
    revision: Type.String({
      description: 'Changes with the content; give it back when you replace the text',
    }),
  },
  { title: 'DefinitionText' },
);
export type DefinitionText = Static<typeof DefinitionText>;

const Log = Type.Object({ source: Type.String(), lines: Type.Array(Type.String()) }, { title: 'Log' });
const nothing = Type.Object({});
const noNul = '^[^\\x00]*$';

const DefinitionChange = Type.Object(
  {
    path: Type.Array(
      Type.Union([Type.String({ maxLength: 100 }), Type.Integer({ minimum: 0, maximum: 99 })]),
      {
        maxItems: 8,
        description: 'Keys and indexes from the root, e.g. ["disks", 0, "cache"]',
      },
    ),
    value: Type.Optional(
      Type.Unknown({ description: 'The new value; left out: the key or the list entry is removed' }),
    ),
  },
  { additionalProperties: false },
);
const ref = Type.Object({
  ref: Type.String({ minLength: 1, maxLength: 200, description: "A machine's name or id" }),
});
const drive = Type.Object({
  ...ref.properties,
  drive: Type.String({ pattern: '^[0-3]$', description: 'Index in "removable" of the definition' }),
});
const disk = Type.Object({
  ...ref.properties,
  disk: Type.String({
    minLength: 1,
    maxLength: 4096,
    description: 'Number in "disks" of the definition, or its file, or the last part of that',
  }),
});
const id = Type.Object({ id: Type.String({ minLength: 1, maxLength: 100 }) });
const snapshotParams = Type.Object({
  ...ref.properties,
  snapshot: Type.String({ description: 'Id or name of a snapshot' }),
});
const name = Type.Object({ name: Type.String({ maxLength: 1000 }) }, { additionalProperties: false });

export interface Route {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  summary: string;
  params: TSchema;
  query: TSchema;
  body: TSchema | null;
  reply: TSchema;
}
type Shapes = Pick<Route, 'summary' | 'reply'> & Partial<Pick<Route, 'params' | 'query' | 'body'>>;
type Operations = typeof operations;

/** Joins an operation's address with its shapes; what is left out is empty. */
function route<const Id extends OperationId, const S extends Shapes>(id: Id, shapes: S) {
  const [method, path] = operations[id];
  const defaults = { method, path, params: nothing, query: nothing, body: null };
  return { ...defaults, ...shapes } as Omit<typeof defaults, keyof S> &
    S & { method: Operations[Id][0]; path: Operations[Id][1] };
}

/** Operation id -> route. */
export const routes = {
  service: route('service', { summary: 'This service', reply: ServiceInfo }),
  stopService: route('stopService', { summary: 'End the service; machines keep running', reply: nothing }),
  createTicket: route('createTicket', {
    summary: 'A link that signs one browser in (unix socket only)',
    reply: Type.Object({ url: Type.String() }),
  }),
  accessStatus: route('accessStatus', {
    summary: 'Who may get at the page: password, network, signed-in browsers',
    reply: AccessStatus,
  }),
  setPassword: route('setPassword', {
    summary: 'Set or change the password; other browsers that signed in with the old one are signed out',
    body: SetPassword,
    reply: AccessStatus,
  }),
  setAccessNetwork: route('setAccessNetwork', {
    summary: 'Serve the page to other devices, or not, and how; needs a password',
    body: SetAccessNetwork,
    reply: AccessStatus,
  }),
  signOut: route('signOut', {
    summary: 'Sign out browsers; what they watch ends',
    body: SignOut,
    reply: nothing,
  }),
  lockSession: route('lockSession', {
    summary: 'Have a browser asked for the password before it may go on; what it watches ends',
    body: LockSession,
    reply: nothing,
  }),
  unlockSession: route('unlockSession', {
    summary: 'Go on after a lock (the one thing, with signing out, that a locked browser may ask for)',
    body: Unlock,
    reply: nothing,
  }),
  host: route('host', { summary: 'What this PC is and can do', reply: HostReport }),
  doctor: route('doctor', {
    summary: 'What is wrong, what could be better and what is right with this PC, with evidence',
    reply: DoctorReport,
  }),
  shareableReport: route('shareableReport', {
    summary: 'Both without names, addresses and serial numbers, to be shown to others',
    reply: ShareableReport,
  }),
  budget: route('budget', { summary: 'What guests use and may use of this PC', reply: Budget }),
  setReserve: route('setReserve', {
    summary: 'Change what this PC keeps for itself; running machines are not touched',
    body: Type.Object(
      {
        vcpus: Type.Optional(Type.Integer({ minimum: 0, maximum: 1024 })),
        memoryBytes: Type.Optional(Type.Integer({ minimum: 0, maximum: 2 ** 46 })),
      },
      { additionalProperties: false },
    ),
    reply: Budget,
  }),
  listFixes: route('listFixes', {
    summary:
      'What could be changed on this PC for guests, each as a plan; applied with "phyllome doctor --fix ID"',
    reply: Type.Array(FixPlan),
  }),
  showFix: route('showFix', { summary: 'One of them', params: id, reply: FixPlan }),
  listJournal: route('listJournal', {
    summary: 'What was changed on this PC, newest first',
    reply: Type.Array(JournalEntry),
  }),
  showUndo: route('showUndo', {
    summary: 'What undoing a step would change; done with "phyllome undo ID"',
    params: id,
    reply: UndoPlan,
  }),
  catalog: route('catalog', {
    summary: 'What can be made into a machine',
    query: Type.Object({
      search: Type.Optional(
        Type.String({ maxLength: 200, description: 'Words that all have to stand in it; the best first' }),
      ),
    }),
    reply: Type.Array(CatalogEntry),
  }),
  guestProfile: route('guestProfile', {
    summary: 'What suits a guest on this PC, and why: firmware, devices, clock',
    query: Type.Object({
      guest: Type.String({
        pattern: '^[a-z0-9][a-z0-9._-]{0,63}$',
        description: 'Id or alias of a catalogue entry, short id of osinfo-db, or generic',
      }),
      architecture: Type.Optional(Architecture),
      install: Type.Unsafe<'by-hand' | 'unattended'>({
        type: 'string',
        enum: ['by-hand', 'unattended'],
        default: 'by-hand',
        description: 'unattended: its drivers are given to the installer',
      }),
    }),
    reply: GuestProfile,
  }),

  fetchMedium: route('fetchMedium', {
    summary: 'Bring a medium of the catalogue into the library, verified; nothing is downloaded twice',
    body: Type.Object(
      {
        entry: Type.String({ minLength: 1, maxLength: 64, description: 'Id or alias' }),
        media: Type.Optional(Type.String({ maxLength: 64, description: 'Left out: the usual one' })),
        architecture: Type.Optional(Architecture),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  checkCatalog: route('checkCatalog', {
    summary:
      'Test every link of the catalogue; the outcome of the task holds a CheckedMedium for each medium',
    body: Type.Object(
      {
        refs: Type.Optional(
          Type.Array(Type.String({ minLength: 1, maxLength: 64 }), {
            minItems: 1,
            maxItems: 200,
            description: 'Ids or aliases; left out: all',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),

  listFiles: route('listFiles', {
    summary: 'A folder of this PC, for choosing an installation medium or a disk',
    query: Type.Object({
      path: Type.Optional(
        Type.String({ minLength: 1, maxLength: 4096, description: 'Left out: the home folder' }),
      ),
    }),
    reply: Folder,
  }),
  listImages: route('listImages', {
    summary: 'The library: uploaded and downloaded media and disk images',
    reply: Type.Array(Image),
  }),
  identifyImage: route('identifyImage', {
    summary: 'What a file of this PC is: which system, how sure that is, and why',
    query: Type.Object({
      file: Type.String({ minLength: 1, maxLength: 4096, pattern: noNul, description: 'Absolute path' }),
    }),
    reply: Identified,
  }),
  downloadImage: route('downloadImage', {
    summary: 'Download an image into the library',
    body: Type.Object(
      {
        url: Type.String({ minLength: 1, maxLength: 4096, description: 'http or https' }),
        name: Type.Optional(
          Type.String({ maxLength: 1000, description: 'Left out: as the server says, or as the URL ends' }),
        ),
        sha256: Type.Optional(Type.String({ pattern: '^[0-9a-fA-F]{64}$' })),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  deleteImage: route('deleteImage', {
    summary: 'Remove an image that no machine uses from the library',
    params: Type.Object({ name: Type.String({ minLength: 1, maxLength: 1000 }) }),
    reply: nothing,
  }),

  listMachines: route('listMachines', {
    summary: 'All machines, broken ones included',
    reply: Type.Array(MachineSummary),
  }),
  createMachine: route('createMachine', {
    summary: 'Make a machine from a catalogue entry, a medium or a definition; disks with a size are created',
    body: Type.Object(
      {
        name: Type.String({ maxLength: 1000 }),
        from: Type.Optional(Type.String({ maxLength: 64, description: 'Catalogue entry' })),
        media: Type.Optional(
          Type.String({ maxLength: 64, description: 'Which of its media; left out: the usual one' }),
        ),
        diskSize: Type.Optional(
          Type.Integer({
            minimum: 2 ** 20,
            maximum: 2 ** 46,
            description: 'bytes, of the disk of a machine from an entry; left out: as its system recommends',
          }),
        ),
        unattended: Type.Optional(Unattended),
        encrypt: Type.Optional(EncryptRequest),
        medium: Type.Optional(
          Type.Object(
            {
              file: Type.String({ minLength: 1, maxLength: 4096, description: 'Absolute path on this PC' }),
              use: Type.Unsafe<'install' | 'copy-disk' | 'use-disk'>({
                type: 'string',
                enum: ['install', 'copy-disk', 'use-disk'],
                description:
                  'install: an ISO in the drive beside a new disk; copy-disk: a copy becomes the disk; use-disk: the file itself does',
              }),
              diskSize: Type.Optional(
                Type.Integer({
                  minimum: 2 ** 20,
                  maximum: 2 ** 46,
                  description: 'bytes, of the new disk (default 64 GiB) or that the copy grows to',
                }),
              ),
            },
            { additionalProperties: false },
          ),
        ),
        definition: Type.Optional(
          Type.Record(Type.String(), Type.Unknown(), {
            description: 'A definition without id and name; wins over entry and medium, key by key',
          }),
        ),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  createMicro: route('createMicro', {
    summary:
      'Make a machine for one command from a root file system or an image of a container; start it then, and it is gone once it has stopped',
    body: Type.Object(
      {
        image: Type.String({
          minLength: 1,
          maxLength: 4096,
          pattern: noNul,
          description:
            'Absolute path on this PC (folder, tar archive, OCI image), or docker://NAME in a registry',
        }),
        command: Type.Array(Type.String({ maxLength: 131_071, pattern: noNul }), {
          maxItems: 10_000,
          description: 'Program and arguments, as they are; empty: what the image says',
        }),
        env: Type.Optional(
          Type.Array(Type.String({ maxLength: 131_071, pattern: '^[^=\\x00]+=[^\\x00]*$' }), {
            maxItems: 10_000,
            description: 'NAME=value, besides what the image says',
          }),
        ),
        vcpus: Type.Optional(Type.Integer({ minimum: 1, maximum: 512 })),
        memoryBytes: Type.Optional(
          Type.Integer({ minimum: 2 ** 26, maximum: 2 ** 46, description: 'default 512 MiB' }),
        ),
        vmm: Type.Optional(
          Type.Unsafe<VmmName | 'auto'>({
            type: 'string',
            enum: ['auto', ...vmmNames],
            description: 'default auto',
          }),
        ),
        network: Type.Optional(Type.Boolean({ description: 'It gets a network card (default: none)' })),
        terminal: Type.Optional(
          Type.Object(
            {
              rows: Type.Integer({ minimum: 1, maximum: 10_000 }),
              columns: Type.Integer({ minimum: 1, maximum: 10_000 }),
            },
            {
              additionalProperties: false,
              description: 'The command talks to a terminal of this size; left out: to pipes',
            },
          ),
        ),
        mark: Type.String({
          pattern: '^[0-9a-f]{32}$',
          description:
            'Random; lines on the serial port that begin with it say where the output begins and ends',
        }),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  showMachine: route('showMachine', { summary: 'One machine', params: ref, reply: Machine }),
  machineProfile: route('machineProfile', {
    summary: 'What suits the guest of a machine, and what it wants that the machine has not',
    params: ref,
    reply: GuestProfile,
  }),
  deleteMachine: route('deleteMachine', {
    summary: 'Move a stopped machine to the bin',
    params: ref,
    reply: Deletion,
  }),
  machineFirmware: route('machineFirmware', {
    summary: 'What the firmware of a machine trusts: Secure Boot and its certificates',
    params: ref,
    reply: FirmwareState,
  }),
  enrolCertificates: route('enrolCertificates', {
    summary:
      "Let the firmware of a stopped machine trust Microsoft's certificates of 2023 where it trusts those of 2011",
    params: ref,
    reply: FirmwareState,
  }),
  cloneMachine: route('cloneMachine', {
    summary: 'Make a machine from a stopped one, or from a snapshot of one',
    params: ref,
    body: CloneRequest,
    reply: Clone,
  }),
  renameMachine: route('renameMachine', {
    summary: 'Give a machine another name',
    params: ref,
    body: name,
    reply: Machine,
  }),
  readDefinition: route('readDefinition', {
    summary: 'The definition as its owner wrote it',
    params: ref,
    reply: DefinitionText,
  }),
  writeDefinition: route('writeDefinition', {
    summary: 'Replace the definition; takes effect at the next start',
    params: ref,
    body: DefinitionText,
    reply: Machine,
  }),
  changeDefinition: route('changeDefinition', {
    summary: 'Change some values of the definition; its comments stay',
    params: ref,
    body: Type.Object(
      {
        changes: Type.Array(DefinitionChange, { maxItems: 100 }),
        revision: Type.Optional(Type.String({ description: 'Refused when the text has changed since' })),
      },
      { additionalProperties: false },
    ),
    reply: Machine,
  }),
  insertMedium: route('insertMedium', {
    summary: 'Put a medium into a drive, at once when the machine runs',
    params: drive,
    body: Type.Object(
      { file: Type.String({ minLength: 1, maxLength: 4096, description: 'Absolute path on this PC' }) },
      { additionalProperties: false },
    ),
    reply: Machine,
  }),
  ejectMedium: route('ejectMedium', {
    summary: 'Take the medium out of a drive, at once when the machine runs',
    params: drive,
    reply: Machine,
  }),
  listBlockDevices: route('listBlockDevices', {
    summary: 'Block devices of this PC, what it uses each for, and whether a machine may have it whole',
    reply: Type.Array(BlockDevice),
  }),
  machineDisks: route('machineDisks', {
    summary: 'What the disks of a machine take, what is below each, and what removing it would give back',
    params: ref,
    reply: MachineDisks,
  }),
  addDisk: route('addDisk', {
    summary: 'Give a stopped machine another disk: new, a copy of an image, or a whole block device',
    params: ref,
    body: DiskAddition,
    reply: Task,
  }),
  removeDisk: route('removeDisk', {
    summary: 'Take a disk out of a stopped machine; its file is kept unless it is to be erased',
    params: disk,
    body: Type.Object(
      { erase: Type.Boolean({ default: false, description: 'Remove its file for good' }) },
      { additionalProperties: false },
    ),
    reply: DiskRemoval,
  }),
  growDisk: route('growDisk', {
    summary: 'Make a disk larger, also while the machine runs; never smaller',
    params: disk,
    body: DiskGrowth,
    reply: Task,
  }),
  checkDisk: route('checkDisk', {
    summary: 'Look for damage in the tables of a disk, and repair it when asked',
    params: disk,
    body: Type.Object(
      { repair: Type.Boolean({ default: false, description: 'A copy is kept when content is at stake' }) },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  trimDisks: route('trimDisks', {
    summary:
      'Give back what the guest no longer needs: by its agent while it runs, else by writing disks anew',
    params: ref,
    body: Type.Object(
      { disk: Type.Optional(Type.String({ maxLength: 4096, description: 'Only this one; left out: all' })) },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  convertDisk: route('convertDisk', {
    summary: 'Change the format of a disk of a stopped machine',
    params: disk,
    body: Type.Object(
      { format: Type.Unsafe<'qcow2' | 'raw'>({ type: 'string', enum: ['qcow2', 'raw'] }) },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  exportDisk: route('exportDisk', {
    summary: 'Write all that a disk holds into one new file for other programs',
    params: disk,
    body: DiskExport,
    reply: Task,
  }),
  limitDisk: route('limitDisk', {
    summary:
      'Set the most a guest may ask of a disk, at once when the machine runs; {} takes all limits away',
    params: disk,
    body: DiskLimits,
    reply: Machine,
  }),
  listVmms: route('listVmms', {
    summary: 'The VMMs of this PC, what each can do, and how we know',
    reply: Type.Array(VmmOverview),
  }),
  setVmmDirectory: route('setVmmDirectory', {
    summary: 'Name a folder in which VMMs are looked for before PATH; null: none (unix socket only)',
    body: Type.Object(
      { directory: Type.Union([Type.String({ minLength: 1, maxLength: 4096 }), Type.Null()]) },
      { additionalProperties: false },
    ),
    reply: Type.Array(VmmOverview),
  }),
  judgeMachine: route('judgeMachine', {
    summary: 'Which VMMs can run this machine as it is, with what losses, or why not',
    params: ref,
    reply: MachineVerdicts,
  }),
  planMachine: route('planMachine', { summary: 'What a start would do', params: ref, reply: LaunchPlan }),
  planSwitch: route('planSwitch', {
    summary: 'What moving it to another VMM, or back, would change, and what keeps it from that',
    params: ref,
    body: SwitchRequest,
    reply: SwitchPlan,
  }),
  switchMachine: route('switchMachine', {
    summary: 'Move it to another VMM, or back: convert its disks, change its definition, start it there',
    params: ref,
    body: SwitchRequest,
    reply: Task,
  }),
  listSnapshots: route('listSnapshots', {
    summary: 'The snapshots of a machine, as a tree',
    params: ref,
    reply: SnapshotTree,
  }),
  takeSnapshot: route('takeSnapshot', {
    summary:
      'Keep a machine as it is now, to come back to: disks, firmware, TPM, definition, and memory while it runs',
    params: ref,
    body: TakeSnapshot,
    reply: Task,
  }),
  changeSnapshot: route('changeSnapshot', {
    summary: 'Change the name or the note of a snapshot',
    params: snapshotParams,
    body: ChangeSnapshot,
    reply: SnapshotTree,
  }),
  revertSnapshot: route('revertSnapshot', {
    summary: 'Bring a machine back to a snapshot; how it is now becomes a snapshot first',
    params: snapshotParams,
    body: RevertSnapshot,
    reply: Task,
  }),
  deleteSnapshot: route('deleteSnapshot', {
    summary: 'Forget a snapshot; all others stay as they are',
    params: snapshotParams,
    reply: Task,
  }),
  encryptMachine: route('encryptMachine', {
    summary: 'Encrypt the disks of a stopped machine (those that are not yet)',
    params: ref,
    body: EncryptRequest,
    reply: Task,
  }),
  decryptMachine: route('decryptMachine', {
    summary: 'End the encryption of the disks of a stopped machine',
    params: ref,
    body: DecryptRequest,
    reply: Task,
  }),
  changePassphrase: route('changePassphrase', {
    summary: 'Change the passphrase of encrypted disks, or who keeps their key; the disks are not touched',
    params: ref,
    body: ChangePassphrase,
    reply: Machine,
  }),
  startMachine: route('startMachine', {
    summary: 'Start it; answers when its processors run',
    params: ref,
    body: StartRequest,
    reply: Machine,
  }),
  stopMachine: route('stopMachine', {
    summary: 'Press the power button and wait, or cut the power',
    params: ref,
    body: Type.Object(
      {
        force: Type.Boolean({ default: false, description: 'Cut the power at once' }),
        timeoutSeconds: Type.Integer({ minimum: 1, maximum: 3600, default: 60 }),
      },
      { additionalProperties: false },
    ),
    reply: Task,
  }),
  pauseMachine: route('pauseMachine', { summary: 'Hold its processors', params: ref, reply: Machine }),
  resumeMachine: route('resumeMachine', { summary: 'Let its processors go on', params: ref, reply: Machine }),
  saveMachine: route('saveMachine', {
    summary: 'Write its memory to the disk and end its VMM; a start then goes on where it was',
    params: ref,
    reply: Task,
  }),
  discardSaved: route('discardSaved', {
    summary: 'Throw the memory of a saved machine away, as a power cut would',
    params: ref,
    reply: Machine,
  }),
  resetMachine: route('resetMachine', { summary: 'Press the reset button', params: ref, reply: Machine }),
  machineLogs: route('machineLogs', {
    summary: 'The last lines of a log of the machine',
    params: ref,
    query: Type.Object({
      source: Type.String({
        default: 'serial',
        pattern: '^[a-z0-9-]{1,40}$',
        description: 'serial, vmm, or the name of a helper (swtpm, passt-0)',
      }),
      lines: Type.Integer({ minimum: 1, maximum: 10_000, default: 100 }),
    }),
    reply: Log,
  }),

  pressKeys: route('pressKeys', {
    summary: 'Press some keys together and let go of them, e.g. ctrl, alt, delete',
    params: ref,
    body: Type.Object(
      {
        keys: Type.Array(Type.String({ maxLength: 20 }), {
          maxItems: 8,
          description: 'Names as in docs/keys.md, in the order of pressing',
        }),
      },
      { additionalProperties: false },
    ),
    reply: nothing,
  }),
  typeText: route('typeText', {
    summary: 'Type a text on the keyboard of the machine, as on a US keyboard',
    params: ref,
    body: Type.Object(
      { text: Type.String({ minLength: 1, maxLength: 10_000 }) },
      { additionalProperties: false },
    ),
    reply: Type.Object({ typed: Type.Integer({ description: 'Characters' }) }),
  }),
  machineEvents: route('machineEvents', {
    summary: 'What happened to the machine, newest first; kept beyond the life of the service',
    params: ref,
    query: Type.Object({
      limit: Type.Integer({ minimum: 1, maximum: 1000, default: 100 }),
      before: Type.Optional(Type.Integer({ description: 'Only events with a smaller id' })),
    }),
    reply: Type.Array(PhyllomeEvent),
  }),
  machineLoad: route('machineLoad', {
    summary: 'What the machine did of late: processors, memory, disks, network',
    params: ref,
    query: Type.Object({
      seconds: Type.Integer({ minimum: 60, maximum: 86_400, default: 3600, description: 'How far back' }),
      points: Type.Integer({
        minimum: 10,
        maximum: 2000,
        default: 300,
        description: 'At most so many entries',
      }),
    }),
    reply: LoadHistory,
  }),

  planDelete: route('planDelete', {
    summary: 'What deleting a machine would move to the bin, and what erasing it would give back',
    params: ref,
    reply: DeletionPlan,
  }),
  emptyBin: route('emptyBin', {
    summary: 'Erase deleted machines for good: those that are named, or all',
    body: Type.Object(
      { refs: Type.Optional(Type.Array(ref.properties.ref, { maxItems: 10_000 })) },
      { additionalProperties: false },
    ),
    reply: Emptied,
  }),
  binStatus: route('binStatus', {
    summary: 'The bin as a whole: what emptying it gives back, and how long machines are kept in it',
    reply: BinStatus,
  }),
  setBinKeep: route('setBinKeep', {
    summary: 'Erase deleted machines by themselves after so many days, or never',
    body: BinKeep,
    reply: BinStatus,
  }),
  listBackups: route('listBackups', {
    summary: 'The backups of a machine, which need not exist any more',
    params: ref,
    query: BackupFolder,
    reply: BackupList,
  }),
  makeBackup: route('makeBackup', {
    summary: 'Back it up to a folder, while it runs or not; the first folder is remembered in its definition',
    params: ref,
    body: BackupFolder,
    reply: Task,
  }),
  verifyBackups: route('verifyBackups', {
    summary: 'Look at every image of all its backups; the task fails with what is damaged',
    params: ref,
    body: BackupFolder,
    reply: Task,
  }),
  deleteBackup: route('deleteBackup', {
    summary: 'Remove one of its backups; those that rest on it get what they need of it',
    params: Type.Object({
      ...ref.properties,
      backup: Type.String({ minLength: 1, maxLength: 100, description: 'Its id' }),
    }),
    query: BackupFolder,
    reply: Task,
  }),
  listBackupFolder: route('listBackupFolder', {
    summary: 'All backups in a folder, those of other PCs too',
    query: BackupsIn,
    reply: Type.Array(Backup),
  }),
  restoreBackup: route('restoreBackup', {
    summary: 'Make a machine out of a backup: the same one when it is gone, else another one beside it',
    body: RestoreBackup,
    reply: Task,
  }),

  listBin: route('listBin', {
    summary: 'Deleted machines that can be restored',
    reply: Type.Array(BinEntry),
  }),
  restoreMachine: route('restoreMachine', {
    summary: 'Bring a deleted machine back',
    params: ref,
    reply: Machine,
  }),

  eraseMachine: route('eraseMachine', {
    summary: 'Erase a deleted machine for good',
    params: ref,
    reply: BinEntry,
  }),

  osDisks: route('osDisks', {
    summary: 'Phyllome OS: the disks of this PC, and which of them it could be installed on',
    reply: InstallOffer,
  }),
  osInstall: route('osInstall', {
    summary: 'Install the live system that runs to a disk, whose content is erased',
    body: InstallAnswers,
    reply: Task,
  }),
  osInstallUnattended: route('osInstallUnattended', {
    summary: 'The same with the answers of a second stick or of a credential of systemd',
    reply: Task,
  }),
  osRecoveryKey: route('osRecoveryKey', {
    summary: 'The recovery key of the last installation, until it was said that it is kept',
    reply: RecoveryKey,
  }),
  osForgetRecoveryKey: route('osForgetRecoveryKey', {
    summary: 'The recovery key is written down: it is never shown again',
    reply: RecoveryKey,
  }),

  osStatus: route('osStatus', {
    summary: 'Phyllome OS on this PC: versions, updates, protection; "image" is null on other PCs',
    reply: OsStatus,
  }),
  osCheck: route('osCheck', {
    summary: 'Look for a newer version, in the channel or on a stick; nothing is installed',
    body: OsCheckRequest,
    reply: OsCheck,
  }),
  osUpdate: route('osUpdate', {
    summary: 'Install the newest version beside the one that runs; the next restart brings it',
    body: OsUpdateRequest,
    reply: Task,
  }),
  osRollback: route('osRollback', {
    summary: 'Let the next restart bring the version before; what runs is not tried again',
    reply: OsStatus,
  }),
  osPower: route('osPower', {
    summary: 'Restart this PC, or switch it off; guests are saved before, and go on after a restart',
    body: OsPowerRequest,
    reply: Task,
  }),
  setChannel: route('setChannel', {
    summary: 'Where updates come from, and what is done about them without being asked',
    body: OsChannel,
    reply: OsStatus,
  }),
  saveGuests: route('saveGuests', {
    summary:
      'Save every machine that runs, because this PC goes down; they go on after the next start. What cannot be saved gets its power button',
    body: SaveGuestsRequest,
    reply: Task,
  }),
  osSettings: route('osSettings', {
    summary: 'Phyllome OS: host name, time zone, keyboard, ssh, buttons, opened ports',
    reply: OsSettings,
  }),
  setOsSettings: route('setOsSettings', {
    summary: 'Change some of them, at once and for good',
    body: ChangeOsSettings,
    reply: OsSettings,
  }),
  osChoices: route('osChoices', {
    summary: 'Time zones, keyboards and locales that this system knows',
    reply: OsChoices,
  }),
  planReset: route('planReset', {
    summary: 'What a factory reset would erase',
    reply: ResetPlan,
  }),
  factoryReset: route('factoryReset', {
    summary: 'Erase all machines and settings for good, and restart this PC as on its first day',
    body: FactoryReset,
    reply: Task,
  }),

  network: route('network', {
    summary: 'Phyllome OS: how this PC is connected, and what could be',
    reply: NetworkStatus,
  }),
  listWifi: route('listWifi', {
    summary: 'Wi-Fi networks in reach, as they were heard last',
    reply: Type.Array(WifiNetwork),
  }),
  scanWifi: route('scanWifi', {
    summary: 'The same after listening anew, which takes some seconds',
    reply: Type.Array(WifiNetwork),
  }),
  connectWifi: route('connectWifi', {
    summary: 'Join a Wi-Fi network and remember it',
    body: ConnectWifi,
    reply: Task,
  }),
  forgetNetwork: route('forgetNetwork', {
    summary: 'Forget a remembered network, its passphrase too',
    params: id,
    reply: NetworkStatus,
  }),
  setAddresses: route('setAddresses', {
    summary: 'Give a wired device its addresses, or a Wi-Fi one; taken back unless it is confirmed',
    params: name,
    body: SetAddresses,
    reply: Task,
  }),
  makeBridge: route('makeBridge', {
    summary:
      'Make a bridge over a wired device, for machines that are to be on its network; taken back unless it is confirmed',
    body: MakeBridge,
    reply: Task,
  }),
  removeBridge: route('removeBridge', {
    summary: 'Remove a bridge; its wired device is used by itself again. Taken back unless it is confirmed',
    params: name,
    reply: Task,
  }),
  confirmNetwork: route('confirmNetwork', {
    summary: 'Keep the last change of the network',
    reply: NetworkStatus,
  }),
  revertNetwork: route('revertNetwork', {
    summary: 'Take the last change of the network back now',
    reply: NetworkStatus,
  }),

  favourite: route('favourite', {
    summary: 'The machine that comes up with this PC, and what the screen of this PC shows',
    reply: Favourite,
  }),
  setFavourite: route('setFavourite', {
    summary: 'Make a machine the favourite, or none; change how it comes up',
    body: FavouriteChange,
    reply: Favourite,
  }),
  showOnScreen: route('showOnScreen', {
    summary: 'Show the host or a machine on the screen of this PC, at once',
    body: ShowOnScreen,
    reply: Favourite,
  }),

  listTasks: route('listTasks', {
    summary: 'Running tasks and the ones that ended lately',
    reply: Type.Array(Task),
  }),
  showTask: route('showTask', { summary: 'One task', params: id, reply: Task }),
  abortTask: route('abortTask', {
    summary: 'Abort a task; what it began is undone',
    params: id,
    reply: Task,
  }),
} as const;

export type { OperationId };
type Routes = typeof routes;
export type Params<Id extends OperationId> = Static<Routes[Id]['params']>;
export type Query<Id extends OperationId> = Static<Routes[Id]['query']>;
export type Body<Id extends OperationId> = Routes[Id]['body'] extends TSchema
  ? Static<Routes[Id]['body']>
  : undefined;
export type Reply<Id extends OperationId> = Static<Routes[Id]['reply']>;

/** What is not a JSON request with a JSON reply. */
export const streams = {
  screenshot: { path: streamPaths.screenshot, summary: 'The screen as PNG' },
  snapshotPicture: {
    path: streamPaths.snapshotPicture,
    summary: 'The screen when a snapshot was taken, as PNG',
  },
  upload: {
    path: streamPaths.upload,
    summary:
      'PUT the bytes of an image (application/octet-stream, with Content-Length); replies with the Image',
  },
  load: {
    path: streamPaths.load,
    summary: 'Server-sent events (LoadReport), one every two seconds while somebody listens',
  },
  events: {
    path: streamPaths.events,
    summary: 'Server-sent events (PhyllomeEvent); Last-Event-ID continues',
  },
  serial: {
    path: streamPaths.serial,
    summary: 'WebSocket: serial console; ?history=N sends the last N bytes first',
  },
  display: { path: streamPaths.display, summary: 'WebSocket: RFB (VNC) of the display' },
} as const;
