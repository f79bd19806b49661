// SPDX-License-Identifier: Apache-2.0
import { Icon } from '../parts/icon.tsx';
import { useText } from '../text/language.ts';
import type { Step } from './draft.ts';
import { useSetupText } from './setup/words.ts';

/** Where one is on the way through the steps. */
export function StepList({ steps, current }: { steps: readonly Step[]; current: Step }) {
  const { create } = useText();
  const { step: setupName } = useSetupText();
  const index = steps.indexOf(current);
  return (
    <ol className="step-list" aria-label={create.steps.label}>
      {steps.map((step, number) => (
        <li
          key={step}
          data-done={number < index}
          {...(step === current && { 'aria-current': 'step' as const })}
        >
          <span className="step-number" aria-hidden="true">
            {number < index ? <Icon name="check" size={11} /> : number + 1}
          </span>
          <span className="step-label">{step === 'setup' ? setupName : create.steps[step]}</span>
        </li>
      ))}
    </ol>
  );
}
