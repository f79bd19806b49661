// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Icon } from '../../parts/icon.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { useText } from '../../text/language.ts';
import { EventsView } from './events-view.tsx';
import { LogLines } from './log-lines.tsx';
import { LogsView } from './logs-view.tsx';
import './log.css';

type View = 'events' | 'logs';

/** What happened to the machine, and what was written about it. */
export function LogTab({ machine }: { machine: Machine }) {
  const { log: text } = useText();
  const [view, setView] = useState<View>('events');
  return (
    <div className="view log">
      <Crash machine={machine} />
      <div>
        <Segmented<View>
          label={text.views.label}
          value={view}
          options={[
            { value: 'events', label: text.views.events },
            { value: 'logs', label: text.views.logs },
          ]}
          onChange={setView}
        />
      </div>
      {view === 'events' ? <EventsView machineId={machine.id} /> : <LogsView machine={machine} />}
    </div>
  );
}

function Crash({ machine: { state } }: { machine: Machine }) {
  const { log: text } = useText();
  if (state.name !== 'crashed') return null;
  return (
    <div className="note bad">
      <Icon name="error" />
      <div className="crash">
        <p>
          <strong>{text.crash.title}</strong>
        </p>
        <p>{state.reason}</p>
        {state.log.length > 0 && (
          <>
            <p className="small dim">{text.crash.log}</p>
            <LogLines label={text.crash.log} lines={state.log} />
          </>
        )}
      </div>
    </div>
  );
}
