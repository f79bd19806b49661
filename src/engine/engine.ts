// SPDX-License-Identifier: Apache-2.0
import type { BinEntry, BinKeep, BinStatus, Deletion, DeletionPlan, Emptied } from '../contract/bin.ts';
import type { Clone, CloneRequest } from '../contract/clone.ts';
import type { Body, DefinitionText, Machine, MachineSummary, Query, Reply } from '../contract/api.ts';
import type { CatalogEntry, FirmwareState, GuestProfile, Identified } from '../contract/catalog.ts';
import type { Backup, BackupFolder, BackupList, RestoreBackup } from '../contract/backup.ts';
import type { Budget } from '../contract/budget.ts';
import type {
  BlockDevice,
  DiskAddition,
  DiskExport,
  DiskGrowth,
  DiskRemoval,
  MachineDisks,
} from '../contract/disk.ts';
import type { PhyllomeEvent } from '../contract/event.ts';
import type { Favourite, FavouriteChange, ShowOnScreen } from '../contract/favourite.ts';
import type { NetworkStatus, WifiNetwork } from '../contract/network.ts';
import type { OsChannel, OsCheck, OsStatus } from '../contract/os.ts';
import type { OsChoices, OsSettings, ResetPlan } from '../contract/os-settings.ts';
import type { FixPlan, JournalEntry, UndoPlan } from '../contract/fix.ts';
import type { DoctorReport, ShareableReport } from '../contract/doctor.ts';
import type { HostReport } from '../contract/host.ts';
import type { Folder, Image } from '../contract/image.ts';
import type { LoadHistory, LoadReport } from '../contract/load.ts';
import type { DiskLimits } from '../contract/machine.ts';
import type { InstallAnswers, InstallOffer, RecoveryKey } from '../contract/os-install.ts';
import type { LaunchPlan } from '../contract/plan.ts';
import type { SnapshotTree } from '../contract/snapshot.ts';
import type { SwitchPlan } from '../contract/switch.ts';
import type { Task } from '../contract/task.ts';
import type { MachineVerdicts, VmmOverview } from '../contract/vmm.ts';
import type { EventStream } from './event-stream.ts';
import type { SerialConsole } from './serial-console.ts';

/**
 * Everything the service can do, one function an operation of contract/api.ts and named like it.
 * `ref` is a machine's name or id. Functions throw PhyllomeError and nothing else.
 */
export interface Engine {
  readonly events: EventStream;

  host(): Promise<HostReport>;
  doctor(): Promise<DoctorReport>;
  shareableReport(): Promise<ShareableReport>;
  budget(): Promise<Budget>;
  setReserve(reserve: Body<'setReserve'>): Promise<Budget>;
  listFixes(): FixPlan[];
  showFix(id: string): FixPlan;
  listJournal(): JournalEntry[];
  showUndo(id: string): UndoPlan;
  catalog(query: Query<'catalog'>): Promise<CatalogEntry[]>;
  fetchMedium(request: Body<'fetchMedium'>): Promise<Task>;
  checkCatalog(request: Body<'checkCatalog'>): Promise<Task>;
  guestProfile(query: Query<'guestProfile'>): Promise<GuestProfile>;

  listFiles(query: Query<'listFiles'>): Promise<Folder>;
  listImages(): Promise<Image[]>;
  identifyImage(file: string): Promise<Identified>;
  downloadImage(request: Body<'downloadImage'>): Promise<Task>;
  /** Takes the bytes of an image as they come. `bytes` is how many will come. Leaves nothing when it fails */
  uploadImage(name: string, bytes: number, content: AsyncIterable<Uint8Array>): Promise<Image>;
  deleteImage(name: string): Promise<void>;

  listMachines(): MachineSummary[];
  /** What can be refused is refused at once; the rest is the task */
  createMachine(request: Body<'createMachine'>): Promise<Task>;
  /** The machine is the task's; whoever asked for it starts it. It is erased once it has stopped */
  createMicro(request: Body<'createMicro'>): Promise<Task>;
  showMachine(ref: string): Machine;
  machineProfile(ref: string): Promise<GuestProfile>;
  machineFirmware(ref: string): Promise<FirmwareState>;
  enrolCertificates(ref: string): Promise<FirmwareState>;
  /** What can be refused is refused at once; the rest is the task in the answer */
  cloneMachine(ref: string, request: CloneRequest): Promise<Clone>;
  /** What deleting it would do; changes nothing */
  planDelete(ref: string): Promise<DeletionPlan>;
  deleteMachine(ref: string): Promise<Deletion>;
  renameMachine(ref: string, name: string): Promise<Machine>;
  readDefinition(ref: string): Promise<DefinitionText>;
  writeDefinition(ref: string, text: DefinitionText): Promise<Machine>;

  changeDefinition(ref: string, request: Body<'changeDefinition'>): Promise<Machine>;
  /** `drive` is an index in `removable` of the definition */
  insertMedium(ref: string, drive: number, file: string): Promise<Machine>;
  ejectMedium(ref: string, drive: number): Promise<Machine>;

  listBlockDevices(): BlockDevice[];
  /** `disk` is a number in the definition, or a file. What can be refused is refused at once; the rest is the task */
  machineDisks(ref: string): Promise<MachineDisks>;
  addDisk(ref: string, request: DiskAddition): Promise<Task>;
  removeDisk(ref: string, disk: string, request: Body<'removeDisk'>): Promise<DiskRemoval>;
  growDisk(ref: string, disk: string, request: DiskGrowth): Promise<Task>;
  checkDisk(ref: string, disk: string, request: Body<'checkDisk'>): Promise<Task>;
  trimDisks(ref: string, request: Body<'trimDisks'>): Promise<Task>;
  convertDisk(ref: string, disk: string, request: Body<'convertDisk'>): Promise<Task>;
  exportDisk(ref: string, disk: string, request: DiskExport): Promise<Task>;
  limitDisk(ref: string, disk: string, request: DiskLimits): Promise<Machine>;

  listVmms(): Promise<VmmOverview[]>;
  setVmmDirectory(directory: string | null): Promise<VmmOverview[]>;
  judgeMachine(ref: string): Promise<MachineVerdicts>;
  planMachine(ref: string): Promise<LaunchPlan>;
  planSwitch(ref: string, request: Body<'planSwitch'>): Promise<SwitchPlan>;
  /** What can be refused is refused at once; the rest is the task */
  switchMachine(ref: string, request: Body<'switchMachine'>): Promise<Task>;
  listSnapshots(ref: string): Promise<SnapshotTree>;
  /** What can be refused is refused at once; the rest is the task. So with the next ones */
  takeSnapshot(ref: string, request: Body<'takeSnapshot'>): Promise<Task>;
  changeSnapshot(ref: string, snapshot: string, request: Body<'changeSnapshot'>): Promise<SnapshotTree>;
  revertSnapshot(ref: string, snapshot: string, request: Body<'revertSnapshot'>): Promise<Task>;
  deleteSnapshot(ref: string, snapshot: string): Promise<Task>;
  /** The screen at that moment as PNG bytes */
  snapshotPicture(ref: string, snapshot: string): Promise<Uint8Array>;
  /** What can be refused is refused at once; the rest is the task. So with the next one */
  encryptMachine(ref: string, request: Body<'encryptMachine'>): Promise<Task>;
  decryptMachine(ref: string, request: Body<'decryptMachine'>): Promise<Task>;
  changePassphrase(ref: string, request: Body<'changePassphrase'>): Promise<Machine>;
  startMachine(ref: string, request?: Body<'startMachine'>): Promise<Machine>;
  stopMachine(ref: string, options: Body<'stopMachine'>): Task;
  pauseMachine(ref: string): Promise<Machine>;
  resumeMachine(ref: string): Promise<Machine>;
  resetMachine(ref: string): Promise<Machine>;
  /** What can be refused is refused at once; the rest is the task */
  saveMachine(ref: string): Promise<Task>;
  discardSaved(ref: string): Promise<Machine>;

  pressKeys(ref: string, keys: readonly string[]): Promise<void>;
  /** @returns how many characters were typed */
  typeText(ref: string, text: string): Promise<number>;

  /** The screen as PNG bytes */
  screenshot(ref: string): Promise<Uint8Array>;
  /** The serial port of a machine; any number of listeners share one */
  serial(ref: string): SerialConsole;
  /** Path of the unix socket that speaks RFB; every connection is a viewer of its own */
  displaySocket(ref: string): string;
  machineLogs(ref: string, query: Query<'machineLogs'>): Promise<Reply<'machineLogs'>>;
  machineEvents(ref: string, query: Query<'machineEvents'>): Promise<PhyllomeEvent[]>;
  machineLoad(ref: string, query: Query<'machineLoad'>): Promise<LoadHistory>;
  /** Calls `listener` every two seconds until the returned function is called; nobody listens, nobody looks */
  watchLoad(listener: (report: LoadReport) => void): () => void;

  listBin(): Promise<BinEntry[]>;
  binStatus(): Promise<BinStatus>;
  setBinKeep(request: BinKeep): Promise<BinStatus>;
  emptyBin(request: Body<'emptyBin'>): Promise<Emptied>;
  restoreMachine(ref: string): Promise<Machine>;
  eraseMachine(ref: string): Promise<BinEntry>;

  listBackups(ref: string, query: BackupFolder): Promise<BackupList>;
  /** What can be refused is refused at once; the rest is the task. So are those below */
  makeBackup(ref: string, request: BackupFolder): Promise<Task>;
  verifyBackups(ref: string, request: BackupFolder): Promise<Task>;
  deleteBackup(ref: string, backup: string, query: BackupFolder): Promise<Task>;
  listBackupFolder(folder: string): Promise<Backup[]>;
  restoreBackup(request: RestoreBackup): Promise<Task>;

  osDisks(): Promise<InstallOffer>;
  /** What can be refused is refused at once; the rest is the task */
  osInstall(answers: InstallAnswers): Promise<Task>;
  osInstallUnattended(): Promise<Task>;
  osRecoveryKey(): Promise<RecoveryKey>;
  osForgetRecoveryKey(): Promise<RecoveryKey>;

  osSettings(): Promise<OsSettings>;
  setOsSettings(change: Body<'setOsSettings'>): Promise<OsSettings>;
  osChoices(): Promise<OsChoices>;
  planReset(): Promise<ResetPlan>;
  /** What can be refused is refused at once; the rest is the task, and this PC restarts at its end */
  factoryReset(request: Body<'factoryReset'>): Promise<Task>;
  network(): Promise<NetworkStatus>;
  listWifi(): Promise<WifiNetwork[]>;
  scanWifi(): Promise<WifiNetwork[]>;
  connectWifi(request: Body<'connectWifi'>): Promise<Task>;
  /** `id` is that of the connection */
  forgetNetwork(id: string): Promise<NetworkStatus>;
  /** Tasks end when the change is made; it is taken back when nobody confirms it then */
  setAddresses(device: string, request: Body<'setAddresses'>): Promise<Task>;
  makeBridge(request: Body<'makeBridge'>): Promise<Task>;
  removeBridge(bridge: string): Promise<Task>;
  confirmNetwork(): Promise<NetworkStatus>;
  revertNetwork(): Promise<NetworkStatus>;

  favourite(): Promise<Favourite>;
  setFavourite(change: FavouriteChange): Promise<Favourite>;
  showOnScreen(request: ShowOnScreen): Promise<Favourite>;
  /** One more page in kiosk mode listens, until the returned function is called */
  watchScreen(): () => void;

  /** On a PC with another system: `image` is null, and nothing else is known */
  osStatus(): Promise<OsStatus>;
  osCheck(request: Body<'osCheck'>): Promise<OsCheck>;
  osUpdate(request: Body<'osUpdate'>): Promise<Task>;
  osRollback(): Promise<OsStatus>;
  /** Refused at once when a machine cannot be saved and may not be shut down; the rest is the task */
  osPower(request: Body<'osPower'>): Promise<Task>;
  setChannel(change: OsChannel): Promise<OsStatus>;
  /** Puts all guests away because this PC goes down; they go on after the next start */
  saveGuests(request: Body<'saveGuests'>): Task;

  listTasks(): Task[];
  showTask(id: string): Task;
  abortTask(id: string): Promise<Task>;

  /** Lets go of everything. Machines keep running. */
  close(): Promise<void>;
}
