// SPDX-License-Identifier: Apache-2.0
import { Icon } from './icon.tsx';

interface StepListProps<Step extends string> {
  label: string;
  steps: readonly Step[];
  current: Step;
  nameOf: (step: Step) => string;
}

/** Where one is on the way through the steps. */
export function StepList<Step extends string>({ label, steps, current, nameOf }: StepListProps<Step>) {
  const index = steps.indexOf(current);
  return (
    <ol className="step-list" aria-label={label}>
      {steps.map((step, number) => (
        <li
          key={step}
          data-done={number < index}
          {...(step === current && { 'aria-current': 'step' as const })}
        >
          <span className="step-number" aria-hidden="true">
            {number < index ? <Icon name="check" size={11} /> : number + 1}
          </span>
          <span className="step-label">{nameOf(step)}</span>
        </li>
      ))}
    </ol>
  );
}
