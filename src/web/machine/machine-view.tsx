// SPDX-License-Identifier: Apache-2.0
import { lazy, useEffect, useRef } from 'react';
import { Link, useLocation } from 'wouter';
import type { Machine } from '../../contract/api.ts';
import { Button } from '../parts/button.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { StatePill } from '../parts/state-pill.tsx';
import { useConnection } from '../service/context.ts';
import { useMachine } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useText } from '../text/language.ts';
import { isAllowed, isLacking } from './allowed.ts';
import { ActivityTab } from './activity/activity-tab.tsx';
import { InstallingStrip } from './installing-strip.tsx';
import { LogTab } from './log/log-tab.tsx';
import { SettingsTab } from './settings/settings-tab.tsx';
import { useVerbs } from './use-verbs.tsx';
import { VerbMenu, verbGroups } from './verb-menu.tsx';
import './machine.css';

// noVNC and xterm.js are large, and only needed here; what keeps machines is for later moments, too.
const ScreenTab = lazy(() => import('./screen/screen-tab.tsx'));
const SnapshotsTab = lazy(() => import('./snapshots/snapshots-tab.tsx'));
const ConsoleTab = lazy(() => import('./console/console-tab.tsx'));

type Tab = 'screen' | 'console' | 'activity' | 'snapshots' | 'settings' | 'log';
const icons: Record<Tab, IconName> = {
  screen: 'screen',
  console: 'console',
  activity: 'activity',
  snapshots: 'history',
  settings: 'settings',
  log: 'log',
};

/** One machine: its screen first, or its settings when it cannot have one. */
export default function MachineView({ id, tab }: { id: string; tab: string | undefined }) {
  const query = useMachine(id);
  const connection = useConnection();
  const [, navigate] = useLocation();
  useEffect(
    () =>
      connection.listen((event) => {
        if (event.type === 'machine.deleted' && event.machineId === id) navigate('/');
      }),
    [connection, id, navigate],
  );
  return <Loaded query={query}>{(machine) => <Content machine={machine} tab={tab} />}</Loaded>;
}

function Content({ machine, tab }: { machine: Machine; tab: string | undefined }) {
  const { machine: text, common } = useText();
  const { id, name, state, definition } = machine;
  const verbs = useVerbs(machine);
  const { actions } = common;

  const tabs: Tab[] = [
    ...(machine.display ? (['screen'] as const) : []),
    ...(definition?.serialPorts === 1 ? (['console'] as const) : []),
    'activity',
    'snapshots',
    'settings',
    'log',
  ];
  const current =
    tabs.find((known) => known === tab) ?? (state.name === 'broken' ? 'settings' : (tabs[0] ?? 'settings'));

  // In a narrow window the tabs scroll, and the current one is to be seen.
  const switcher = useRef<HTMLElement>(null);
  useEffect(() => {
    switcher.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest', inline: 'center' });
  }, [current]);

  return (
    <>
      <Header
        title={name}
        back="/"
        beside={<StatePill state={state.name} template={machine.template} />}
        end={
          <>
            {isAllowed('start', state.name) && machine.template === true && (
              <Button
                label={actions.clone}
                icon="copy"
                kind="suggested"
                disabled={verbs.busy}
                onClick={() => verbs.run('clone')}
              />
            )}
            {isAllowed('start', state.name) && machine.template !== true && (
              <Button
                label={state.name === 'saved' ? actions.resume : actions.start}
                icon="play"
                kind="suggested"
                disabled={verbs.busy}
                onClick={() => verbs.run('start')}
              />
            )}
            {isAllowed('resume', state.name) && (
              <Button
                label={actions.resume}
                icon="play"
                kind="suggested"
                onClick={() => verbs.run('resume')}
              />
            )}
            {isAllowed('pause', state.name) && (
              <Button
                label={actions.pause}
                icon="pause"
                iconOnly
                kind="flat"
                {...(isLacking('pause', machine) && { reason: common.lacking })}
                onClick={() => verbs.run('pause')}
              />
            )}
            {isAllowed('save', state.name) && (
              <Button
                label={actions.save}
                icon="save"
                iconOnly
                kind="flat"
                disabled={verbs.busy}
                onClick={() => verbs.run('save')}
              />
            )}
            {isAllowed('powerOff', state.name) && (
              <Button
                label={actions.powerOff}
                icon="power"
                iconOnly
                kind="flat"
                {...(isLacking('powerOff', machine) && { reason: common.lacking })}
                onClick={() => verbs.run('powerOff')}
              />
            )}
            <VerbMenu
              label={common.more}
              machine={machine}
              groups={[verbGroups.force, verbGroups.copy, verbGroups.keep]}
              onSelect={verbs.run}
            />
          </>
        }
      >
        <nav ref={switcher} className="switcher" aria-label={text.tabs.label}>
          {tabs.map((known) => (
            <Link
              key={known}
              href={`/machines/${id}/${known}`}
              replace
              {...(known === current && { 'aria-current': 'page' as const })}
            >
              <Icon name={icons[known]} />
              {text.tabs[known]}
            </Link>
          ))}
        </nav>
      </Header>
      {(current === 'screen' || current === 'console') && <InstallingStrip machine={machine} tab={current} />}
      <TabContent tab={current} machine={machine} onStart={() => verbs.run('start')} />
      {verbs.dialog}
    </>
  );
}

function TabContent({ tab, machine, onStart }: { tab: Tab; machine: Machine; onStart(): void }) {
  switch (tab) {
    case 'screen':
      return <ScreenTab machine={machine} onStart={onStart} />;
    case 'console':
      return <ConsoleTab machine={machine} onStart={onStart} />;
    case 'activity':
      return <ActivityTab machine={machine} />;
    case 'snapshots':
      return <SnapshotsTab machine={machine} />;
    case 'settings':
      return <SettingsTab machine={machine} />;
    case 'log':
      return <LogTab machine={machine} />;
  }
}
