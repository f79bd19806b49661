// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from './errors.ts';

/** A machine's name that passed `checkName`. */
export type MachineName = string;

const maximumLength = 100;
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/**
 * Says why a text cannot be a machine's name, or null when it can.
 *
 * Names never become file names (folders are named by id), so commas, quotes and emoji are fine. Refused is
 * what would confuse a person or a tool: control and direction-changing characters, "/" (it separates
 * addresses), a leading "-" (it would read as an option) and what looks like an id.
 */
export function nameProblem(name: string): string | null {
  if (name === '') return 'it is empty';
  if (Array.from(name).length > maximumLength) return `it has more than ${maximumLength} characters`;
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(name)) return 'it holds a control character or a line break';
  if (/[\u202a-\u202e\u2066-\u2069\ufeff]/u.test(name)) return 'it holds invisible direction marks';
  if (!name.isWellFormed()) return 'it holds half a character';
  if (name !== name.trim()) return 'it begins or ends with a space';
  if (name !== name.normalize('NFC')) return 'it is not in normal form (NFC)';
  if (name.includes('/')) return 'it holds a "/"';
  if (name === '.' || name === '..') return 'it means a folder';
  if (name.startsWith('-')) return 'it begins with "-"';
  if (uuid.test(name)) return 'it looks like the id of a machine';
  return null;
}

/** Returns the name, or throws `name-invalid` with the reason. */
export function checkName(name: string): MachineName {
  const reason = nameProblem(name);
  if (reason !== null) {
    throw new PhyllomeError('name-invalid', { name: JSON.stringify(name.slice(0, 120)), reason });
  }
  return name;
}
