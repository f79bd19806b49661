// SPDX-License-Identifier: Apache-2.0
import type { MachineSummary } from '../../contract/api.ts';
import { useBudget } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';

/** How many machines run, and what of the memory for guests they have. */
export function RunningSummary({ machines }: { machines: readonly MachineSummary[] }) {
  const { home } = useText();
  const formats = useFormats();
  const budget = useBudget().data;
  const { length } = machines;
  if (budget === undefined || budget.claims.length === 0)
    return <p className="small dim">{home.count(length, formats.number(length))}</p>;
  const count = budget.claims.length;
  const memory = budget.claims.reduce((sum, claim) => sum + claim.memoryBytes + claim.overheadBytes, 0);
  return (
    <p className="small dim">
      {home.count(length, formats.number(length))}
      {' · '}
      {home.running(formats.number(count), formats.bytes(memory), formats.bytes(budget.guests.memoryBytes))}
    </p>
  );
}
