// SPDX-License-Identifier: Apache-2.0
import type { VmmOverview } from '../../contract/vmm.ts';
import { ReportNote } from '../parts/error-note.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { Command } from '../this-pc/command.tsx';
import { FeatureTable } from './feature-table.tsx';
import { useVmms } from './queries.ts';
import { useVmmText, vmmName } from './words.ts';
import './vmm.css';

/** The VMMs of this PC, how to get those that it lacks, and what each can do. */
export function VmmList() {
  const { list: text } = useVmmText();
  return (
    <Loaded query={useVmms()}>
      {(vmms) => (
        <>
          {[...Map.groupBy(vmms, ({ architecture }) => architecture)].map(([architecture, group], index) => (
            <div key={architecture} className="vmm-group">
              <Group
                title={index === 0 ? text.title : text.of(architecture)}
                {...(index === 0 && { description: text.about })}
              >
                {group.map((overview) => (
                  <Overview key={overview.vmm} overview={overview} />
                ))}
              </Group>
              <FeatureTable vmms={group.filter(({ problem }) => problem === null)} />
            </div>
          ))}
        </>
      )}
    </Loaded>
  );
}

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
        <details className="pc-details vmm-details">
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
