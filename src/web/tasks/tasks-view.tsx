// SPDX-License-Identifier: Apache-2.0
import { Loaded } from '../parts/loaded.tsx';
import { Group } from '../parts/rows.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useTasks } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useText } from '../text/language.ts';
import { arrangeTasks } from './arrange.ts';
import { EndedTask } from './ended-task.tsx';
import { RunningTask } from './running-task.tsx';
import './tasks.css';

/** Long work: what runs, with its progress, and what ended lately. */
export function TasksView() {
  const { tasks: text } = useText();
  const query = useTasks();
  return (
    <>
      <Header title={text.title} />
      <Loaded query={query}>
        {(all) => {
          const { running, ended } = arrangeTasks(all);
          if (all.length === 0)
            return <StatusPage icon="tasks" title={text.empty.title} text={text.empty.text} />;
          return (
            <div className="view">
              {running.length > 0 && (
                <Group title={text.running}>
                  {running.map((task) => (
                    <RunningTask key={task.id} task={task} />
                  ))}
                </Group>
              )}
              {ended.length > 0 && (
                <Group title={text.ended}>
                  {ended.map((task) => (
                    <EndedTask key={task.id} task={task} />
                  ))}
                </Group>
              )}
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
