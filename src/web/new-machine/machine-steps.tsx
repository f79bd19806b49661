// SPDX-License-Identifier: Apache-2.0
import { StepList } from '../parts/step-list.tsx';
import { useText } from '../text/language.ts';
import type { Step } from './draft.ts';
import { useSetupText } from './setup/words.ts';

/** Where one is on the way to a new machine. */
export function MachineSteps({ steps, current }: { steps: readonly Step[]; current: Step }) {
  const { create } = useText();
  const { step: setupName } = useSetupText();
  return (
    <StepList
      label={create.steps.label}
      steps={steps}
      current={current}
      nameOf={(step) => (step === 'setup' ? setupName : create.steps[step])}
    />
  );
}
