// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, useState } from 'react';
import { useLocation } from 'wouter';
import { freeName } from '../home/order.ts';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group } from '../parts/rows.tsx';
import { PartsList } from '../profile/parts-list.tsx';
import { useGuestProfile } from '../profile/use-guest-profile.ts';
import { useBudget, useCatalog, useMachines } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useLanguage, useText } from '../text/language.ts';
import { Icon } from '../parts/icon.tsx';
import { useCatalogText } from './catalog/words.ts';
import './catalog/catalog.css';
import {
  answerFormatOf,
  emptyDraft,
  fileOf,
  guestOf,
  lacksFile,
  requestOf,
  sizesOf,
  stepOfError,
  stepsFor,
  suggestedName,
  type Draft,
  type Step,
} from './draft.ts';
import { Identified } from './identified.tsx';
import { MakingMachine } from './making-machine.tsx';
import { problemOfName } from './name-words.ts';
import './new-machine.css';
import { ReviewStep } from './review-step.tsx';
import { firstAnswers, problemsOf, unattendedFrom, withoutSecrets, type Answers } from './setup/answers.ts';
import { localeOf } from './setup/places.ts';
import { SetupStep } from './setup/setup-step.tsx';
import { SetupWords } from './setup/setup-words.tsx';
import { SizeStep } from './size-step.tsx';
import { SourceStep, type Browsing } from './source-step.tsx';
import { MachineSteps } from './machine-steps.tsx';
import { useCreate } from './use-create.ts';
import { useIdentified } from './use-identified.ts';

/** What, how big, set up, and a last look in plain words. What was typed is kept on the way back. */
export default function NewMachineView() {
  const { create, common } = useText();
  const [, navigate] = useLocation();
  const form = useId();
  const text = useCatalogText();
  const [draft, setDraft] = useState<Draft>(emptyDraft);
  const [browsing, setBrowsing] = useState<Browsing>({ from: 'catalog', search: '', open: false });
  const [step, setStep] = useState<Step>('what');
  const language = useLanguage();
  const [answers, setAnswers] = useState<Answers>(() =>
    firstAnswers(
      localeOf(navigator.languages.find((tag) => tag.startsWith(language)) ?? navigator.language),
      Intl.DateTimeFormat().resolvedOptions().timeZone,
    ),
  );
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
  const file = fileOf(draft.source);
  const identified = useIdentified(file?.file ?? null);
  const known = useCatalog().data?.find(({ id }) => id === identified?.entry) ?? null;
  const format = answerFormatOf(draft.source, identified);
  const profile = useGuestProfile(guestOf(draft.source, identified), null, format !== null && draft.alone);
  const steps = stepsFor(format);
  const index = steps.indexOf(step);
  const alone = format !== null && draft.alone ? format : null;
  const go = (to: Step): void => {
    setPressed(false);
    setStep(to);
  };

  // After the next rendering, which says what is wrong.
  const showProblem = (): void =>
    void requestAnimationFrame(() => {
      const field = heading.current?.querySelector<HTMLElement>('[aria-invalid=true]');
      // A field that is folded away cannot have the focus.
      for (let fold = field?.closest('details'); fold; fold = fold.parentElement?.closest('details'))
        fold.open = true;
      field?.focus();
    });
  const next = async (): Promise<void> => {
    setPressed(true);
    if (problem !== null) {
      // Where a file can be given may be out of sight.
      heading.current?.querySelector<HTMLElement>('.drop-zone button')?.focus();
      return;
    }
    if (step === 'size' && nameProblem !== null) return showProblem();
    if (step === 'setup' && alone !== null && Object.keys(problemsOf(answers, alone)).length > 0)
      return showProblem();
    const following = steps[index + 1];
    if (following !== undefined) return go(following);
    if (budget.data === undefined) return;
    const unattended = alone === null ? null : unattendedFrom(answers, alone, name);
    const request = requestOf(draft, name, sizesOf(draft, budget.data, known), unattended);
    const code = await making.run(request, draft.start, () => setAnswers(withoutSecrets));
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
        <MachineSteps steps={steps} current={step} />
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
                identified={file !== null && <Identified identity={identified} />}
              />
            )}
            {step === 'setup' && format !== null && (
              <SetupStep
                format={format}
                system={
                  draft.source?.kind === 'entry' ? draft.source.entry.id : (identified?.guestOs ?? null)
                }
                isImage={draft.source?.kind === 'entry' && draft.source.medium?.kind === 'cloud-image'}
                isOn={draft.alone}
                onSwitch={(on) => change({ alone: on })}
                answers={answers}
                onAnswer={(changes) => setAnswers((before) => ({ ...before, ...changes }))}
                machineName={name}
                pressed={pressed}
                error={making.error}
              />
            )}
            {(step === 'size' || step === 'review') && (
              <Loaded query={budget}>
                {(loaded) =>
                  step === 'size' ? (
                    <SizeStep
                      draft={draft}
                      known={known}
                      onChange={change}
                      budget={loaded}
                      name={name}
                      nameProblem={nameProblem}
                      error={making.error}
                    />
                  ) : (
                    <ReviewStep
                      draft={draft}
                      known={known}
                      onChange={change}
                      budget={loaded}
                      name={name}
                      setup={
                        format !== null && (
                          <SetupWords answers={alone === null ? null : answers} format={format} name={name} />
                        )
                      }
                      alone={alone !== null}
                      parts={
                        profile !== null && (
                          <Group>
                            <PartsList profile={profile} />
                          </Group>
                        )
                      }
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
