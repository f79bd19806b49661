// SPDX-License-Identifier: Apache-2.0
//
// What somebody can do whose machine does not fit: each offer is one that would work.
import type { Claim } from '../contract/budget.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import { roundSize } from '../contract/size.ts';
import { claimBytes, largestMemory } from '../host/budget.ts';
import type { Capacity } from '../host/capacity.ts';
import { overheadBytes } from '../vmm/overhead.ts';

const MiB = 2 ** 20;
const GiB = 2 ** 30;
// Less memory than this starts nothing but our own tiny guest, so it is not offered.
const leastOffer = 128 * MiB;
const evenOffer = 64 * MiB;
// A host that keeps less than this cannot even run the service and its page in peace.
const leastReserve = 512 * MiB;
// Names in a sentence; who needs more looks at "phyllome budget".
const mostNames = 3;

export interface Refused {
  definition: MachineDefinition;
  accelerator: string;
  claim: Claim;
  /** Of the other machines */
  others: readonly Claim[];
}

/**
 * @param room.free what there is instead of what the machine needs (bytes)
 * @param room.kept what the host keeps, when keeping less would help
 * @returns facts: `offers` in words, and the same as values for the page
 */
export function memoryOffers(
  { definition, accelerator, claim, others }: Refused,
  room: { free: number; kept: number | null },
) {
  const missing = claimBytes(claim) - room.free;
  const stop = whomToStop(others, missing);
  const shrinkTo = shrunk(definition, accelerator, room.free);
  const lowerTo = room.kept === null ? null : lowered(room.kept, missing);
  const name = quoted(definition.name);
  const offers = [
    stop.length > 0 ? stopText(stop, others.length > 1 && stop.length === 1) : null,
    shrinkTo === null ? null : `give it less: "phyllome set ${name} memory=${exact(shrinkTo)}"`,
    room.kept === null ? 'close programs that use much memory' : null,
    lowerTo === null
      ? null
      : `let this PC keep less for itself: "phyllome budget --reserve-memory ${exact(lowerTo)}"`,
  ].filter((offer) => offer !== null);
  return {
    offers: sentence(offers.length > 0 ? offers : ['run it on a PC with more memory']),
    missingBytes: missing,
    stop: stop.map(({ machineName }) => machineName),
    shrinkToBytes: shrinkTo,
    lowerReserveToBytes: lowerTo,
  };
}

export function processorOffers({ name, cpu }: MachineDefinition, most: number, capacity: Capacity) {
  // A topology has to be changed along with the number it makes.
  const fits =
    cpu.topology === undefined
      ? `give it fewer: "phyllome set ${quoted(name)} cpu.vcpus=${most}"`
      : `give it at most ${most}, in cpu.vcpus and cpu.topology: "phyllome edit ${quoted(name)}"`;
  const cores = Math.floor((capacity.threads - cpu.vcpus) / capacity.threadsPerCore);
  const reserve = `let this PC keep less for itself: "phyllome budget --reserve-cores ${cores}"`;
  return { offers: sentence(cores >= 0 ? [fits, reserve] : [fits]), shrinkToVcpus: most };
}

/** The fewest machines whose end makes room: one, the smallest that is enough, or the largest until it is enough. */
function whomToStop(others: readonly Claim[], missing: number): Claim[] {
  const bySize = others.toSorted((a, b) => claimBytes(b) - claimBytes(a));
  const single = bySize.findLast((claim) => claimBytes(claim) >= missing);
  if (single !== undefined) return [single];
  const chosen: Claim[] = [];
  let freed = 0;
  for (const claim of bySize) {
    if (freed >= missing) break;
    chosen.push(claim);
    freed += claimBytes(claim);
  }
  return freed >= missing ? chosen : [];
}

function stopText(stop: readonly Claim[], oneOfSeveral: boolean): string {
  const bytes = stop.reduce((sum, claim) => sum + claimBytes(claim), 0);
  const names = stop.slice(0, mostNames).map(({ machineName }) => quoted(machineName));
  const more = stop.length > mostNames ? ` and ${stop.length - mostNames} more` : '';
  const which = oneOfSeveral ? ', for example' : '';
  return `stop ${names.join(', ')}${more}${which} (frees ${roundSize(bytes, 'down')})`;
}

function shrunk(definition: MachineDefinition, accelerator: string, free: number): number | null {
  const memory = largestMemory(free, (bytes) => overheadBytes({ ...definition, memory: bytes }, accelerator));
  const even = Math.floor(memory / evenOffer) * evenOffer;
  return even >= leastOffer && even < definition.memory ? even : null;
}

function lowered(kept: number, missing: number): number | null {
  const even = Math.floor((kept - missing) / evenOffer) * evenOffer;
  return even >= leastReserve ? even : null;
}

// Quarters of a GiB are read more easily than thousands of MiB.
const exact = (bytes: number): string =>
  bytes >= GiB && bytes % (GiB / 4) === 0 ? `${bytes / GiB}GiB` : `${bytes / MiB}MiB`;

// The words go through plain() wherever they are shown; here only what a shell would split or expand is quoted.
function quoted(name: string): string {
  return /^[\w.@%+=:,-]+$/.test(name) ? name : `'${name.replaceAll("'", String.raw`'\''`)}'`;
}

function sentence(offers: readonly string[]): string {
  const text =
    offers.length > 1 ? `${offers.slice(0, -1).join('; ')}; or ${offers.at(-1)}` : (offers[0] ?? '');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
