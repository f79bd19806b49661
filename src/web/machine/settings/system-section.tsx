// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { English } from '../../parts/english.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { PartsList } from '../../profile/parts-list.tsx';
import { useProfileText } from '../../profile/words.ts';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';

/** What runs in the machine, which parts suit it and why, and what it wants that the machine has not. */
export default function SystemSection({ machineId }: { machineId: string }) {
  const text = useProfileText();
  const { data } = useQuery({
    queryKey: keys.machineProfile(machineId),
    queryFn: ({ signal }) => call('machineProfile', { params: { ref: machineId }, signal }),
  });
  if (data === undefined) return null;
  return (
    <Group title={text.settingsTitle}>
      <Row icon="disc" title={text.recognised} end={data.name} />
      {data.shortcomings.map((sentence) => (
        <div key={sentence} className="row">
          <Icon name="warning" />
          <span className="row-text">
            <span className="row-title">{text.wants}</span>
            <br />
            <span className="row-subtitle">
              <English>{sentence}</English>
            </span>
          </span>
        </div>
      ))}
      <PartsList profile={data} />
    </Group>
  );
}
