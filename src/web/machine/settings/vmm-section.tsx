// SPDX-License-Identifier: Apache-2.0
import { useId, useRef } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { vmmNames } from '../../../contract/machine.ts';
import type { MachineVerdict } from '../../../contract/vmm.ts';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useInSight } from '../../parts/use-in-sight.ts';
import { useFormats } from '../../text/language.ts';
import { useVerdicts } from '../../vmm/queries.ts';
import { Reasons } from '../../vmm/reasons.tsx';
import { useVmmText, vmmName } from '../../vmm/words.ts';
import '../../vmm/vmm.css';
import { useField } from './fields.tsx';
import { MoveRow } from './move-row.tsx';

/** Which VMM runs the machine: chosen at each start, or pinned. Each choice says what it would mean for this machine. */
export function VmmSection({ machine }: { machine: Machine }) {
  const text = useVmmText();
  const { runs } = text;
  const element = useRef<HTMLElement>(null);
  const heading = useId();
  const verdicts = useVerdicts(machine.id, useInSight(element));
  const { value, set, problem } = useField(['vmm']);
  const judged = verdicts.data?.verdicts;
  const best = judged?.find(({ outcome }) => outcome !== 'cannot');
  const takes =
    judged === undefined
      ? runs.autoAbout
      : best === undefined
        ? runs.autoNone
        : runs.autoTakes(vmmName(best.vmm, text));
  return (
    <section ref={element} className="group" aria-labelledby={heading}>
      <header>
        <div>
          <h2 id={heading}>{runs.title}</h2>
          <p className="dim small">{runs.about}</p>
        </div>
      </header>
      <div className="card list" role="radiogroup" aria-labelledby={heading}>
        <Choice
          name={heading}
          label={runs.auto}
          about={takes}
          checked={value === 'auto'}
          onChoose={() => set('auto')}
        />
        {vmmNames.map((vmm) => (
          <Choice
            key={vmm}
            name={heading}
            label={vmmName(vmm, text)}
            about={runs.abouts[vmm]}
            checked={value === vmm}
            onChoose={() => set(vmm)}
            verdict={judged?.find((verdict) => verdict.vmm === vmm) ?? null}
            judging={verdicts.isFetching && judged === undefined}
          />
        ))}
      </div>
      <div className="card list vmm-move">
        <MoveRow machine={machine} />
      </div>
      {problem !== null && <p className="field-problem">{problem}</p>}
      <ErrorNote error={verdicts.error} />
    </section>
  );
}

interface ChoiceProps {
  /** The radio buttons of one group share it */
  name: string;
  label: string;
  about: string;
  checked: boolean;
  onChoose(): void;
  /** null: not known (yet) */
  verdict?: MachineVerdict | null;
  judging?: boolean;
}

function Choice({ name, label, about, checked, onChoose, verdict = null, judging = false }: ChoiceProps) {
  const { runs } = useVmmText();
  const id = useId();
  return (
    <div className="vmm-choice">
      <label className="row">
        <input
          type="radio"
          name={name}
          checked={checked}
          aria-labelledby={`${id}-label`}
          aria-describedby={`${id}-about ${id}-verdict`}
          onChange={onChoose}
        />
        <span className="row-text">
          <span id={`${id}-label`} className="row-title">
            {label}
          </span>
          <span id={`${id}-about`} className="row-subtitle">
            {about}
          </span>
        </span>
        <span id={`${id}-verdict`} className="row-end">
          {judging && <span className="dim small">{runs.judging}</span>}
          {verdict !== null && <Outcome outcome={verdict.outcome} />}
        </span>
      </label>
      {verdict !== null && <VerdictDetails verdict={verdict} />}
    </div>
  );
}

const looks: Record<MachineVerdict['outcome'], { className: string; icon: IconName }> = {
  runs: { className: 'pill good', icon: 'check' },
  'runs-with-losses': { className: 'pill warn', icon: 'partly' },
  cannot: { className: 'pill bad', icon: 'close' },
};

function Outcome({ outcome }: Pick<MachineVerdict, 'outcome'>) {
  const { runs } = useVmmText();
  const { className, icon } = looks[outcome];
  return (
    <span className={className}>
      <Icon name={icon} size={11} />
      {runs.outcomes[outcome]}
    </span>
  );
}

function VerdictDetails({ verdict: { refusals, losses } }: { verdict: MachineVerdict }) {
  const { runs } = useVmmText();
  const formats = useFormats();
  return (
    <>
      {refusals.length > 0 && (
        <details className="vmm-details">
          <summary>{runs.why}</summary>
          <Reasons reasons={refusals} />
        </details>
      )}
      {losses.length > 0 && (
        <details className="vmm-details">
          <summary>{runs.losses(formats.number(losses.length))}</summary>
          <Reasons reasons={losses} />
        </details>
      )}
    </>
  );
}
