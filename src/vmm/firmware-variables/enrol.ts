// SPDX-License-Identifier: Apache-2.0
import { certificatesOf } from './secure-boot.ts';
import { missingSuccessors, withSuccessors, type Certificates } from './microsoft.ts';
import { readVariables } from './variable-store.ts';
import { writeVariables } from './write-variables.ts';

// The most that firmware with a small and with a large flash takes for one variable (PcdMaxAuthVariableSize of OVMF).
const mostInSmall = 0x2800;
const mostInLarge = 0x8400;
const largeStore = 256 * 2 ** 10 - 2 ** 10;

export interface Enrolled {
  /** The changed volume; null when nothing was missing */
  volume: Buffer | null;
  /** Names of the certificates that came */
  added: string[];
}

/**
 * Gives a volume Microsoft's certificates of 2023 wherever it has those of 2011. Pure.
 * @returns a sentence without its end when that is not possible
 */
export function enrolMicrosoft(volume: Buffer, certificates: Certificates): Enrolled | string {
  const store = readVariables(volume);
  if (store === null) return 'no firmware has written to it yet';
  if (typeof store === 'string') return store;
  const present = certificatesOf(store.variables);
  if (typeof present === 'string') return present;
  const missing = missingSuccessors(present);
  if (missing.length === 0) return { volume: null, added: [] };
  const variables = withSuccessors(store.variables, missing, certificates);
  const most = store.size < largeStore ? mostInSmall : mostInLarge;
  const tooLong = variables.find(
    (variable, index) => variable.data.length > most && variable !== store.variables[index],
  );
  if (tooLong !== undefined) return `${tooLong.name} would be longer than the firmware takes`;
  const changed = writeVariables(volume, store, variables);
  if (typeof changed === 'string') return changed;
  return { volume: changed, added: missing.map(({ name }) => name) };
}
