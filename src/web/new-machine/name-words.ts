// SPDX-License-Identifier: Apache-2.0
import { nameProblem } from '../../contract/name.ts';

export type NameProblem = 'empty' | 'long' | 'slash' | 'dash' | 'space' | 'other' | 'taken';

/** Why a machine cannot have a name, as a key of the page's own words; null when it can. */
export function problemOfName(name: string, machines: readonly { name: string }[]): NameProblem | null {
  if (nameProblem(name) === null) return machines.some((machine) => machine.name === name) ? 'taken' : null;
  if (name.trim() === '') return 'empty';
  if (Array.from(name).length > 100) return 'long';
  if (name.includes('/')) return 'slash';
  if (name.startsWith('-')) return 'dash';
  return name === name.trim() ? 'other' : 'space';
}
