// SPDX-License-Identifier: Apache-2.0
//
// Telling boots and processes apart. A process number says little: after a reboot, or a day of compiling, it belongs
// to somebody else. Together with its start time and the boot it names one process for ever.
import { readdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** A random UUID that the kernel draws at every boot. */
export function bootId(root = '/'): string {
  return readFileSync(join(root, 'proc/sys/kernel/random/boot_id'), 'utf8').trim();
}

/** The name of the user we run as; null when the user stands in no list of users, as in some containers. */
export function userName(): string | null {
  try {
    return userInfo().username;
  } catch {
    return null;
  }
}

/** As `uname -r` says. */
export function kernelRelease(root = '/'): string {
  return readFileSync(join(root, 'proc/sys/kernel/osrelease'), 'utf8').trim();
}

/** When a process started, in clock ticks since the boot (field 22 of /proc/PID/stat); null when it is gone. */
export function processStartTime(pid: number, root = '/'): string | null {
  const fields = statFields(pid, root);
  return fields === null || isDead(fields) ? null : (fields[startTimeField] ?? null);
}

/** Is this still the process that had this number when it was noted? */
export function sameProcess({ pid, startTime }: { pid: number; startTime: string }, root = '/'): boolean {
  return processStartTime(pid, root) === startTime;
}

/** What a process has in memory, shared memory included (bytes); 0 when it is gone. */
export function residentBytes(pid: number, root = '/'): number {
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(readProcess(pid, 'status', root) ?? '')?.[1] ?? 0) * 1024;
}

/** The arguments a process was started with, its name first; empty when it is gone. */
export function commandLine(pid: number, root = '/'): string[] {
  const text = readProcess(pid, 'cmdline', root) ?? '';
  return text === '' ? [] : text.replace(/\0$/, '').split('\0');
}

/**
 * Living processes of this user, other than this one, that name a path in an argument: the VMM and helpers of a run
 * folder. `/run/x/ab` is not named by `/run/x/abc`, but by `path=/run/x/ab/qmp.sock,server=on`.
 */
export function processesMentioning(path: string, root = '/'): number[] {
  const uid = String(process.getuid?.());
  // As it stands, inside JSON, and in QEMU's own option syntax, where a comma is written twice.
  const spellings = new Set([path, JSON.stringify(path).slice(1, -1), path.replaceAll(',', ',,')]);
  const pids = readdirSync(join(root, 'proc')).filter((name) => /^\d+$/.test(name));
  return pids.map(Number).filter((pid) => {
    if (pid === process.pid || ownerOf(pid, root) !== uid) return false;
    const line = commandLine(pid, root);
    return line.some((argument) => [...spellings].some((spelling) => mentions(argument, spelling)));
  });
}

// Not the owner of /proc/PID: that is root for processes that must not be dumped, such as passt.
function ownerOf(pid: number, root: string): string | null {
  return /^Uid:\t(\d+)/m.exec(readProcess(pid, 'status', root) ?? '')?.[1] ?? null;
}

function mentions(argument: string, path: string): boolean {
  const partOfName = /[\p{L}\p{N}._~+-]/u;
  for (let at = argument.indexOf(path); at !== -1; at = argument.indexOf(path, at + 1)) {
    const before = argument[at - 1] ?? '';
    const after = argument[at + path.length] ?? '';
    if (!partOfName.test(before) && before !== '/' && !partOfName.test(after)) return true;
  }
  return false;
}

// The fields behind the name of the process. The name stands in parentheses and may hold anything, parentheses and
// spaces included, but nothing behind it holds one: so the last one ends it. Field 3 of proc(5) is the first here.
const stateField = 0;
const startTimeField = 22 - 3;

/**
 * The fields of /proc/PID/stat from the third of proc(5) on; null when the process is gone.
 */
export function statFields(pid: number, root: string): string[] | null {
  const text = readProcess(pid, 'stat', root);
  return text === null ? null : text.slice(text.lastIndexOf(')') + 2).split(' ');
}

// A zombie is over: it only waits for its parent to ask how it ended.
function isDead(fields: readonly string[]): boolean {
  return fields[stateField] === 'Z' || fields[stateField] === 'X';
}

function readProcess(pid: number, file: string, root: string): string | null {
  try {
    return readFileSync(join(root, 'proc', String(pid), file), 'utf8');
  } catch {
    // Processes come and go while we look, and some do not let us look.
    return null;
  }
}
