// SPDX-License-Identifier: Apache-2.0
//
// Who may start: the book of what running and starting machines claim of this PC. A claim is made in one step that
// nobody can come between, so two starts at once cannot both have the last place.
import type { Claim } from '../contract/budget.ts';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { roundSize } from '../contract/size.ts';
import { claimBytes, guestShare, mostVcpus, usedBytes, type Reserve } from '../host/budget.ts';
import type { Capacity, FreeMemory } from '../host/capacity.ts';
import { overheadBytes } from '../vmm/overhead.ts';
import { residentBytes } from '../host/identity.ts';
import { memoryOffers, processorOffers } from './budget-offers.ts';
import type { RunFile } from './run-file.ts';

export interface Admission {
  /**
   * Claims what a machine needs, until it is released.
   * @param accelerator what it will run on: TCG needs more memory
   * @returns the claim, and a warning when it fits only because other programs can be swapped out
   * @throws PhyllomeError `budget-memory`, `budget-processors`, `memory-in-use`, `settings-invalid`
   */
  admit(definition: MachineDefinition, accelerator: string): { claim: Claim; warning: string | null };
  /** Books what runs already, whether it fits or not: it cannot be undone. */
  readmit(claim: Claim): void;
  release(machineId: string): void;
  claims(): Claim[];
}

export interface AdmissionParts {
  /** What the host has; asked at every start, since a PC can gain and lose memory and processors */
  capacity(): Capacity;
  /** What is free at this moment */
  freeMemory(): FreeMemory;
  /** @throws PhyllomeError `settings-invalid` */
  reserve(): Reserve;
  /** What the processes of a running machine have in memory now (bytes) */
  residentBytes(machineId: string): number;
  /** Called when a claim was made or released */
  onChange(): void;
}

export function createAdmission(parts: AdmissionParts): Admission {
  const claims = new Map<string, Claim>();
  const book = (claim: Claim): void => {
    claims.set(claim.machineId, claim);
    parts.onChange();
  };

  /** What running machines were promised and have not touched yet: it looks free, but is not. */
  const promised = (): number =>
    [...claims.values()].reduce(
      (sum, claim) => sum + Math.max(0, claimBytes(claim) - parts.residentBytes(claim.machineId)),
      0,
    );

  return {
    admit(definition, accelerator) {
      const capacity = parts.capacity();
      const reserve = parts.reserve();
      const claim = claimOf(definition, accelerator);
      requireProcessors(definition, capacity, reserve);
      // A machine cannot be in its own way.
      const others = [...claims.values()].filter(({ machineId }) => machineId !== claim.machineId);
      const guests = guestShare(capacity, reserve);
      const free = guests.memoryBytes - usedBytes(others);
      const need = claimBytes(claim);
      const request = { definition, accelerator, claim, others };
      if (need > free) {
        const kept = capacity.memoryBytes - guests.memoryBytes;
        throw new PhyllomeError('budget-memory', {
          ...factsOf(claim),
          guests: roundSize(guests.memoryBytes, 'down'),
          free: roundSize(free, 'down'),
          ...memoryOffers(request, { free, kept }),
        });
      }
      const { availableBytes, swapBytes } = parts.freeMemory();
      const available = availableBytes - promised();
      if (need > available + swapBytes) {
        throw new PhyllomeError('memory-in-use', {
          ...factsOf(claim),
          available: roundSize(available + swapBytes, 'down'),
          ...memoryOffers(request, { free: available + swapBytes, kept: null }),
        });
      }
      book(claim);
      return { claim, warning: need > available ? swapWarning(need, available) : null };
    },
    readmit: book,
    release(machineId) {
      if (claims.delete(machineId)) parts.onChange();
    },
    claims: () => [...claims.values()],
  };
}

/** What a machine takes of the budget. */
export function claimOf(definition: MachineDefinition, accelerator: string): Claim {
  return {
    machineId: definition.id,
    machineName: definition.name,
    vcpus: definition.cpu.vcpus,
    memoryBytes: definition.memory,
    overheadBytes: overheadBytes(definition, accelerator),
  };
}

/** What a machine takes that an earlier service started. */
export function claimOfRun({ plan, claim, vmm }: RunFile, definition: MachineDefinition | null): Claim {
  if (claim !== undefined) return claim;
  if (definition !== null) return claimOf(definition, plan.accelerator);
  // Started by a service that noted no claims, and its folder was taken away: what it has now is all we know.
  const memoryBytes = vmm === null ? 0 : residentBytes(vmm.pid);
  return {
    machineId: plan.machine.id,
    machineName: plan.machine.name,
    vcpus: 1,
    memoryBytes,
    overheadBytes: 0,
  };
}

function requireProcessors(definition: MachineDefinition, capacity: Capacity, reserve: Reserve): void {
  const { name, cpu } = definition;
  const most = mostVcpus(capacity, reserve);
  if (cpu.vcpus <= most) return;
  throw new PhyllomeError('budget-processors', {
    name,
    vcpus: cpu.vcpus,
    most,
    threads: capacity.threads,
    reserve: capacity.threads - guestShare(capacity, reserve).vcpus,
    ...processorOffers(definition, most, capacity),
  });
}

const factsOf = (claim: Claim) => ({
  name: claim.machineName,
  needs: roundSize(claimBytes(claim)),
  memory: roundSize(claim.memoryBytes),
  overhead: roundSize(claim.overheadBytes),
  needsBytes: claimBytes(claim),
});

const swapWarning = (need: number, available: number): string =>
  `Other programs use so much memory that this machine, which may take ${roundSize(need)}, will push some of them into swap: ${roundSize(available, 'down')} can be had without. The PC may become slow; close programs that you do not need.`;
