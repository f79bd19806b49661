// SPDX-License-Identifier: Apache-2.0
//
// What holds all guests together to their share of this PC, beyond not letting too many in. The kernel does it where
// we may tell it to; a PC where we may not runs its machines all the same.
import { existsSync } from 'node:fs';
import { reasonOf } from '../contract/errors.ts';
import { openCgroupSlice } from './cgroup-slice.ts';
import { beFoundFirst } from './out-of-memory.ts';
import { makeYield } from './priority.ts';
import { openSystemdSlice } from './systemd-slice.ts';

/** What all guests together may use. */
export interface Share {
  /** Hardware threads */
  vcpus: number;
  /** Virtual processors of all machines that run or start */
  wantedVcpus: number;
  /** Above this the kernel takes memory back from the guests' processes, before anybody else's (bytes) */
  memoryBytes: number;
  /** Above this it ends one of them (bytes) */
  mostMemoryBytes: number;
}

/** A place of the kernel's for processes, with limits for all in it. */
export interface Slice {
  /** Puts limits on the place and makes it when there is none. @returns what the kernel took, in words */
  limit(share: Share): Promise<string>;
  /** Puts the processes of a machine into it. */
  place(machineId: string, pids: readonly number[]): Promise<void>;
}

export interface Enforcement {
  /** In words: how the limits are held */
  describe(): string;
  /** Brings changed limits to the kernel, when there is something to limit. Never throws. */
  limit(share: Share): Promise<void>;
  /** Puts the processes of a starting or running machine under the limits. Never throws. */
  place(machineId: string, pids: readonly number[], share: Share): Promise<void>;
}

export interface EnforcementParts {
  root?: string;
  env: Readonly<Record<string, string | undefined>>;
  uid: number;
}

const byAdmission =
  'Admission only: machines that do not fit are not started, and those beyond the share of processors give way to other programs';

export async function openEnforcement(parts: EnforcementParts): Promise<Enforcement> {
  const reasons: string[] = [];
  const slice =
    (await openSystemdSlice(parts, reasons)) ?? (await openCgroupSlice(parts.root ?? '/', reasons));
  return slice === null ? yielding(reasons) : held(slice);
}

function yielding(reasons: readonly string[]): Enforcement {
  return {
    describe: () => `${byAdmission} (${reasons.join('; ')})`,
    limit: () => Promise.resolve(),
    async place(_, pids, share) {
      beFoundFirst(pids);
      giveWay(pids, share);
    },
  };
}

/**
 * Where nobody holds the limit of processors, machines that together have more than their share of them give way, so
 * that the host still gets what it keeps. Those within the share run at full speed: they cannot take the rest.
 */
function giveWay(pids: readonly number[], share: Share): void {
  if (share.wantedVcpus > share.vcpus) makeYield(pids);
}

const lives = (pid: number): boolean => existsSync(`/proc/${pid}`);

function held(slice: Slice): Enforcement {
  let words = 'The kernel holds the limits once a machine runs';
  let taken = '';
  const attempt = async (work: () => Promise<void>, tell = true): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (tell) words = `${byAdmission} (${reasonOf(error)})`;
      // The next machine finds out whether that lasts.
      taken = '';
      return false;
    }
  };
  const limit = (share: Share): Promise<boolean> =>
    attempt(async () => {
      const wanted = JSON.stringify([share.vcpus, share.memoryBytes, share.mostMemoryBytes]);
      if (wanted === taken) return;
      words = await slice.limit(share);
      taken = wanted;
    });
  return {
    describe: () => words,
    async limit(share) {
      if (taken !== '') await limit(share);
    },
    async place(machineId, pids, share) {
      beFoundFirst(pids);
      const limited = await limit(share);
      // Also where the limits are not taken: a place of its own keeps a machine alive when a session ends.
      const placed = await attempt(() => slice.place(machineId, pids.filter(lives)), limited);
      if (!limited || !placed) giveWay(pids, share);
    },
  };
}
