// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import type { Task } from '../../contract/task.ts';
import { fetchScreenshot } from '../home/fetch-screenshot.ts';
import { createThumbnailFeed } from '../home/thumbnail-feed.ts';
import { useThumbnail } from '../home/use-thumbnail.ts';
import { Button, LinkButton } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { Icon } from '../parts/icon.tsx';
import { call } from '../service/api.ts';
import { AskingNote } from '../tasks/asking-note.tsx';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useText } from '../text/language.ts';
import { useSetupText } from './setup/words.ts';

/** A machine into which a system is being installed: its screen, how far it is, and what one can do meanwhile. */
export function InstallingMachine({ machine, task }: { machine: MachineSummary; task: Task }) {
  const { installing: text } = useSetupText();
  const { create } = useText();
  const [asking, setAsking] = useState(false);
  const { id, name } = machine;
  return (
    <div className="installing">
      <p className="making-title" role="status">
        {text.title(name)}
      </p>
      <Stages current="install" />
      <LivePicture machine={machine} />
      <TaskProgress task={task} />
      <AskingNote task={task} />
      <div className="button-row">
        <LinkButton label={text.look} icon="screen" href={`/machines/${id}`} />
        <LinkButton label={text.background} href="/" />
        <Button label={create.abort} onClick={() => setAsking(true)} />
      </div>
      {asking && (
        <Confirm
          title={text.abortTitle(name)}
          label={create.abort}
          destructive
          work={() => call('abortTask', { params: { id: task.id } })}
          onClose={() => setAsking(false)}
        >
          <p>{text.abortText}</p>
        </Confirm>
      )}
    </div>
  );
}

const stages = ['medium', 'install', 'ready'] as const;

/** Where an installation is on its way. */
function Stages({ current }: { current: (typeof stages)[number] }) {
  const { stages: text } = useSetupText().installing;
  const index = stages.indexOf(current);
  return (
    <ol className="step-list stages" aria-label={text.label}>
      {stages.map((stage, place) => (
        <li key={stage} {...(stage === current && { 'aria-current': 'step' as const })}>
          <span className="step-number" aria-hidden="true">
            {place < index ? <Icon name="check" size={11} /> : place + 1}
          </span>
          {text[stage]}
        </li>
      ))}
    </ol>
  );
}

function LivePicture({ machine }: { machine: MachineSummary }) {
  const { installing: text } = useSetupText();
  const element = useRef<HTMLDivElement>(null);
  const [feed] = useState(() =>
    createThumbnailFeed(fetchScreenshot, () => document.visibilityState === 'visible'),
  );
  const isOn = machine.display && machine.state.name === 'running';
  const url = useThumbnail(feed, machine.id, isOn ? 'live' : 'none', element);
  return (
    <div ref={element} className="installing-picture">
      {url === null ? <Icon name="screen" size={64} /> : <img src={url} alt={text.screenOf(machine.name)} />}
    </div>
  );
}
