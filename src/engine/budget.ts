// SPDX-License-Identifier: Apache-2.0
//
// The budget as the engine lives with it: the settings of the owner, the book of claims, and what holds the limits.
import type { Body } from '../contract/api.ts';
import type { Budget } from '../contract/budget.ts';
import { PhyllomeError } from '../contract/errors.ts';
import { roundSize } from '../contract/size.ts';
import {
  budgetOf,
  guestShare,
  mostVcpus,
  recommend,
  usedBytes,
  type Reserve,
  type Wishes,
} from '../host/budget.ts';
import { freeMemory, hostCapacity, type Capacity } from '../host/capacity.ts';
import { residentBytes } from '../host/identity.ts';
import { plainOverhead } from '../vmm/overhead.ts';
import { createAdmission, type Admission } from './admission.ts';
import type { Enforcement, Share } from './enforcement.ts';
import type { EventStream } from './event-stream.ts';
import type { SettingsFile } from './settings.ts';

export interface Budgeting {
  admission: Admission;
  budget(): Promise<Budget>;
  /** Puts the processes of a machine under the limits of all guests. Never throws */
  place(machineId: string, pids: readonly number[]): Promise<void>;
  /** @throws PhyllomeError `reserve-too-large`, `settings-invalid`, `no-space` */
  setReserve(reserve: Body<'setReserve'>): Promise<Budget>;
  /**
   * What a new machine gets: the wishes of its guest, or a part of this PC, bounded by the budget. Never throws.
   * @returns virtual processors and bytes
   */
  recommendedResources(wishes?: Wishes): { vcpus: number; memoryBytes: number };
}

export interface BudgetingParts {
  events: Pick<EventStream, 'emit'>;
  /** Process of a running machine's VMM */
  pidOf(machineId: string): number | undefined;
  enforcement: Enforcement;
  settings: SettingsFile;
  /** What guests run on here ("kvm", "tcg"): asked when somebody looks at the budget */
  accelerator(): Promise<string>;
  root?: string;
}

// Guests that get less than this cannot start anything.
const leastForGuests = 256 * 2 ** 20;

export function openBudget({
  events,
  pidOf,
  accelerator,
  enforcement,
  settings,
  root = '/',
}: BudgetingParts): Budgeting {
  const capacity = () => hostCapacity(root);
  const reserve = (): Reserve => {
    const { threads, memory } = settings.read().reserve;
    return { threads: threads ?? null, memoryBytes: memory ?? null };
  };
  const changed = (): void => events.emit({ type: 'budget.changed' });
  const admission = createAdmission({
    capacity,
    reserve,
    freeMemory: () => freeMemory(root),
    residentBytes: (id) => {
      const pid = pidOf(id);
      return pid === undefined ? 0 : residentBytes(pid, root);
    },
    onChange: changed,
  });
  // Until somebody knows better, what needs more room.
  let runsOn = 'tcg';
  const overheadOf = (memory: number): number => plainOverhead(memory, runsOn);

  const budget = async (): Promise<Budget> => {
    runsOn = await accelerator();
    return budgetOf({
      capacity: capacity(),
      reserve: reserve(),
      claims: admission.claims(),
      overheadOf,
      enforcement: enforcement.describe(),
    });
  };

  const share = (): Share => {
    const host = capacity();
    const guests = guestShare(host, reserveOrDefault(reserve));
    // What runs already keeps its place, even where the owner has since decided to give less.
    const memoryBytes = Math.max(guests.memoryBytes, usedBytes(admission.claims()));
    // Claims are estimates: half of the reserve is left for their errors before the kernel has to end a machine.
    const slack = Math.max(0, host.memoryBytes - memoryBytes) / 2;
    const wantedVcpus = admission.claims().reduce((sum, { vcpus }) => sum + vcpus, 0);
    return {
      vcpus: guests.vcpus,
      wantedVcpus,
      memoryBytes,
      mostMemoryBytes: memoryBytes + Math.floor(slack),
    };
  };

  return {
    admission,
    budget,
    place: (machineId, pids) => enforcement.place(machineId, pids, share()),
    async setReserve({ vcpus, memoryBytes }) {
      requireRoom(capacity(), { threads: vcpus ?? null, memoryBytes: memoryBytes ?? null });
      await settings.change((before) => ({
        ...before,
        reserve: {
          ...before.reserve,
          ...(vcpus !== undefined && { threads: vcpus }),
          ...(memoryBytes !== undefined && { memory: memoryBytes }),
        },
      }));
      changed();
      await enforcement.limit(share());
      return budget();
    },
    recommendedResources(wishes = {}) {
      const host = capacity();
      const kept = reserveOrDefault(reserve);
      return recommend(wishes, mostVcpus(host, kept), guestShare(host, kept), overheadOf);
    },
  };
}

function requireRoom(host: Capacity, { threads, memoryBytes }: Reserve): void {
  if (threads !== null && threads >= Math.max(2, host.threads))
    throw tooLarge(`${threads} threads`, String(host.threads), 'one');
  if (memoryBytes !== null && memoryBytes > host.memoryBytes - leastForGuests)
    throw tooLarge(roundSize(memoryBytes), roundSize(host.memoryBytes, 'down'), roundSize(leastForGuests));
}

const tooLarge = (reserve: string, host: string, least: string): PhyllomeError =>
  new PhyllomeError('reserve-too-large', { reserve, host, least });

// A machine can be made whatever stands in the settings; a start will say what is wrong with them.
function reserveOrDefault(reserve: () => Reserve): Reserve {
  try {
    return reserve();
  } catch {
    return { threads: null, memoryBytes: null };
  }
}
