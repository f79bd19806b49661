// SPDX-License-Identifier: Apache-2.0
//
// The seam between machines and the VMMs that run them. A driver knows one VMM; the engine knows only this.
import type { KeyName } from '../contract/keys.ts';
import type { Architecture, Disk, DiskLimits, MachineDefinition, VmmName } from '../contract/machine.ts';
import type { LaunchPlan, Restore } from '../contract/plan.ts';
import type { Measurement, VmmClaim } from '../contract/vmm.ts';
import type { Layer } from '../disk/layers.ts';

/**
 * A planned VMM that ends with this code could not take the lock of its machine: another process has it.
 * Drivers make their command end so.
 */
export const lockConflictExitCode = 75;

/** What a driver found out about its VMM on this PC; drivers add what their planner needs. */
export interface DriverReport {
  vmm: VmmName;
  /** Absolute path of the VMM */
  binary: string;
  version: string;
}

/** Why a driver can or cannot run a machine; `code` is stable, `text` is for people. */
export interface Reason {
  code: string;
  text: string;
  /** The next thing to do about it */
  hint: string;
}

export interface Verdict {
  /** The machine cannot run: every cause, not only the first */
  refusals: Reason[];
  /** It runs, but without these parts of its definition */
  losses: Reason[];
}

/** Where a machine's files are. Every path is absolute. */
export interface MachinePaths {
  /** Folder of machine.yaml; relative paths of a definition start here */
  machine: string;
  /** Sockets of the running machine */
  run: string;
  /** Logs, kept between runs */
  logs: string;
  /** Of the authority that signs the certificates of TPMs; left out: they get none */
  tpmAuthority?: string;
  /** Of each disk of a machine whose disks are encrypted: its image and what it rests on, the top one first */
  layers?: readonly (readonly Layer[])[];
}

/** What of a plan is needed to reach its VMM: the sockets, what it is told, its logs, and a name for errors. */
export type Attachable = Pick<LaunchPlan, 'machine' | 'endpoints'> &
  Partial<Pick<LaunchPlan, 'process' | 'requests' | 'serialLog' | 'confidential'>>;

/** How a process ended. Both are null when it was not our child, so that nobody could tell us. */
export interface ProcessExit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

/** What the end of a VMM means when it was not asked for. `reset`: its guest wanted to begin anew. */
export type Ending = 'shut-down' | 'reset' | 'panicked';

/**
 * A kernel that is started once in place of what the firmware would find: that of an installer, which is in no
 * definition. Paths are absolute.
 */
export interface GivenKernel {
  kernel: string;
  initrd: string;
  commandLine: string;
}

export interface Driver<Report extends DriverReport = DriverReport> {
  readonly name: VmmName;

  /**
   * Finds the VMM for guests of an architecture and asks the binary what it can do. Answers are cached.
   * @throws PhyllomeError `vmm-missing`, `vmm-too-old`, `vmm-probe-failed`
   */
  probe(architecture: Architecture): Promise<Report>;

  /** Everything people choose a VMM for, each with where we know it from. Pure. */
  claims(report: Report): VmmClaim[];

  /**
   * Can it run this machine here? Pure. `guest-kernel` as a way to boot is judged like `kernel`: before `plan` the
   * engine has read the kernel from the disk and put its file in.
   */
  judge(definition: MachineDefinition, report: Report): Verdict;

  /** Optional: refusals that take a look into the machine's files. Called before each start, and for verdicts. */
  examine?(definition: MachineDefinition, paths: MachinePaths): Promise<Reason[]>;

  /**
   * What a start would do. Pure: reads no file, asks nobody. Only called when `judge` had no refusals.
   * @param restore the guest goes on from this memory: its VMM waits for it. Only given where `Session.memory` made it
   * @param given started by the firmware of the definition in this run alone; it ends when the guest resets. Only QEMU
   *   is given one
   */
  plan(
    definition: MachineDefinition,
    report: Report,
    paths: MachinePaths,
    restore?: Restore,
    given?: GivenKernel,
  ): LaunchPlan;

  /**
   * Connects to a VMM that was started from a plan, now or by an earlier service.
   * Waits for the control socket to appear until `signal` aborts. A VMM that was just started is told what the plan
   * requests; it is then in the state `prelaunch`, or as crosvm already runs.
   * @throws PhyllomeError `vmm-gone` when nobody answers there, `vmm-refused` when it does not take a request
   */
  attach(run: Attachable, onEvent: (event: VmmEvent) => void, signal: AbortSignal): Promise<Session>;

  /**
   * Optional, for VMMs that end with their guest: what an end that nobody asked for means. null: a crash.
   * @param words the last lines of its log, for when the exit is not known
   */
  ending?(exit: ProcessExit | null, words: readonly string[]): Ending | null;

  /** Its control channel closes when it ends, so that nobody has to look whether its process is there */
  readonly tellsItsEnd?: boolean;
}

/** States a VMM can be in, whatever it calls them. */
export type VmmState =
  | 'prelaunch' // not yet let go
  | 'running'
  | 'paused'
  | 'shut-down' // the guest powered off; the VMM waits to be ended
  | 'panicked'
  | 'failed'; // an error of the VMM or of its storage stopped the guest

export type VmmEvent =
  | { type: 'paused' }
  | { type: 'resumed' }
  | { type: 'reset' }
  /** The guest powered off, or the VMM was told to end. The stop that goes with it is not told as `paused`. */
  | { type: 'shut-down' }
  | { type: 'panicked' }
  /** The guest says on its serial port that it is up */
  | { type: 'up' }
  /** The guest opened its agent channel: it is up */
  | { type: 'agent'; connected: boolean }
  /** A disk of the host failed or is full; the guest was paused by the VMM */
  | { type: 'io-error'; device: string; reason: string; noSpace: boolean }
  /** The control channel ended: the VMM is gone, or is about to be */
  | { type: 'closed' };

/** Bytes since some moment that may change at any time: a restart of guest or VMM, a device that came or went. */
export interface Traffic {
  /** Which disk or network card this is; the same as long as it is the same one */
  id: string;
  /** From the disk, or from the network into the guest */
  in: number;
  /** To the disk, or from the guest into the network */
  out: number;
}

/** Optional: what the guest moved so far. */
export interface Counters {
  disks(): Promise<Traffic[]>;
  /** May take seconds when it is the guest that has to answer. @throws PhyllomeError `guest-agent-failed` */
  network(): Promise<Traffic[]>;
}

/** Optional: the keyboard of the guest. */
export interface Keyboard {
  /**
   * Presses keys in this order and lets go of them, each for so long; resolves when all are up again.
   * @throws PhyllomeError `key-unsupported`
   */
  press(keys: readonly KeyName[], milliseconds: number): Promise<void>;
}

/** Optional: media change while the machine runs. Drives are counted as in `removable` of its definition. */
export interface Drives {
  /** Puts a medium in, in place of the one that is there. The guest may hold the tray: it is asked, then overruled */
  insert(drive: number, file: string): Promise<void>;
  /** Takes the medium out and closes the empty drive. Nothing happens when it is empty already */
  eject(drive: number): Promise<void>;
  /** Bytes that the guest wrote to a disk since its VMM started; null when there is no such disk */
  bytesWritten(disk: number): Promise<number | null>;
}

/**
 * Optional: disks of a machine that runs, named by the absolute path of the image that is written to now.
 * Throws `vmm-refused` when there is no such disk.
 */
export interface LiveDisks {
  /** Makes a disk larger, and tells the guest where its bus can */
  resize(file: string, bytes: number): Promise<void>;
  /** The most the guest may ask of it from now on; what is left out has no limit */
  limit(file: string, limits: DiskLimits): Promise<void>;
}

/** A file system of the guest that was told to give back what is free. */
export interface TrimmedFileSystem {
  /** As the guest calls it */
  path: string;
  /** Bytes that it gave back; null when it does not say */
  bytes: number | null;
  problem: string | null;
}

/** Bytes of the guest's memory or of the file, whichever is counted. */
export interface MemoryProgress {
  done: number;
  total: number;
}

export interface MemoryOptions {
  /** Ends the work; the guest is then as before it */
  signal: AbortSignal;
  onProgress: (progress: MemoryProgress) => void;
}

/** What a later VMM must know to take a saved memory over. */
type SavedMemory = Omit<Restore, 'file'>;

/** Optional: the guest outlives its VMM. */
export interface Memory {
  /**
   * Writes memory and devices of a paused guest into a file that exists. The VMM then stands still: `resume` goes on with
   * it, and until then nothing of it writes to a disk. After a failure or an abort the guest is paused as it was.
   * @throws PhyllomeError `no-space`, `vmm-refused` when a device cannot be saved, `vmm-gone`
   */
  save(file: string, options: MemoryOptions): Promise<SavedMemory>;
  /**
   * Reads them into a VMM that was started for it (`plan` with `restore`); the guest is then paused, as it was saved.
   * A VMM that does not like the file may end instead.
   */
  load(restore: Restore, options: MemoryOptions): Promise<void>;
  /** Ends what a service that was killed had begun to save. Without that, nothing happens */
  cancel(): Promise<void>;
  /** Something was saved whole since the guest last ran */
  isSaved(): Promise<boolean>;
}

/** A disk of the definition and the image it is to be written to from now on, which rests on the one before. */
interface NewHead {
  /** Index in `disks` */
  disk: number;
  /** As the definition describes it, with the new image as its file */
  image: Disk;
  /** Absolute path of that image */
  file: string;
}

/** Optional: snapshots of disks while the machine runs. */
export interface Heads {
  /** The image that a disk is written to now, by its absolute path; null when there is no such disk */
  current(disk: number): Promise<string | null>;
  /** From now on all of these are written to, in place of those they rest on. All at once, or none of them */
  replace(heads: readonly NewHead[]): Promise<void>;
}

/**
 * A conversation with one living VMM. Every verb throws `vmm-no-answer`, `vmm-refused` or `vmm-gone`. What a VMM
 * cannot do is left out, and `claims` said so.
 */
export interface Session {
  /** UUID of the machine that this VMM runs: the proof that it is the one meant */
  identity(): Promise<string>;
  state(): Promise<VmmState>;
  agentConnected(): Promise<boolean>;
  /** Lets a guest run: after `prelaunch` and after `pause` */
  resume(): Promise<void>;
  pause?(): Promise<void>;
  powerButton?(): Promise<void>;
  /** Left out: the engine ends the VMM and starts it again */
  reset?(): Promise<void>;
  /** Ends the VMM at once; the guest is not asked. Left out: a signal does it */
  quit?(): Promise<void>;
  /** Writes the screen as PNG */
  screenshot?(file: string): Promise<void>;
  counters?: Counters;
  keyboard?: Keyboard;
  drives?: Drives;
  heads?: Heads;
  disks?: LiveDisks;
  /** Asks the guest to give back what is free on its disks. May take minutes. @throws PhyllomeError `guest-agent-failed` */
  trimGuest?(signal: AbortSignal): Promise<TrimmedFileSystem[]>;
  memory?: Memory;
  /** Tells the guest what time it is, after it stood still for long. @throws PhyllomeError `guest-agent-failed` */
  setClock?(): Promise<void>;
  /** Only of guests with encrypted memory: what was measured of them at their start */
  measurement?(): Promise<Measurement>;
  close(): void;
}
