// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Budget, Claim } from '../../contract/budget.ts';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { SharesBar, type Share } from '../parts/shares-bar.tsx';
import { useBudget } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { ReserveDialog } from './reserve-dialog.tsx';

/** What this PC keeps, what each machine takes, and what is left. */
export function BudgetSection() {
  return <Loaded query={useBudget()}>{(budget) => <Content budget={budget} />}</Loaded>;
}

function Content({ budget }: { budget: Budget }) {
  const { pc, home } = useText();
  const { budget: text } = pc;
  const formats = useFormats();
  const [changing, setChanging] = useState(false);
  const { host, reserve, claims, free } = budget;
  const processors = (count: number): string => home.processors(count, formats.number(count));
  return (
    <>
      <section className="card pc-budget">
        <h2>{text.memory}</h2>
        <SharesBar title={text.memory} shares={memoryShares(budget, formats.bytes, text)} />
        <h2>{text.processors}</h2>
        <SharesBar
          title={text.processors}
          shares={[
            {
              key: 'host',
              label: text.host,
              value: reserve.vcpus,
              text: formats.number(reserve.vcpus),
              look: 'host',
            },
            {
              key: 'free',
              label: text.free,
              value: host.vcpus - reserve.vcpus,
              text: formats.number(host.vcpus - reserve.vcpus),
              look: 'free',
            },
          ]}
        />
        <p className="small dim">{text.sharedInTime}</p>
        <p>{text.next(processors(free.vcpus), formats.bytes(free.memoryBytes))}</p>
        <div>
          <Button label={text.change} onClick={() => setChanging(true)} />
        </div>
      </section>
      <Group title={text.claims}>
        {claims.length === 0 && <p className="row dim">{text.noClaims}</p>}
        {claims.map((claim) => (
          <Row
            key={claim.machineId}
            title={<bdi>{claim.machineName}</bdi>}
            subtitle={text.claim(
              processors(claim.vcpus),
              formats.bytes(claim.memoryBytes),
              formats.bytes(claim.overheadBytes),
            )}
            href={`/machines/${claim.machineId}`}
          />
        ))}
      </Group>
      <Group title={text.enforcement}>
        <p className="row" lang="en">
          {budget.enforcement}
        </p>
      </Group>
      {changing && <ReserveDialog budget={budget} onClose={() => setChanging(false)} />}
    </>
  );
}

// More machines than there are colours take turns with them.
const colours = [1, 3, 2, 4, 6, 5] as const;

const taken = (claim: Claim): number => claim.memoryBytes + claim.overheadBytes;

function memoryShares(
  { host, reserve, claims }: Budget,
  bytes: (value: number) => string,
  text: { host: string; free: string },
): Share[] {
  const left = Math.max(
    0,
    host.memoryBytes - reserve.memoryBytes - claims.reduce((sum, claim) => sum + taken(claim), 0),
  );
  return [
    {
      key: 'host',
      label: text.host,
      value: reserve.memoryBytes,
      text: bytes(reserve.memoryBytes),
      look: 'host',
    },
    ...claims.map((claim, index) => ({
      key: claim.machineId,
      label: claim.machineName,
      value: taken(claim),
      text: bytes(taken(claim)),
      look: colours[index % colours.length] ?? 1,
    })),
    { key: 'free', label: text.free, value: left, text: bytes(left), look: 'free' },
  ];
}
