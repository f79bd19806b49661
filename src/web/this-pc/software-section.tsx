// SPDX-License-Identifier: Apache-2.0
import type { AcceleratorVerdict } from '../../contract/host.ts';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { useHost } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { VmmList } from '../vmm/vmm-list.tsx';
import { Command } from './command.tsx';

/** What runs machines: accelerators, VMMs and tools. */
export function SoftwareSection() {
  const { software } = useText().pc;
  return (
    <Loaded query={useHost()}>
      {(host) => (
        <>
          <Group title={software.accelerators} description={software.acceleratorsAbout}>
            {host.accelerators.map((verdict) => (
              <Accelerator key={verdict.architecture} verdict={verdict} />
            ))}
          </Group>
          <VmmList />
          <Group title={software.tools}>
            {host.tools.map(({ name, path, version, install }) => (
              <div key={name}>
                <Row
                  title={name}
                  subtitle={path ?? software.notInstalled}
                  end={<span className="dim">{version ?? ''}</span>}
                />
                {install !== null && (
                  <div className="install small">
                    <p className="dim">{software.install}</p>
                    <Command command={install} />
                  </div>
                )}
              </div>
            ))}
          </Group>
        </>
      )}
    </Loaded>
  );
}

function Accelerator({ verdict }: { verdict: AcceleratorVerdict }) {
  const { pc } = useText();
  const { software, doctor } = pc;
  const formats = useFormats();
  const { architecture, accelerator, explanation, evidence, probedAt, reason } = verdict;
  const facts: [string, string][] = [
    [software.steps, evidence.steps.join(', ')],
    [software.missing, evidence.missing ?? ''],
    [software.exit, evidence.exitCode === null ? '' : String(evidence.exitCode)],
    [software.signal, evidence.signal ?? ''],
    [software.messages, evidence.messages.join('\n')],
    [software.took, evidence.milliseconds === 0 ? '' : `${formats.number(evidence.milliseconds)} ms`],
  ];
  const known = facts.filter(([, value]) => value !== '');
  return (
    <article className="finding">
      <div className="finding-title">
        <h3>{architecture}</h3>
        <span className={accelerator === 'kvm' ? 'pill good' : 'pill warn'}>
          {accelerator === 'kvm' ? software.kvm : software.tcg}
        </span>
      </div>
      <p lang="en">{explanation}</p>
      {known.length > 0 && (
        <details className="pc-details">
          <summary>{doctor.evidence}</summary>
          <p className="small dim">
            <code>{reason}</code> · {software.probed(formats.ago(probedAt))}
          </p>
          <dl className="evidence small">
            {known.map(([term, value]) => (
              <div key={term}>
                <dt>{term}</dt>
                <dd lang="en">{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}
