// SPDX-License-Identifier: Apache-2.0
//
// Reads what the guest says on its serial port, line by line, and keeps how far its installer is.
import { followFile } from '../../host/follow-file.ts';
import { advance, begun, type Milestone, type Standing } from '../../catalog/unattended/progress.ts';

export interface SerialFollower extends AsyncDisposable {
  readonly standing: Standing;
  /** Whether the guest asks for a login */
  readonly login: boolean;
  /** Since when nothing was heard (ms of `now`) */
  readonly heardAt: number;
  /** The last lines that say something, for whoever looks for the reason of a failure */
  lastLines(): string[];
  /** Reads what is there by now */
  settle(): Promise<void>;
}

// What getty writes before it waits; nothing follows it in its line.
const loginPrompt = /(^|[\w.-] )login: ?$/i;
// A line longer than this (bytes) is none of an installer.
const longestLine = 4096;
const keptLines = 200;

/**
 * @param file that the VMM writes; read from its beginning
 * @param changed hears of each new standing
 */
export async function followSerial(
  file: string,
  milestones: readonly Milestone[],
  changed: (standing: Standing) => void,
  now: () => number = Date.now,
): Promise<SerialFollower> {
  const decoder = new TextDecoder();
  let standing = begun;
  let login = false;
  let heardAt = now();
  let rest = '';
  let kept: string[] = [];

  const hear = (bytes: Uint8Array): void => {
    heardAt = now();
    const lines = (rest + decoder.decode(bytes, { stream: true })).split(/\r*\n/);
    rest = (lines.pop() ?? '').slice(-longestLine);
    let next = standing;
    for (const line of lines) next = advance(next, line, milestones);
    kept = [
      ...kept,
      ...lines.filter((line) => line.trim() !== '' && !line.startsWith('@phyllome@ percent')),
    ].slice(-keptLines);
    login ||= loginPrompt.test(rest);
    if (next === standing) return;
    standing = next;
    changed(standing);
  };

  const follower = await followFile(file, Infinity, hear);
  return {
    get standing() {
      return standing;
    },
    get login() {
      return login;
    },
    get heardAt() {
      return heardAt;
    },
    lastLines: () => [...kept, ...(rest.trim() === '' ? [] : [rest])],
    settle: () => follower.close(),
    [Symbol.asyncDispose]: () => follower.close(),
  };
}
