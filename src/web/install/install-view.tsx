// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Button, LinkButton } from '../parts/button.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { StepList } from '../parts/step-list.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import type { InstallOffer } from '../../contract/os-install.ts';
import { call } from '../service/api.ts';
import { Header } from '../shell/header.tsx';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useTask } from '../tasks/use-task.ts';
import { useText } from '../text/language.ts';
import { ConfirmStep } from './confirm-step.tsx';
import { DiskStep } from './disk-step.tsx';
import { DoneStep } from './done-step.tsx';
import {
  answersOf,
  installSteps,
  newDraft,
  problemsOf,
  type InstallDraft,
  type InstallStep,
} from './draft.ts';
import '../new-machine/new-machine.css';
import './install.css';
import { ProtectionStep } from './protection-step.tsx';
import { useInstallText } from './words.ts';
import { YouStep } from './you-step.tsx';

/** From the live system that runs onto a disk of this PC. */
export default function InstallView() {
  const text = useInstallText();
  const offer = useQuery({ queryKey: ['os-disks'], queryFn: ({ signal }) => call('osDisks', { signal }) });
  return (
    <Loaded query={offer}>
      {(found) =>
        found.live ? (
          <Wizard offer={found} onLook={() => void offer.refetch()} />
        ) : (
          <>
            <Header title={text.title} back="/" />
            <StatusPage icon="info" title={text.notLive} text={text.notLiveAbout} />
          </>
        )
      }
    </Loaded>
  );
}

function Wizard({ offer, onLook }: { offer: InstallOffer; onLook(): void }) {
  const text = useInstallText();
  const { common } = useText();
  const [step, setStep] = useState<InstallStep>('disk');
  const [draft, setDraft] = useState(() =>
    newDraft(offer.tpm, Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC'),
  );
  const [recoveryKey, setRecoveryKey] = useState<string | null>(null);
  /** Name of the disk that it is on now; null: none yet */
  const [installedOn, setInstalledOn] = useState<string | null>(null);
  const [wasStopped, setStopped] = useState(false);
  const work = useTask();
  const chosen = offer.disks.find(({ id }) => id === draft.disk);
  const problems = problemsOf(draft, step, chosen);
  const index = installSteps.indexOf(step);
  const change = (part: Partial<InstallDraft>): void => setDraft((now) => ({ ...now, ...part }));

  const install = async (): Promise<void> => {
    setStopped(false);
    const done = await work.run(() => call('osInstall', { body: answersOf(draft) }));
    // What was typed is not needed any more.
    if (done === null) return;
    setRecoveryKey((await call('osRecoveryKey')).recoveryKey);
    setDraft(newDraft(offer.tpm, draft.timezone));
    setInstalledOn(chosen?.name ?? '');
  };

  if (installedOn !== null) return <DoneStep disk={installedOn} recoveryKey={recoveryKey} />;
  if (work.busy)
    return (
      <>
        <Header title={text.running.title} />
        <div className="view install">
          <p>{text.running.stay}</p>
          {work.task !== null && <TaskProgress task={work.task} />}
          <div>
            <Button
              label={text.running.stop}
              kind="destructive"
              onClick={() => {
                setStopped(true);
                void work.abort();
              }}
            />
          </div>
        </div>
      </>
    );
  return (
    <>
      <Header title={text.title} {...(index === 0 && { back: '/' })}>
        <Steps current={step} />
      </Header>
      <form
        className="view install"
        onSubmit={(event) => {
          event.preventDefault();
          if (problems.length > 0) return;
          const next = installSteps[index + 1];
          if (next === undefined) void install();
          else setStep(next);
        }}
      >
        <h2>{titleOf(step, text)}</h2>
        {step === 'disk' && <p className="dim">{text.disk.about}</p>}
        {wasStopped && !work.busy && <p role="status">{text.running.stopped}</p>}
        <ErrorNote error={work.error} />
        {step === 'disk' && (
          <DiskStep
            offer={offer}
            chosen={draft.disk}
            onChoose={(disk) => change({ disk, confirmation: '' })}
            onLook={onLook}
          />
        )}
        {step === 'you' && <YouStep draft={draft} problems={problems} change={change} />}
        {step === 'protection' && (
          <ProtectionStep draft={draft} hasTpm={offer.tpm} problems={problems} change={change} />
        )}
        {step === 'confirm' && chosen !== undefined && (
          <ConfirmStep
            disk={chosen}
            value={draft.confirmation}
            isRight={problems.length === 0}
            onChange={(confirmation) => change({ confirmation })}
          />
        )}
        <div className="button-row install-buttons">
          {index > 0 ? (
            <Button label={common.back} onClick={() => setStep(installSteps[index - 1] ?? 'disk')} />
          ) : (
            <LinkButton label={common.cancel} href="/" />
          )}
          <Button
            label={step === 'confirm' ? text.confirm.go : text.next}
            kind={step === 'confirm' ? 'destructive' : 'suggested'}
            type="submit"
            disabled={problems.length > 0}
          />
        </div>
      </form>
    </>
  );
}

function Steps({ current }: { current: InstallStep }) {
  const { steps } = useInstallText();
  return (
    <StepList label={steps.label} steps={installSteps} current={current} nameOf={(step) => steps[step]} />
  );
}

const titleOf = (step: InstallStep, text: ReturnType<typeof useInstallText>): string => text[step].title;
