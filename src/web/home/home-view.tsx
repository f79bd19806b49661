// SPDX-License-Identifier: Apache-2.0
import { useMemo, useState } from 'react';
import { useLocation } from 'wouter';
import type { MachineSummary } from '../../contract/api.ts';
import type { Task } from '../../contract/task.ts';
import { Button, LinkButton } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useMachines, useTasks } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useFormats, useText } from '../text/language.ts';
import { CreatingCards } from './creating-cards.tsx';
import './home.css';
import { MachineGrid } from './machine-grid.tsx';
import { NoMachines } from './no-machines.tsx';
import { creatingTasks, findMachines, freeName } from './order.ts';
import { RunningSummary } from './running-summary.tsx';
import { SearchField } from './search-field.tsx';
import { useTrial } from './use-trial.ts';

/** All machines as cards. */
export function HomeView() {
  const { home } = useText();
  const machines = useMachines();
  const tasks = useTasks().data ?? [];
  const [search, setSearch] = useState('');
  const isEmpty = machines.data?.length === 0;
  return (
    <>
      <Header
        title={home.title}
        // Where there is no machine, the view itself offers one.
        end={!isEmpty && <LinkButton label={home.newMachine} href="/new" icon="plus" kind="suggested" />}
      >
        {!isEmpty && (
          <div className="home-tools">
            <SearchField value={search} onChange={setSearch} />
            <RunningSummary machines={machines.data ?? []} />
          </div>
        )}
      </Header>
      <div className="view wide home">
        <Loaded query={machines}>
          {(all) => <Machines all={all} tasks={tasks} search={search} onClear={() => setSearch('')} />}
        </Loaded>
      </div>
    </>
  );
}

interface MachinesProps {
  all: readonly MachineSummary[];
  tasks: readonly Task[];
  search: string;
  onClear(): void;
}

function Machines({ all, tasks, search, onClear }: MachinesProps) {
  const { home } = useText();
  const formats = useFormats();
  const [, navigate] = useLocation();
  const trial = useTrial((id) => navigate(`/machines/${id}`));
  const found = useMemo(() => findMachines(all, search, formats.compare), [all, search, formats]);
  const creating = useMemo(() => creatingTasks(tasks, all), [tasks, all]);

  // While the first machine is made and started, its progress stays where it was asked for.
  if (trial.began || (all.length === 0 && creating.length === 0))
    return <NoMachines trial={trial} onTry={() => void trial.run(freeName('tiny', all))} />;
  return (
    <>
      <p className={search === '' ? 'visually-hidden' : 'small dim'} role="status">
        {search === ''
          ? home.count(all.length, formats.number(all.length))
          : home.found(formats.number(found.length), formats.number(all.length))}
      </p>
      <CreatingCards tasks={creating} />
      {found.length > 0 && <MachineGrid machines={found} />}
      {found.length === 0 && search !== '' && (
        <StatusPage icon="search" title={home.noneFound.title} text={home.noneFound.text(search)}>
          <Button label={home.clearSearch} pill onClick={onClear} />
        </StatusPage>
      )}
    </>
  );
}
