// SPDX-License-Identifier: Apache-2.0
import type { LackedVerb } from '../contract/vmm.ts';
import type { Endpoints } from '../contract/plan.ts';
import type { Session } from '../vmm/driver.ts';

/**
 * What people cannot do with a running machine because its VMM has no word for it, as its session tells. A reset is
 * never among it: the engine ends such a VMM and starts it again.
 * @param wantsDisplay its definition has a screen; one that has none does not lack it
 */
export function lacksOf(
  session: Partial<Session>,
  { display }: Pick<Endpoints, 'display'>,
  wantsDisplay: boolean,
): LackedVerb[] {
  const missing: Record<LackedVerb, boolean> = {
    display: wantsDisplay && display === null,
    keyboard: session.keyboard === undefined,
    pause: session.pause === undefined,
    save: session.memory === undefined,
    'power-button': session.powerButton === undefined,
    'media-change': session.drives === undefined,
  };
  return (Object.keys(missing) as LackedVerb[]).filter((verb) => missing[verb]);
}
