// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Icon } from '../../parts/icon.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useFormats, useText } from '../../text/language.ts';
import { Forms } from './forms.tsx';
import { PlanView } from './plan-view.tsx';
import { YamlEditor } from './yaml-editor.tsx';
import './settings.css';

type View = 'forms' | 'yaml' | 'plan';

/** What the machine is: as forms, as the text behind them, and what a start would do with it. */
export function SettingsTab({ machine }: { machine: Machine }) {
  const { settings: text } = useText();
  const { definition, id } = machine;
  const views: readonly View[] = definition === null ? ['yaml'] : ['forms', 'yaml', 'plan'];
  const [wanted, setWanted] = useState<View>('forms');
  const view = views.includes(wanted) ? wanted : 'yaml';
  const query = useQuery({
    queryKey: keys.definition(id),
    queryFn: ({ signal }) => call('readDefinition', { params: { ref: id }, signal }),
  });
  return (
    <div className="view settings">
      {views.length > 1 && (
        <div>
          <Segmented<View>
            label={text.views.label}
            value={view}
            options={views.map((name) => ({ value: name, label: text.views[name] }))}
            onChange={setWanted}
          />
        </div>
      )}
      <Broken machine={machine} />
      <Pending machine={machine} />
      {view === 'plan' ? (
        <PlanView machineId={id} />
      ) : (
        <Loaded query={query}>
          {({ yaml, revision }) =>
            view === 'forms' && definition !== null ? (
              <Forms machine={machine} definition={definition} revision={revision} />
            ) : (
              <YamlEditor machine={machine} yaml={yaml} revision={revision} />
            )
          }
        </Loaded>
      )}
    </div>
  );
}

function Broken({ machine: { state } }: { machine: Machine }) {
  const { settings: text } = useText();
  if (state.name !== 'broken') return null;
  return (
    <div className="note bad">
      <Icon name="warning" />
      <div>
        <p>
          <strong>{text.broken}</strong>
        </p>
      </div>
    </div>
  );
}

/** What was saved but is not what runs. */
function Pending({ machine: { pending } }: { machine: Machine }) {
  const { settings: text } = useText();
  const { list } = useFormats();
  if (pending.length === 0) return null;
  const names: Readonly<Record<string, string>> = text.keys;
  return (
    <div className="note warn" role="status">
      <Icon name="info" />
      <div>
        <p>
          <strong>{text.pending(list(pending.map((key) => names[key] ?? key)))}</strong>
        </p>
        <p>{text.pendingHint}</p>
      </div>
    </div>
  );
}
