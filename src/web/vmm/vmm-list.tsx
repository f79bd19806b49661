// SPDX-License-Identifier: Apache-2.0
import type { VmmOverview } from '../../contract/vmm.ts';
import { ReportNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { Command } from '../this-pc/command.tsx';
import { FeatureTable } from './feature-table.tsx';
import { useVmms } from './queries.ts';
import { useVmmText, vmmName } from './words.ts';
import './vmm.css';

/** The VMMs of this PC, how to get those that it lacks, and what each can do. */
export function VmmList() {
  return <Loaded query={useVmms()}>{(vmms) => <Groups vmms={vmms} />}</Loaded>;
}

function Groups({ vmms }: { vmms: readonly VmmOverview[] }) {
  const { list: text } = useVmmText();
  const [own, ...others] = [...Map.groupBy(vmms, ({ architecture }) => architecture)];
  if (own === undefined) return null;
  return (
    <div className="vmm-groups">
      <Group title={text.title} description={text.about}>
        {own[1].map((overview) => (
          <Overview key={overview.vmm} overview={overview} />
        ))}
      </Group>
      <FeatureTable architecture={own[0]} vmms={usable(own[1])} />
      {others.map(([architecture, group]) => (
        <details key={architecture} className="vmm-others">
          <summary>
            <Icon name="forward" />
            {text.of(architecture)}
          </summary>
          <div className="vmm-groups">
            <Group>
              {group.map((overview) => (
                <Overview key={overview.vmm} overview={overview} />
              ))}
            </Group>
            <FeatureTable architecture={architecture} vmms={usable(group)} />
          </div>
        </details>
      ))}
    </div>
  );
}

const usable = (vmms: readonly VmmOverview[]): VmmOverview[] =>
  vmms.filter(({ problem }) => problem === null);

function Overview({ overview }: { overview: VmmOverview }) {
  const text = useVmmText();
  const { vmm, binary, version, problem } = overview;
  return (
    <div>
      <Row
        icon="chip"
        title={vmmName(vmm, text)}
        subtitle={binary ?? text.list.notUsable}
        end={<span className="dim">{version ?? ''}</span>}
      />
      {problem !== null && (
        <details className="vmm-details">
          <summary>{text.list.get}</summary>
          <Problem problem={problem} />
        </details>
      )}
    </div>
  );
}

function Problem({ problem }: { problem: NonNullable<VmmOverview['problem']> }) {
  const command = commandFor(problem);
  return (
    <div className="vmm-problem">
      <ReportNote report={problem} />
      {command !== null && <Command command={command} />}
    </div>
  );
}

/** What helps, as a command; null when it takes more than one. */
function commandFor({ code, facts }: NonNullable<VmmOverview['problem']>): string | null {
  if (code === 'vmm-not-found') return 'phyllome vmms --folder FOLDER';
  const { install } = facts;
  return typeof install === 'string' && install !== '' ? install : null;
}
