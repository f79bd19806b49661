// SPDX-License-Identifier: Apache-2.0
import type { Finding, Severity } from '../../contract/doctor.ts';
import type { FixPlan } from '../../contract/fix.ts';
import { Icon, type IconName } from '../parts/icon.tsx';
import { useFormats, useText } from '../text/language.ts';
import { Command } from './command.tsx';

const looks: Record<Severity, { className: string; icon: IconName }> = {
  problem: { className: 'pill bad', icon: 'error' },
  warning: { className: 'pill warn', icon: 'warning' },
  advice: { className: 'pill accent', icon: 'info' },
  good: { className: 'pill good', icon: 'check' },
};

interface FindingItemProps {
  finding: Finding;
  all: readonly Finding[];
  fix: FixPlan | undefined;
}

/** One finding of the doctor. What it says is in the words of the service, which are English. */
export function FindingItem({ finding, all, fix }: FindingItemProps) {
  const { doctor: text } = useText().pc;
  const formats = useFormats();
  const { severity, title, explanation, evidence, next, causedBy } = finding;
  const { className, icon } = looks[severity];
  const causes = causedBy.map((id) => (all.find((other) => other.id === id)?.title ?? id).replace(/\.$/, ''));
  return (
    <article className="finding">
      <div className="finding-title">
        <h3 lang="en">{title}</h3>
        <span className={className}>
          <Icon name={icon} size={11} />
          {text.severities[severity]}
        </span>
      </div>
      <p lang="en">{explanation}</p>
      {causes.length > 0 && (
        <p className="small dim">
          {text.causedBy} <span lang="en">{formats.list(causes)}</span>
        </p>
      )}
      {next.length > 0 && (
        <div>
          <h4>{text.next}</h4>
          <ol className="finding-steps" lang="en">
            {next.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        </div>
      )}
      {fix !== undefined && <Fix fix={fix} />}
      {evidence.length > 0 && (
        <details className="pc-details">
          <summary>{text.evidence}</summary>
          <dl className="evidence small">
            {evidence.map(({ source, value }) => (
              <div key={`${source} ${value}`}>
                <dt>
                  <code>{source}</code>
                </dt>
                <dd>{value}</dd>
              </div>
            ))}
          </dl>
        </details>
      )}
    </article>
  );
}

function Fix({ fix }: { fix: FixPlan }) {
  const { doctor: text } = useText().pc;
  if (fix.state === 'done') return <p className="small dim">{text.fixDone}</p>;
  if (fix.state === 'refused')
    return (
      <p className="small dim" lang="en">
        {fix.explanation} {fix.next}
      </p>
    );
  return (
    <div className="finding-fix">
      <h4>{text.fix}</h4>
      <p className="small dim">{text.fixAbout}</p>
      <Command command={`phyllome doctor --fix ${fix.id}`} />
      {fix.needsReboot && <p className="small dim">{text.needsReboot}</p>}
      {fix.needsLogin && <p className="small dim">{text.needsLogin}</p>}
      {fix.diff !== '' && (
        <details className="pc-details">
          <summary>{text.diff}</summary>
          {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- the keyboard scrolls it */}
          <pre className="diff" tabIndex={0} aria-label={text.diff}>
            {fix.diff}
          </pre>
        </details>
      )}
    </div>
  );
}
