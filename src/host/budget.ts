// SPDX-License-Identifier: Apache-2.0
//
// The budget: what of this PC its guests may use. Pure arithmetic; who is let in is decided in admission.ts.
import type { Budget, Claim } from '../contract/budget.ts';
import type { Capacity } from './capacity.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** What the host keeps; null where its owner decided nothing. */
export interface Reserve {
  /** Hardware threads */
  threads: number | null;
  memoryBytes: number | null;
}

/** One core and 1 GiB: what a host needs to stay usable, and what the mission grants it. */
const defaultReserve = { cores: 1, memoryBytes: GiB } as const;

export interface BudgetParts {
  capacity: Capacity;
  reserve: Reserve;
  claims: readonly Claim[];
  /** What a plain machine with so much memory takes beyond it (bytes) */
  overheadOf(memoryBytes: number): number;
  enforcement: string;
}

/**
 * What guests may use, what they use, and what is left.
 *
 * Memory is never promised twice: all claims, overhead included, stay within the guests' share. Processors are shared
 * in time, so they are not used up; how much of them all guests together get is a matter of enforcement.
 */
export function budgetOf({ capacity, reserve, claims, overheadOf, enforcement }: BudgetParts): Budget {
  const guests = guestShare(capacity, reserve);
  const host = { vcpus: capacity.threads, memoryBytes: capacity.memoryBytes };
  const left = Math.max(0, guests.memoryBytes - usedBytes(claims));
  const most = mostVcpus(capacity, reserve);
  return {
    host,
    threadsPerCore: capacity.threadsPerCore,
    reserve: { vcpus: host.vcpus - guests.vcpus, memoryBytes: host.memoryBytes - guests.memoryBytes },
    guests,
    claims: [...claims],
    free: { vcpus: most, memoryBytes: largestMemory(left, overheadOf) },
    recommended: recommend({}, most, guests, overheadOf),
    enforcement,
  };
}

/** What all guests together may use. They always get one thread, also of a PC that has only that one. */
export function guestShare(capacity: Capacity, reserve: Reserve): Budget['guests'] {
  const threads = reserve.threads ?? defaultReserve.cores * capacity.threadsPerCore;
  const memory = reserve.memoryBytes ?? defaultReserve.memoryBytes;
  return {
    vcpus: Math.max(1, capacity.threads - threads),
    memoryBytes: Math.max(0, capacity.memoryBytes - memory),
  };
}

// What Windows 11 asks for, and what definitions that say nothing have.
const twoProcessors = 2;

/**
 * How many processors one machine may have: the guests' share, since more only wait for each other. On the smallest
 * PCs two nevertheless where there are two threads: they share the time of one.
 */
export function mostVcpus(capacity: Capacity, reserve: Reserve): number {
  return Math.max(guestShare(capacity, reserve).vcpus, Math.min(twoProcessors, capacity.threads));
}

export function usedBytes(claims: readonly Claim[]): number {
  return claims.reduce((sum, claim) => sum + claimBytes(claim), 0);
}

/** Everything a machine takes of the memory. */
export function claimBytes(claim: Pick<Claim, 'memoryBytes' | 'overheadBytes'>): number {
  return claim.memoryBytes + claim.overheadBytes;
}

/** The largest memory, in whole MiB, that fits into `room` bytes together with its overhead, which only grows. */
export function largestMemory(room: number, overheadOf: (memoryBytes: number) => number): number {
  let [fits, tooMuch] = [0, Math.floor(room / MiB) + 1];
  while (tooMuch - fits > 1) {
    const middle = Math.floor((fits + tooMuch) / 2);
    if (middle * MiB + overheadOf(middle * MiB) <= room) fits = middle;
    else tooMuch = middle;
  }
  return fits * MiB;
}

/** What a guest would like; left out where its makers say nothing. */
export interface Wishes {
  vcpus?: number | undefined;
  memoryBytes?: number | undefined;
}

// For a guest of which nothing is known: a desktop starts in 2 GiB and is at ease in 4.
const generic = { vcpus: [2, 4], memoryBytes: [2 * GiB, 4 * GiB] } as const;
const smallestMemory = 64 * MiB;
const memoryStep = 256 * MiB;

/**
 * What a new machine gets: what its guest recommends, or a part of this PC, and never more than a machine may have.
 * Machines that run now do not count: a machine is made for longer than for today.
 */
export function recommend(
  wishes: Wishes,
  most: number,
  guests: Budget['guests'],
  overheadOf: (memoryBytes: number) => number,
): Budget['recommended'] {
  const vcpus = wishes.vcpus ?? Math.min(clamp(Math.floor(guests.vcpus / 2), generic.vcpus), guests.vcpus);
  const memory = wishes.memoryBytes ?? clamp(roundDown(guests.memoryBytes / 4), generic.memoryBytes);
  const largest = largestMemory(guests.memoryBytes, overheadOf);
  // Nobody wants 2887 MiB: what has to be cut is cut to an even size, where that leaves anything.
  const even = roundDown(largest) || largest;
  return {
    vcpus: Math.min(vcpus, most),
    memoryBytes: Math.max(memory <= largest ? memory : even, smallestMemory),
  };
}

const roundDown = (bytes: number): number => Math.floor(bytes / memoryStep) * memoryStep;

const clamp = (value: number, [least, most]: readonly [number, number]): number =>
  Math.min(Math.max(value, least), most);
