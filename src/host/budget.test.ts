// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim } from '../contract/budget.ts';
import { budgetOf, largestMemory, recommend, usedBytes, type BudgetParts } from './budget.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
const nobody = { threads: null, memoryBytes: null };
// An overhead that grows with the memory, as real ones do.
const overheadOf = (memory: number): number => 128 * MiB + Math.ceil(memory / 256);

function budget(
  [threads, threadsPerCore, gib]: readonly [number, number, number],
  parts: Partial<BudgetParts> = {},
) {
  const capacity = { threads, threadsPerCore, memoryBytes: gib * GiB };
  return budgetOf({ capacity, reserve: nobody, claims: [], overheadOf, enforcement: '', ...parts });
}

describe('what guests may use', () => {
  // threads, threads per core, GiB -> guests' threads and GiB, the most one machine may have, recommended
  test.each([
    ['one thread, 1 GiB', [1, 1, 1], [1, 0], 1, [1, 64 * MiB]],
    ['one thread, 2 GiB', [1, 1, 2], [1, 1], 1, [1, 768 * MiB]],
    ['two threads, 4 GiB', [2, 1, 4], [1, 3], 2, [1, 2 * GiB]],
    ['one core with two threads', [2, 2, 4], [1, 3], 2, [1, 2 * GiB]],
    ['four cores, 8 GB', [4, 1, 8], [3, 7], 3, [2, 2 * GiB]],
    ['four cores with two threads each', [8, 2, 8], [6, 7], 6, [3, 2 * GiB]],
    ['eight cores, 16 GB', [8, 1, 16], [7, 15], 7, [3, 3.75 * GiB]],
    ['64 threads', [64, 2, 256], [62, 255], 62, [4, 4 * GiB]],
  ] as const)('%s', (_, pc, [vcpus, gib], most, [recommendedVcpus, recommendedBytes]) => {
    const shown = budget(pc);
    expect(shown.guests).toEqual({ vcpus, memoryBytes: gib * GiB });
    expect(shown.free.vcpus).toBe(most);
    expect(shown.recommended).toEqual({ vcpus: recommendedVcpus, memoryBytes: recommendedBytes });
  });

  test('what the owner decided counts, even nothing and too much', () => {
    const with_ = (threads: number, gib: number) =>
      budget([8, 1, 16], { reserve: { threads, memoryBytes: gib * GiB } });
    expect(with_(2, 4).guests).toEqual({ vcpus: 6, memoryBytes: 12 * GiB });
    expect(with_(0, 0).guests).toEqual({ vcpus: 8, memoryBytes: 16 * GiB });
    // Settings that came from a larger PC.
    expect(with_(32, 64)).toMatchObject({
      guests: { vcpus: 1, memoryBytes: 0 },
      reserve: { vcpus: 7, memoryBytes: 16 * GiB },
      free: { memoryBytes: 0 },
    });
  });

  const pcs = fc.record({
    capacity: fc.record({
      threads: fc.integer({ min: 1, max: 512 }),
      threadsPerCore: fc.constantFrom(1, 2, 4),
      memoryBytes: fc.integer({ min: 1, max: 2 ** 42 }),
    }),
    reserve: fc.record({
      threads: fc.option(fc.integer({ min: 0, max: 1024 })),
      memoryBytes: fc.option(fc.integer({ min: 0, max: 2 ** 43 })),
    }),
    claims: fc.array(
      fc.record({
        machineId: fc.uuid(),
        machineName: fc.string(),
        vcpus: fc.integer({ min: 1, max: 64 }),
        memoryBytes: fc.integer({ min: 16 * MiB, max: 2 ** 38 }),
        overheadBytes: fc.integer({ min: 0, max: GiB }),
      }),
      { maxLength: 5 },
    ),
  });

  test('the parts of any PC add up, and what is said to be free fits', () => {
    fc.assert(
      fc.property(pcs, (pc) => {
        const shown = budgetOf({ ...pc, overheadOf, enforcement: '' });
        const { host, reserve, guests, free } = shown;
        expect(reserve.vcpus + guests.vcpus).toBe(host.vcpus);
        expect(reserve.memoryBytes + guests.memoryBytes).toBe(host.memoryBytes);
        expect(guests.vcpus).toBeGreaterThanOrEqual(1);
        expect(free.vcpus).toBeLessThanOrEqual(host.vcpus);
        const next = free.memoryBytes > 0 ? free.memoryBytes + overheadOf(free.memoryBytes) : 0;
        expect(next).toBeLessThanOrEqual(Math.max(0, guests.memoryBytes - usedBytes(pc.claims)));
      }),
    );
  });

  test('what is recommended can be started on an empty PC, whatever its guest wishes', () => {
    const wishes = fc.record({
      vcpus: fc.option(fc.integer({ min: 1, max: 64 }), { nil: undefined }),
      memoryBytes: fc.option(fc.integer({ min: 16 * MiB, max: 2 ** 38 }), { nil: undefined }),
    });
    fc.assert(
      fc.property(pcs, wishes, (pc, wish) => {
        const { guests, free } = budgetOf({ ...pc, claims: [], overheadOf, enforcement: '' });
        fc.pre(free.memoryBytes >= 64 * MiB);
        const { vcpus, memoryBytes } = recommend(wish, free.vcpus, guests, overheadOf);
        expect(vcpus).toBeGreaterThanOrEqual(1);
        expect(vcpus).toBeLessThanOrEqual(Math.min(free.vcpus, wish.vcpus ?? Infinity));
        expect(memoryBytes).toBeGreaterThanOrEqual(64 * MiB);
        expect(memoryBytes).toBeLessThanOrEqual(free.memoryBytes);
      }),
    );
  });
});

test('a claim takes its overhead as well', () => {
  const claim: Claim = {
    machineId: 'a',
    machineName: 'a',
    vcpus: 2,
    memoryBytes: 2 * GiB,
    overheadBytes: 256 * MiB,
  };
  const shown = budget([4, 1, 8], { claims: [claim] });
  expect(shown.claims).toEqual([claim]);
  // 7 GiB less 2.25 GiB are 4864 MiB: 4717 MiB fit into it with their overhead of 128 + 18.4 MiB.
  expect(shown.free).toEqual({ vcpus: 3, memoryBytes: 4717 * MiB });
});

test.each([
  [0, 0],
  [128 * MiB, 0],
  [-GiB, 0],
  [130 * MiB, MiB],
])('the largest memory in %i bytes is %i', (room, memory) => {
  expect(largestMemory(room, overheadOf)).toBe(memory);
});
