// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import type { DoctorReport } from '../../contract/doctor.ts';
import type { FixPlan } from '../../contract/fix.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useFormats, useText } from '../text/language.ts';
import { FindingItem } from './finding-item.tsx';
import { Notes } from './notes.tsx';
import { useDoctor, useFixes } from './queries.ts';
import { TierGroup } from './tier-group.tsx';

/** What is wrong, what could be better and what is right, each with evidence and the next step. */
export function DoctorSection() {
  const doctor = useDoctor();
  const fixes = useFixes().data ?? [];
  return <Loaded query={doctor}>{(report) => <Content report={report} fixes={fixes} />}</Loaded>;
}

function Content({ report, fixes }: { report: DoctorReport; fixes: readonly FixPlan[] }) {
  const { doctor: text } = useText().pc;
  const formats = useFormats();
  const queries = useQueryClient();
  const again = useAction(async () => {
    const all = [keys.host, keys.doctor, keys.fixes];
    await Promise.all(all.map((queryKey) => queries.invalidateQueries({ queryKey }, { throwOnError: true })));
  });
  const good = report.findings.filter(({ severity }) => severity === 'good');
  const others = report.findings.filter(({ severity }) => severity !== 'good');
  const item = (finding: DoctorReport['findings'][number]) => (
    <FindingItem
      key={finding.id}
      finding={finding}
      all={report.findings}
      fix={fixes.find(({ id }) => id === finding.fix)}
    />
  );
  return (
    <>
      <ErrorNote error={again.error} />
      <Group
        title={text.findings}
        end={
          <Button label={text.again} icon="reset" disabled={again.busy} onClick={() => void again.run()} />
        }
      >
        {others.map(item)}
        {good.length > 0 && (
          <details className="finding-goods">
            <summary>{text.goods(formats.number(good.length))}</summary>
            <div className="list">{good.map(item)}</div>
          </details>
        )}
      </Group>
      <TierGroup tiers={report.tiers} />
      <ShareGroup />
      <Notes notes={report.notes} />
    </>
  );
}

function ShareGroup() {
  const { doctor: text } = useText().pc;
  const save = useAction(async () => {
    const report = await call('shareableReport');
    const file = new Blob([JSON.stringify(report, null, 2)], { type: 'application/json' });
    const link = document.createElement('a');
    link.href = URL.createObjectURL(file);
    link.download = 'phyllome-report.json';
    link.click();
    URL.revokeObjectURL(link.href);
  });
  return (
    <Group>
      <Row
        title={text.share}
        subtitle={text.shareAbout}
        end={
          <Button label={text.save} icon="download" disabled={save.busy} onClick={() => void save.run()} />
        }
      />
      {save.error !== null && (
        <div className="row">
          <ErrorNote error={save.error} />
        </div>
      )}
    </Group>
  );
}
