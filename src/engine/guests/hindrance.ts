// SPDX-License-Identifier: Apache-2.0
import { reasonOf } from '../../contract/errors.ts';
import type { Runner } from '../runner.ts';

/** Why a machine cannot be saved now, as far as that shows before it is tried; null: it can. */
export function hindranceOf({ state, notes, plan, session }: Runner): string | null {
  if (notes.definition?.throwAway === true) return 'it is there for one run';
  if (notes.definition?.encryption !== undefined)
    return 'its disks are encrypted, and its memory would be written as it is';
  if (state.name === 'stopping') return 'it is shutting down already';
  if (state.name === 'starting') return 'it is only starting';
  try {
    if (session().memory === undefined) return `${plan?.vmm ?? 'its VMM'} cannot save machines`;
  } catch (error) {
    return reasonOf(error);
  }
  return null;
}
