// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { freeName } from '../home/order.ts';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { useBudget, useMachines } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useText } from '../text/language.ts';
import { Icon } from '../parts/icon.tsx';
import { useCatalogText } from './catalog/words.ts';
import './catalog/catalog.css';
import {
  emptyDraft,
  lacksFile,
  sizesOf,
  stepOfError,
  steps,
  suggestedName,
  type Draft,
  type Step,
} from './draft.ts';
import { MakingMachine } from './making-machine.tsx';
import { problemOfName } from './name-words.ts';
import './new-machine.css';
import { ReviewStep } from './review-step.tsx';
import { SizeStep } from './size-step.tsx';
import { SourceStep, type Browsing } from './source-step.tsx';
import { StepList } from './step-list.tsx';
import { useCreate } from './use-create.ts';

/** Three steps: what, how big, and a last look in plain words. What was typed is kept on the way back. */
export default function NewMachineView() {
  const { create, common } = useText();
  const [, navigate] = useLocation();
  const form = useId();
  const text = useCatalogText();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [browsing, setBrowsing] = useState<Browsing>({ from: 'catalog', search: '', open: false });
  const [step, setStep] = useState<Step>('what');
  const [isArriving, setArriving] = useState(false);
  const [pressed, setPressed] = useState(false);
  const machines = useMachines();
  const budget = useBudget();
  const making = useCreate((id) => navigate(`/machines/${id}`));
  const change = (changes: Partial<Draft>): void => setDraft((before) => ({ ...before, ...changes }));

  const name = draft.name ?? freeName(suggestedName(draft.source), machines.data ?? []);
  const nameProblem = problemOfName(name, machines.data ?? []);
  const isChosen = draft.source?.kind === (browsing.from === 'file' ? 'file' : 'entry');
  const problem =
    step === 'what' && isArriving
      ? create.what.waitForIt
      : step === 'what' && !isChosen
        ? create.what.nothing
        : step === 'what' && lacksFile(draft.source)
          ? text.bring.needed
          : null;
  // A tile is pressed to go on: there is nothing else to do before one is.
  const isLooking = step === 'what' && browsing.from === 'catalog' && !isChosen;
  const index = steps.indexOf(step);
  const go = (to: Step): void => {
    setPressed(false);
    setStep(to);
  };

  const next = async (): Promise<void> => {
    setPressed(true);
    if (problem !== null) return;
    if (step === 'size' && nameProblem !== null) {
      heading.current?.querySelector<HTMLElement>('[aria-invalid=true]')?.focus();
      return;
    }
    const following = steps[index + 1];
    if (following !== undefined) return go(following);
    if (budget.data === undefined) return;
    const code = await making.run(draft, name, sizesOf(draft, budget.data));
    if (code !== null) go(stepOfError(code));
  };

  const heading = useRef<HTMLDivElement>(null);
  const first = useRef(true);
  useEffect(() => {
    if (first.current) first.current = false;
    else heading.current?.querySelector('h2')?.focus();
  }, [step, browsing.open]);

  return (
    <>
      <Header title={create.title} back="/">
        <StepList current={step} />
      </Header>
      {making.busy || making.madeId !== null ? (
        <MakingMachine making={making} name={name} />
      ) : (
        <form
          id={form}
          className="view new-machine"
          onSubmit={(event) => {
            event.preventDefault();
            void next();
          }}
        >
          <div ref={heading} className="new-machine-step">
            {step === 'what' && (
              <SourceStep
                draft={draft}
                onChange={change}
                browsing={browsing}
                onBrowse={(changes) => setBrowsing((before) => ({ ...before, ...changes }))}
                onArriving={setArriving}
                error={making.error}
                identified={null}
              />
            )}
            {step !== 'what' && (
              <Loaded query={budget}>
                {(loaded) =>
                  step === 'size' ? (
                    <SizeStep
                      draft={draft}
                      onChange={change}
                      budget={loaded}
                      name={name}
                      nameProblem={nameProblem}
                      error={making.error}
                    />
                  ) : (
                    <ReviewStep
                      draft={draft}
                      onChange={change}
                      budget={loaded}
                      name={name}
                      error={making.error}
                    />
                  )
                }
              </Loaded>
            )}
          </div>
          <footer className="new-machine-footer" hidden={isLooking}>
            {pressed && problem !== null && (
              <p className="new-machine-problem" role="alert">
                <Icon name="warning" />
                {problem}
              </p>
            )}
            {index > 0 && <Button label={common.back} onClick={() => go(steps[index - 1] ?? 'what')} />}
            <Button type="submit" kind="suggested" label={step === 'review' ? create.make : common.next} />
          </footer>
        </form>
      )}
    </>
  );
}
