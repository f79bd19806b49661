// SPDX-License-Identifier: Apache-2.0
import type { SwitchPlan } from '../../../contract/switch.ts';
import { Icon } from '../../parts/icon.tsx';
import { Group, Row, SwitchRow } from '../../parts/rows.tsx';
import { useFormats } from '../../text/language.ts';
import { Reasons } from '../../vmm/reasons.tsx';
import { useVmmText } from '../../vmm/words.ts';

interface MovePlanProps {
  plan: SwitchPlan;
  start: boolean;
  onStart(start: boolean): void;
}

/** What a move would change, or what keeps the machine from it. */
export function MovePlan({ plan, start, onStart }: MovePlanProps) {
  const { move: text } = useVmmText();
  const formats = useFormats();
  const { changes, disks, refusals, losses, notes } = plan;
  if (refusals.length > 0)
    return (
      <div className="note bad">
        <Icon name="error" />
        <div>
          <p>
            <strong>{text.refused}</strong>
          </p>
          <Reasons reasons={refusals} />
        </div>
      </div>
    );
  return (
    <>
      {losses.length > 0 && (
        <div className="note warn">
          <Icon name="warning" />
          <div>
            <p>
              <strong>{text.losses}</strong>
            </p>
            <Reasons reasons={losses} />
          </div>
        </div>
      )}
      {disks.length > 0 && (
        <Group title={text.disks} description={text.disksAbout}>
          {disks.map(({ file, copy, bytes }) => (
            <Row
              key={file}
              icon="disk"
              title={`${file} → ${copy}`}
              end={<span>{formats.bytes(bytes)}</span>}
            />
          ))}
        </Group>
      )}
      <Group title={text.changes}>
        {changes.length === 0 && <Row title={text.nothing} />}
        {changes.map(({ key, before, after }) => (
          <Row
            key={key}
            title={<code>{key}</code>}
            subtitle={before === '' ? after : `${before} → ${after === '' ? text.removed : after}`}
          />
        ))}
      </Group>
      {notes.map((note) => (
        <p key={note} className="small dim" lang="en">
          {note}
        </p>
      ))}
      <Group>
        <SwitchRow title={text.start.label} subtitle={text.start.about} value={start} onChange={onStart} />
      </Group>
    </>
  );
}
