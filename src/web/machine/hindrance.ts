// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import type { StateName } from '../../contract/state.ts';
import { useTasks } from '../service/queries.ts';
import { useText } from '../text/language.ts';

/** In which states something can be asked of a machine; the service has the last word (engine/lifecycle.ts). */
export const possibleWhile = {
  off: ['stopped', 'crashed'],
  offOrRunning: ['stopped', 'crashed', 'running'],
  offOrLive: ['stopped', 'crashed', 'running', 'paused'],
  settled: ['stopped', 'crashed', 'running', 'paused', 'saved'],
} as const satisfies Record<string, readonly StateName[]>;

/** Why something cannot be done with a machine now, in words with what to do about it; null: it can. */
export type Hindrance = (states: readonly StateName[]) => string | null;

/** One piece of work at a time, only in some states, and hardly anything with a template. */
export function useHindrance(
  { id, state, template }: Pick<MachineSummary, 'id' | 'state' | 'template'>,
  { templates = false }: { templates?: boolean } = {},
): Hindrance {
  const { not } = useText().machine;
  const work = useTasks().data?.find((task) => task.machineId === id && task.state === 'running');
  return (states) => {
    if (work !== undefined) return not.busy(work.what);
    if (template === true && !templates) return not.template;
    return states.includes(state.name) ? null : not.states[state.name];
  };
}
