// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { LaunchPlan, PlannedProcess } from '../../../contract/plan.ts';
import { Loaded } from '../../parts/loaded.tsx';
import { Group, Row } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useText } from '../../text/language.ts';
import { CopyButton } from '../copy-button.tsx';
import { shellCommand } from '../../../contract/shell-quote.ts';

/** What a start would do, step by step, and why. */
export function PlanView({ machineId }: { machineId: string }) {
  const query = useQuery({
    queryKey: keys.plan(machineId),
    queryFn: ({ signal }) => call('planMachine', { params: { ref: machineId }, signal }),
  });
  return <Loaded query={query}>{(plan) => <Plan plan={plan} />}</Loaded>;
}

function Plan({ plan }: { plan: LaunchPlan }) {
  const text = useText().settings.plan;
  const { decisions, directories, files, pipes, tpm, helpers, process, runDirectory, vmm, version } = plan;
  return (
    <>
      <p className="dim">{text.about}</p>
      {decisions.length > 0 && (
        <Group title={text.decisions}>
          {decisions.map(({ what, why }) => (
            <Row key={what} icon="check" title={what} subtitle={why} />
          ))}
        </Group>
      )}
      <Group title={text.processes}>
        {tpm !== undefined && <Process title={text.helper(tpm.process.name)} process={tpm.process} />}
        {helpers.map((helper) => (
          <Process key={helper.name} title={text.helper(helper.name)} process={helper} />
        ))}
        <Process title={text.vmm(vmm, version)} process={process} />
      </Group>
      <Group title={text.files}>
        {files.map(({ what, file, template }) => (
          <Row key={file} icon="log" title={`${what}: ${file}`} subtitle={text.made(template)} />
        ))}
        {pipes.map((path) => (
          <Row key={path} icon="console" title={path} subtitle={text.pipe} />
        ))}
        {directories.map((path) => (
          <Row key={path} icon="folder" title={path} subtitle={text.folder} />
        ))}
        <Row icon="folder" title={runDirectory} subtitle={text.runFolder} />
      </Group>
    </>
  );
}

function Process({ title, process }: { title: string; process: PlannedProcess }) {
  const text = useText().settings.plan;
  const command = shellCommand(process.command);
  return (
    <div className="process">
      <Row
        title={title}
        subtitle={text.log(process.log)}
        icon="tasks"
        end={<CopyButton text={command} label={text.copy(process.name)} />}
      />
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls must be reached by the keyboard */}
      <pre className="command" tabIndex={0} role="region" aria-label={title}>
        {command}
      </pre>
    </div>
  );
}
