// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { Machine } from '../../../contract/api.ts';
import { Group, Row } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useFormats, useText } from '../../text/language.ts';
import { useVmmText, vmmName } from '../../vmm/words.ts';

/** What runs the machine now. */
export function RunsOn({ machine }: { machine: Machine }) {
  const { activity: text } = useText();
  const vmmText = useVmmText();
  const formats = useFormats();
  const { run } = machine;
  if (run === null) return null;
  const emulated = run.accelerator === 'tcg';
  return (
    <Group title={text.runs.title}>
      <Row
        icon="chip"
        title={text.runs.vmm}
        href={`/machines/${machine.id}/settings`}
        end={<span>{`${vmmName(run.vmm, vmmText)} ${run.version}`}</span>}
      />
      {run.measurement !== undefined && (
        <Row
          icon="shield"
          title={vmmText.measured(vmmText.features[run.measurement.kind])}
          subtitle={
            <>
              {run.measurement.launch !== null && <code className="measured">{run.measurement.launch}</code>}
              <span lang="en">{run.measurement.note}</span>
            </>
          }
        />
      )}
      {machine.lacks !== undefined && (
        <Row
          icon="info"
          title={vmmText.lacks}
          end={<span>{formats.list(machine.lacks.map((lacked) => vmmText.features[lacked]))}</span>}
        />
      )}
      <Row
        icon={emulated ? 'warning' : 'activity'}
        title={text.runs.accelerator}
        subtitle={emulated ? text.runs.emulated : text.runs.native}
        end={<span>{run.accelerator.toUpperCase()}</span>}
      />
      {emulated && <Why machineId={machine.id} />}
      <Row icon="tasks" title={text.runs.pid} end={<span className="numeric">{String(run.pid)}</span>} />
      <Row
        icon="power"
        title={text.runs.since}
        subtitle={formats.ago(run.startedAt)}
        end={<time dateTime={run.startedAt}>{formats.time(run.startedAt)}</time>}
      />
    </Group>
  );
}

/** Why it is emulated, in the words of the planner. */
function Why({ machineId }: { machineId: string }) {
  const { activity: text } = useText();
  const { data } = useQuery({
    queryKey: keys.plan(machineId),
    queryFn: ({ signal }) => call('planMachine', { params: { ref: machineId }, signal }),
  });
  const reason = data?.decisions.find(({ what }) => what.startsWith('accelerator'))?.why;
  if (reason === undefined) return null;
  return (
    <details className="row-details">
      <summary>{text.runs.why}</summary>
      <p className="small">{reason}</p>
    </details>
  );
}
