// SPDX-License-Identifier: Apache-2.0
import type { DoctorReport, Requirement, Tier } from '../../contract/doctor.ts';
import { Icon } from '../parts/icon.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { useText } from '../text/language.ts';

/** What is asked of a PC, as two checklists. */
export function TierGroup({ tiers }: { tiers: DoctorReport['tiers'] }) {
  const { doctor: text } = useText().pc;
  return (
    <>
      {(['minimum', 'recommended'] as const).map((name) => (
        <Group
          key={name}
          title={text.tiers[name]}
          description={text.tiersAbout}
          end={<Met met={tiers[name].met} />}
        >
          {tiers[name].requirements.map((requirement) => (
            <RequirementRow key={requirement.id} requirement={requirement} />
          ))}
        </Group>
      ))}
    </>
  );
}

function RequirementRow({ requirement }: { requirement: Requirement }) {
  const { doctor: text } = useText().pc;
  return (
    <Row
      title={<span lang="en">{requirement.text}</span>}
      subtitle={text.found(requirement.found)}
      end={<Met met={requirement.met} />}
    />
  );
}

function Met({ met }: { met: Tier['met'] }) {
  const { met: words } = useText().pc.doctor;
  if (met === null) return <span className="pill">{words.unknown}</span>;
  return (
    <span className={met ? 'pill good' : 'pill warn'}>
      <Icon name={met ? 'check' : 'close'} size={11} />
      {met ? words.yes : words.no}
    </span>
  );
}
