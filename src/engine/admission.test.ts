// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Claim } from '../contract/budget.ts';
import { parseDefinition } from '../contract/definition.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { claimBytes, guestShare, usedBytes } from '../host/budget.ts';
import { claimOf, claimOfRun, createAdmission, type Admission, type AdmissionParts } from './admission.ts';
import type { RunFile } from './run-file.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;

/** A PC with four cores and 8 GB of which nothing else is used. */
function admission(parts: Partial<AdmissionParts> = {}): Admission {
  return createAdmission({
    capacity: () => ({ threads: 4, threadsPerCore: 1, memoryBytes: 8 * GiB }),
    freeMemory: () => ({ availableBytes: 8 * GiB, swapBytes: 0 }),
    reserve: () => ({ threads: null, memoryBytes: null }),
    residentBytes: () => 0,
    onChange: () => {},
    ...parts,
  });
}

function machine(name: string, memory: number | string, more: object = {}): MachineDefinition {
  const id = `${Buffer.from(name.padEnd(4, '-')).toString('hex').slice(0, 8)}-1111-4111-8111-111111111111`;
  return parseDefinition({
    formatVersion: 1,
    id,
    name,
    architecture: 'x86_64',
    memory,
    boot: { type: 'uefi' },
    ...more,
  });
}

function refusal(work: () => unknown): PhyllomeError {
  try {
    work();
  } catch (error) {
    if (error instanceof PhyllomeError) return error;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('memory', () => {
  test('the last place is given once', () => {
    const book = admission();
    book.admit(machine('a', '4GiB'), 'kvm');
    expect(refusal(() => book.admit(machine('b', '4GiB'), 'kvm')).code).toBe('budget-memory');
    book.release(machine('a', 0 + 16 * MiB).id);
    book.admit(machine('b', '4GiB'), 'kvm');
    expect(book.claims().map(({ machineName }) => machineName)).toEqual(['b']);
  });

  test('7 GiB for guests of an 8 GB PC are less what their VMM takes', () => {
    expect(refusal(() => admission().admit(machine('a', '7GiB'), 'kvm')).facts).toMatchObject({
      memory: '7 GiB',
      guests: '7 GiB',
    });
    admission().admit(machine('a', '6.75GiB'), 'kvm');
    expect(refusal(() => admission().admit(machine('a', '6.75GiB'), 'tcg')).code).toBe('budget-memory');
  });

  test('a refusal has the numbers and what would help', () => {
    const book = admission();
    book.admit(machine('web', '1GiB', { display: { type: 'none' } }), 'kvm');
    book.admit(machine('my db', '3GiB', { display: { type: 'none' } }), 'kvm');
    const { message, hint, facts } = refusal(() => book.admit(machine('desk', '4GiB'), 'kvm'));
    expect(message).toBe(
      'desk needs 4.12 GiB of memory (4 GiB and 116 MiB for its VMM), but of the 7 GiB that guests may use on this PC 2.85 GiB is left.',
    );
    expect(hint).toBe(
      'Stop \'my db\', for example (frees 3.07 GiB); or give it less: "phyllome set desk memory=2752MiB".',
    );
    expect(facts).toMatchObject({ stop: ['my db'], lowerReserveToBytes: null });
    // Each offer would work.
    const shrunk = { ...machine('desk', '4GiB'), memory: facts['shrinkToBytes'] as number };
    book.admit(shrunk, 'kvm');
  });

  test('a little too much is helped by a smaller reserve, and several machines may have to stop', () => {
    const book = admission();
    for (const name of ['a', 'b', 'c']) book.admit(machine(name, '2GiB'), 'kvm');
    const { hint } = refusal(() => book.admit(machine('d', '896MiB'), 'kvm'));
    expect(hint).toBe(
      'Stop c, for example (frees 2.1 GiB); give it less: "phyllome set d memory=576MiB"; or let this PC keep less for itself: "phyllome budget --reserve-memory 704MiB".',
    );
    expect(refusal(() => book.admit(machine('e', '4GiB'), 'kvm')).facts['stop']).toEqual(['a', 'b']);
  });

  test('what can never fit says so', () => {
    const small = admission({ capacity: () => ({ threads: 1, threadsPerCore: 1, memoryBytes: GiB }) });
    expect(refusal(() => small.admit(machine('a', '1GiB', { cpu: { vcpus: 1 } }), 'kvm')).hint).toBe(
      'Run it on a PC with more memory.',
    );
  });
});

test('every offer would work', () => {
  const sizes = fc.integer({ min: 64, max: 7 * 1024 }).map((mib) => mib * MiB);
  let offered = 0;
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 8 }), sizes, (others, wanted) => {
      const setUp = (memoryBytes: number, leaveOut: readonly string[] = []) => {
        const book = admission({ reserve: () => ({ threads: null, memoryBytes }) });
        others.forEach((memory, index) => {
          const { machineName, ...claim } = claimOf(machine(`m${index}`, memory), 'kvm');
          if (!leaveOut.includes(machineName)) book.readmit({ machineName, ...claim });
        });
        return book;
      };
      let facts: PhyllomeError['facts'];
      try {
        setUp(GiB).admit(machine('new', wanted), 'kvm');
        return;
      } catch (error) {
        ({ facts } = error as PhyllomeError);
      }
      const { stop, shrinkToBytes, lowerReserveToBytes } = facts as {
        stop: string[];
        shrinkToBytes: number | null;
        lowerReserveToBytes: number | null;
      };
      offered += 1;
      if (stop.length > 0) setUp(GiB, stop).admit(machine('new', wanted), 'kvm');
      if (shrinkToBytes !== null) setUp(GiB).admit(machine('new', shrinkToBytes), 'kvm');
      if (lowerReserveToBytes !== null) setUp(lowerReserveToBytes).admit(machine('new', wanted), 'kvm');
    }),
  );
  expect(offered).toBeGreaterThan(20);
});

const free = (availableBytes: number, swapBytes = 0) => ({
  freeMemory: () => ({ availableBytes, swapBytes }),
});

describe('memory that other programs use', () => {
  test('a start that would run the PC out of memory is refused', () => {
    const { code, message, hint } = refusal(() =>
      admission(free(1.5 * GiB, 0.25 * GiB)).admit(machine('a', '2GiB'), 'kvm'),
    );
    expect(code).toBe('memory-in-use');
    expect(message).toContain('only 1.75 GiB can be had');
    expect(hint).toBe(
      'Give it less: "phyllome set a memory=1664MiB"; or close programs that use much memory.',
    );
  });

  test('one that swap can bear is warned of', () => {
    const { warning } = admission(free(1.5 * GiB, 2 * GiB)).admit(machine('a', '2GiB'), 'kvm');
    expect(warning).toContain('which may take 2.11 GiB');
    expect(warning).toContain('1.5 GiB can be had without');
    expect(admission(free(2.5 * GiB)).admit(machine('a', '2GiB'), 'kvm').warning).toBe(null);
  });

  test('what running machines were promised and have not touched yet is not free', () => {
    const parts = free(5 * GiB);
    const untouched = admission(parts);
    untouched.admit(machine('a', '4GiB'), 'kvm');
    expect(refusal(() => untouched.admit(machine('b', '2GiB'), 'kvm')).code).toBe('memory-in-use');
    const touched = admission({ ...parts, residentBytes: () => 4 * GiB });
    touched.admit(machine('a', '4GiB'), 'kvm');
    touched.admit(machine('b', '2GiB'), 'kvm');
  });
});

describe('processors', () => {
  test('a machine has at most what guests may use; several together may have more', () => {
    const book = admission();
    const { message, hint } = refusal(() => book.admit(machine('a', '1GiB', { cpu: { vcpus: 4 } }), 'kvm'));
    expect(message).toBe(
      'a has 4 processors, but a machine may have at most 3 on this PC: it keeps 1 of its 4 threads.',
    );
    expect(hint).toBe(
      'Give it fewer: "phyllome set a cpu.vcpus=3"; or let this PC keep less for itself: "phyllome budget --reserve-cores 0".',
    );
    const cpu = { vcpus: 4, topology: { sockets: 1, cores: 2, threads: 2 } };
    expect(refusal(() => book.admit(machine('a', '1GiB', { cpu }), 'kvm')).hint).toContain(
      'Give it at most 3, in cpu.vcpus and cpu.topology: "phyllome edit a"',
    );
    for (const name of ['a', 'b', 'c']) book.admit(machine(name, '1GiB', { cpu: { vcpus: 3 } }), 'kvm');
  });

  test.each([
    [1, 1],
    [2, 2],
    [3, 2],
    [4, 3],
  ])('a PC with %i threads gives a machine up to %i', (threads, most) => {
    const book = admission({ capacity: () => ({ threads, threadsPerCore: 1, memoryBytes: 8 * GiB }) });
    book.admit(machine('a', '1GiB', { cpu: { vcpus: most } }), 'kvm');
    expect(() => book.admit(machine('b', '1GiB', { cpu: { vcpus: most + 1 } }), 'kvm')).toThrow(
      `at most ${most} on`,
    );
  });
});

test('the reserve is never handed out, whatever the order of starts, stops, failures and adoptions', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  const sizes = fc.integer({ min: 16, max: 6 * 1024 }).map((mib) => mib * MiB);
  const step = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('start'), who: fc.constantFrom(...names), size: sizes }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('end'), who: fc.constantFrom(...names), size: sizes }),
    },
    // A service that is killed forgets its book; the next one books what it finds running.
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('adopt'), who: fc.constantFrom(...names), size: sizes }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constant('keep'), who: fc.constantFrom(...names), size: sizes }),
    },
  );
  let admitted = 0;
  let refused = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.constantFrom('kvm', 'tcg'), (steps, accelerator) => {
      let memoryBytes = GiB;
      const capacity = { threads: 4, threadsPerCore: 1, memoryBytes: 8 * GiB };
      const parts = {
        capacity: () => capacity,
        freeMemory: () => ({ availableBytes: 64 * GiB, swapBytes: 0 }),
        reserve: () => ({ threads: null, memoryBytes }),
      };
      let book = admission(parts);
      const running = new Map<string, Claim>();
      for (const { do: what, who, size } of steps) {
        const definition = machine(who, size);
        const share = () => guestShare(capacity, { threads: null, memoryBytes }).memoryBytes;
        const used = () => usedBytes([...running.values()]);
        if (what === 'start' && !running.has(definition.id)) {
          const fits = claimBytes(claimOf(definition, accelerator)) + used() <= share();
          try {
            running.set(definition.id, book.admit(definition, accelerator).claim);
            admitted += 1;
            // Never one that does not fit, ...
            expect(used()).toBeLessThanOrEqual(share());
          } catch (error) {
            if (!(error instanceof PhyllomeError)) throw error;
            refused += 1;
            // ... and never refused one that does.
            expect(fits).toBe(false);
          }
        } else if (what === 'end') {
          book.release(definition.id);
          running.delete(definition.id);
        } else if (what === 'adopt') {
          book = admission(parts);
          for (const claim of running.values()) book.readmit(claim);
        } else if (what === 'keep') {
          // The owner lets the PC keep more, or less, while machines run.
          memoryBytes = size;
        }
        expect(book.claims().toSorted(byId)).toEqual([...running.values()].toSorted(byId));
      }
    }),
    { numRuns: 300 },
  );
  expect(admitted).toBeGreaterThan(100);
  expect(refused).toBeGreaterThan(20);
});

const byId = (a: Claim, b: Claim): number => a.machineId.localeCompare(b.machineId);

describe('what an earlier service started', () => {
  const definition = machine('a', '2GiB');
  const plan = { machine: { id: definition.id, name: 'a' }, accelerator: 'kvm' } as RunFile['plan'];
  const run = { bootId: '', startedAt: '', plan, vmm: { pid: process.pid, startTime: '' } };

  test('claims what it was given, though its definition has changed', () => {
    const claim = claimOf(machine('a', '1GiB'), 'kvm');
    expect(claimOfRun({ ...run, claim }, definition)).toEqual(claim);
  });

  test('started by a service that noted nothing, it claims what its definition says, or what it has', () => {
    expect(claimOfRun(run, definition)).toEqual(claimOf(definition, 'kvm'));
    expect(claimOfRun(run, null)).toMatchObject({ machineName: 'a', vcpus: 1 });
    expect(claimOfRun(run, null).memoryBytes).toBeGreaterThan(10 * MiB);
  });
});
