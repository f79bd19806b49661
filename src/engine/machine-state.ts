// SPDX-License-Identifier: Apache-2.0
import type { MachineState, StateName } from '../contract/state.ts';
import type { ProcessExit } from '../vmm/driver.ts';

/** What is known of a state besides its name; each state shows the part that concerns it. */
export interface StateDetails {
  /** When it began; now, when left out */
  since?: string;
  ready?: boolean;
  reason?: string;
  log?: string[];
  bytes?: number;
}

export function machineState(name: StateName, details: StateDetails = {}): MachineState {
  const { since = new Date().toISOString(), ready = false, reason = '', log = [], bytes = 0 } = details;
  switch (name) {
    case 'running':
      return { name, since, ready };
    case 'paused':
      return { name, since, reason };
    case 'crashed':
      return { name, since, reason, log };
    case 'saved':
      return { name, since, bytes };
    case 'broken':
      return { name, since, problems: [reason] };
    case 'stopped':
    case 'starting':
    case 'stopping':
      return { name, since };
  }
}

/** Why a VMM is gone that nobody ended, in words. null: it was not our child, so nobody could tell us. */
export function crashReason(vmm: string, exit: ProcessExit | null): string {
  if (exit === null) return `The VMM (${vmm}) ended unexpectedly.`;
  if (exit.signal !== null) return `The VMM (${vmm}) was ended by ${exit.signal}.`;
  return `The VMM (${vmm}) ended by itself with code ${exit.code}.`;
}
