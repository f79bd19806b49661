// SPDX-License-Identifier: Apache-2.0
import { Link, useLocation } from 'wouter';
import type { MachineSummary } from '../../contract/api.ts';
import { useVerbs } from '../machine/use-verbs.tsx';
import { Button } from '../parts/button.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { useFormats, useText } from '../text/language.ts';
import { CardLoad } from './card-load.tsx';
import { VerbMenu, verbGroups } from '../machine/verb-menu.tsx';
import { CardPicture } from './card-picture.tsx';
import { useSystemName } from './use-system-name.ts';
import type { ThumbnailFeed } from './thumbnail-feed.ts';

interface MachineCardProps {
  machine: MachineSummary;
  pictureHeight: number;
  feed: ThumbnailFeed;
}

/** One machine at a glance. Its name is a link whose area is the whole card. */
export function MachineCard({ machine, pictureHeight, feed }: MachineCardProps) {
  const verbs = useVerbs(machine);
  const systemName = useSystemName();
  const { home } = useText();
  const { id, name, state } = machine;
  return (
    <article className="card machine-card" data-state={state.name}>
      <CardPicture machine={machine} height={pictureHeight} feed={feed} />
      <div className="machine-body">
        <div className="machine-title">
          <h2 className="ellipsis">
            <Link href={`/machines/${id}`} className="machine-link" title={name}>
              <bdi>{name}</bdi>
            </Link>
          </h2>
          <StatePill state={state.name} template={machine.template} />
        </div>
        <p className="small dim ellipsis">{systemName(machine)}</p>
        <div className="machine-facts">
          <Facts machine={machine} />
        </div>
        <div className="machine-buttons">
          <MainButton
            machine={machine}
            onStart={() => verbs.run('start')}
            onResume={() => verbs.run('resume')}
            onClone={() => verbs.run('clone')}
            busy={verbs.busy}
          />
          <VerbMenu
            label={home.menu(name)}
            machine={machine}
            groups={[verbGroups.run, verbGroups.force, verbGroups.copy, verbGroups.keep]}
            onSelect={verbs.run}
            disabled={verbs.busy}
          />
        </div>
      </div>
      {verbs.dialog}
    </article>
  );
}

/** What there is to know now: the load, why it failed, or its size. */
function Facts({ machine }: { machine: MachineSummary }) {
  const { home } = useText();
  const formats = useFormats();
  const { state, vcpus, memory } = machine;
  switch (state.name) {
    case 'running':
    case 'paused':
    case 'stopping':
      return <CardLoad machine={machine} />;
    case 'crashed':
      return <Reason text={state.reason} />;
    case 'broken': {
      const [first = '', ...others] = state.problems;
      return <Reason text={others.length === 0 ? first : `${first} (${home.moreProblems(others.length)})`} />;
    }
    case 'stopped':
    case 'saved':
    case 'starting':
      return (
        <p className="small dim numeric">
          {[
            vcpus !== null && home.processors(vcpus, formats.number(vcpus)),
            memory !== null && formats.bytes(memory),
          ]
            .filter((fact) => fact !== false)
            .join(' · ')}
        </p>
      );
  }
}

function Reason({ text }: { text: string }) {
  return (
    <p className="small machine-reason" title={text}>
      {text}
    </p>
  );
}

interface MainButtonProps {
  machine: MachineSummary;
  busy: boolean;
  onStart(): void;
  onResume(): void;
  onClone(): void;
}

/** The most likely next step. It stays one button, so that the focus stays when the state changes. */
function MainButton({ machine, busy, onStart, onResume, onClone }: MainButtonProps) {
  const { home, common } = useText();
  const [, navigate] = useLocation();
  const { id, name } = machine;
  const open = (tab: string) => () => navigate(`/machines/${id}${tab}`);
  const main = {
    stopped: { label: common.actions.start, icon: 'play', onClick: onStart },
    saved: { label: common.actions.resume, icon: 'play', onClick: onStart },
    crashed: { label: common.actions.start, icon: 'play', onClick: onStart },
    paused: { label: common.actions.resume, icon: 'play', onClick: onResume },
    starting: { label: common.actions.open, icon: 'screen', onClick: open('') },
    running: { label: common.actions.open, icon: 'screen', onClick: open('') },
    stopping: { label: common.actions.open, icon: 'screen', onClick: open('') },
    broken: { label: home.showDefinition, icon: 'edit', onClick: open('/settings') },
  } as const;
  const clone = { label: common.actions.clone, icon: 'copy', onClick: onClone } as const;
  const isBase = machine.template === true && machine.state.name === 'stopped';
  const { label, icon, onClick } = isBase ? clone : main[machine.state.name];
  return (
    <>
      <Button
        label={label}
        icon={icon}
        aria-label={`${label}: ${name}`}
        aria-disabled={busy}
        onClick={onClick}
      />
      {machine.state.name === 'crashed' && (
        <Button label={`${home.showLog}: ${name}`} icon="log" iconOnly onClick={open('/log')} />
      )}
    </>
  );
}
