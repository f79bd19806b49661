// SPDX-License-Identifier: Apache-2.0
//
// Every name on the disk, in one place. docs/files.md shows the same tree to users; a test keeps them equal.
import { join } from 'node:path';

export interface Paths {
  /** What must never be lost: machines and the bin */
  data: string;
  machines: string;
  /** Deleted machines. Beside `machines`, so that deleting and restoring is one rename on one file system */
  bin: string;
  /** Installation media and disk images that were uploaded or downloaded */
  images: string;
  /** Downloads that are not complete: on the file system of `images`, so that none is copied when it is */
  partial: string;
  /** Keys that sign the certificates of machines' TPMs */
  tpmAuthority: string;
  /** Held by the service that looks after `data` */
  serviceLock: string;
  /** What may be lost without harm to a machine: logs, the token of the page */
  state: string;
  logs: string;
  /** Samples of the machines' load and what happened to them (SQLite) */
  history: string;
  /** What the owner of this PC decided, e.g. how much of it the host keeps */
  settings: string;
  serviceLog: string;
  /** Which machines in the bin were said to be erased soon, and when that was */
  binNotices: string;
  /** Texts of definitions that were refused: what somebody typed is kept */
  edits: string;
  tokenFile: string;
  /** The password of the page, and whether it is on the network */
  access: string;
  /** Browsers that are signed in: hashes of what lets them in */
  sessions: string;
  /** Key and certificate of the page on the network, when we make them */
  pageCertificate: string;
  /** What can be made again: guests we built, answers of the VMMs about themselves */
  cache: string;
  /** Sockets; gone after a reboot */
  runtime: string;
  serviceSocket: string;
  /** Held by the service whose sockets are in `runtime`: it may look after other data than ours */
  runtimeLock: string;
  /** Id of the machine that has the screen of this PC; empty: the host has it */
  screen: string;
  /** Id of the boot for which machines were started by themselves */
  autostarted: string;
  /** Machines that were saved because this PC went down, and go on when it is up again */
  resume: string;
  /** What came of the last look for updates of Phyllome OS */
  osCheck: string;
}

/**
 * What was changed on this PC as root, and how it was before: for all users, written by root only. One folder a step:
 * entry.json (what was done), log (how far it came), saved/ (bytes to put back), kept/ (copies of what an undo replaced).
 */
export const systemJournal = '/var/lib/phyllome/journal';

/** Where root listens to the service on a PC that runs Phyllome OS. */
export const rootSocket = '/run/phyllome-root.sock';

/** Names inside a machine's folder. */
export const machineFiles = {
  definition: 'machine.yaml',
  lock: 'lock',
  disks: 'disks',
  kernel: 'kernel',
  guestKernel: 'kernel/from-disk',
  firmware: 'firmware',
  tpm: 'tpm',
  key: 'key.json',
  saved: 'saved',
  snapshots: 'snapshots',
  currentSnapshot: 'snapshots/current',
  looseLayers: 'snapshots/loose.json',
  reverting: 'snapshots/revert.json',
  beforeSwitch: 'before-switch.yaml',
  switching: 'switch.json',
  diskWork: 'disk-work.json',
  installing: 'install.json',
  installer: 'installer',
} as const;

/** Where everything is, following the XDG base directory specification. Pure: makes nothing. */
export function resolvePaths(env: Readonly<Record<string, string | undefined>>, uid: number): Paths {
  const home = env['HOME'] ?? '/';
  const base = (variable: string, fallback: string): string => {
    const value = env[variable];
    // The specification says that relative paths in these variables must be ignored.
    return join(value?.startsWith('/') === true ? value : fallback, 'phyllome');
  };
  const data = base('XDG_DATA_HOME', join(home, '.local/share'));
  const state = base('XDG_STATE_HOME', join(home, '.local/state'));
  // Without a login session there is no XDG_RUNTIME_DIR; the service refuses the fall-back when it is not ours.
  const runtime =
    env['XDG_RUNTIME_DIR']?.startsWith('/') === true ? base('XDG_RUNTIME_DIR', '') : `/tmp/phyllome-${uid}`;
  return {
    data,
    machines: join(data, 'machines'),
    bin: join(data, 'bin'),
    images: join(data, 'images'),
    partial: join(data, 'images/.partial'),
    tpmAuthority: join(data, 'tpm-authority'),
    serviceLock: join(data, 'service.lock'),
    state,
    logs: join(state, 'logs'),
    history: join(state, 'history.sqlite'),
    settings: join(data, 'settings.json'),
    serviceLog: join(state, 'service.log'),
    binNotices: join(state, 'bin.json'),
    edits: join(state, 'edits'),
    tokenFile: join(state, 'token'),
    access: join(data, 'access.json'),
    sessions: join(state, 'sessions.json'),
    pageCertificate: join(state, 'page-certificate.pem'),
    cache: base('XDG_CACHE_HOME', join(home, '.cache')),
    runtime,
    serviceSocket: join(runtime, 'service.sock'),
    runtimeLock: join(runtime, 'service.lock'),
    screen: join(runtime, 'screen'),
    autostarted: join(runtime, 'autostarted'),
    resume: join(data, 'resume.json'),
    osCheck: join(state, 'os-check.json'),
  };
}

/** Folder for the answers of an installation, beside that of the sockets: it is there before the first of those. */
export function answersDirectory(paths: Paths, id: string): string {
  return join(paths.runtime, `answers-${id.slice(0, 8)}`);
}

/**
 * Folder for the sockets of a running machine. Eight characters of the id keep them below the 107 bytes a
 * unix socket's path may have; no two machines of one PC share them (the store sees to it).
 */
export function runDirectory(paths: Paths, id: string): string {
  return join(paths.runtime, id.slice(0, 8));
}
