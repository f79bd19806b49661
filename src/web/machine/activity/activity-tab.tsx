// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../../contract/api.ts';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Segmented } from '../../parts/segmented.tsx';
import { useFormats, useText } from '../../text/language.ts';
import { useKept } from '../../parts/use-kept.ts';
import { PlotCard } from './plot-card.tsx';
import { RunsOn } from './runs-on.tsx';
import { spans, spanSeconds } from './spans.ts';
import { usePast } from './use-past.ts';
import './activity.css';

// An idle machine has a flat line at the bottom, not noise over the whole height (bytes a second).
const leastRate = 64 * 1024;

/** What the machine does and did, as plots, and what runs it. */
export function ActivityTab({ machine }: { machine: Machine }) {
  const { activity: text, common } = useText();
  const formats = useFormats();
  const [span, setSpan] = useKept('phyllome-activity-span', spans);
  const seconds = spanSeconds[span];
  const past = usePast(machine.id, seconds);
  const { state, definition } = machine;
  const vcpus = definition?.cpu.vcpus ?? 1;
  const memory = definition?.memory ?? 0;
  const live = machine.run !== null;
  const shared = { past, span: seconds, live, together: `activity-${machine.id}` };
  const rates = { unit: 'bytes', atLeast: leastRate, write: formats.rate } as const;

  return (
    <div className="view wide activity">
      <div className="activity-head">
        <Segmented
          label={text.span}
          value={span}
          options={spans.map((value) => ({ value, label: text.spans[value] }))}
          onChange={setSpan}
        />
        {!live && (
          <p className="dim">
            <Icon name="info" /> {text.notRunning(common.states[state.name], formats.time(state.since))}
          </p>
        )}
      </div>
      <ErrorNote error={past.error} />
      <div className="activity-columns">
        <div className="plots">
          <PlotCard
            {...shared}
            title={text.cpu}
            lines={[{ figure: 'cpu', label: text.cpu, colour: 1 }]}
            unit="number"
            atLeast={vcpus}
            exactTop
            write={(value) => formats.number(value, 2)}
            beside={text.ofProcessors(vcpus, formats.plural(vcpus, text.processors))}
          />
          <PlotCard
            {...shared}
            title={text.memory}
            lines={[{ figure: 'memory', label: text.memory, colour: 4 }]}
            unit="bytes"
            atLeast={memory}
            write={formats.bytes}
            beside={text.guestHas(formats.bytes(memory))}
          />
          <PlotCard
            {...shared}
            {...rates}
            title={text.disks}
            lines={[
              { figure: 'diskRead', label: text.diskRead, colour: 3 },
              { figure: 'diskWrite', label: text.diskWrite, colour: 2 },
            ]}
          />
          <PlotCard
            {...shared}
            {...rates}
            title={text.network}
            lines={[
              { figure: 'networkReceive', label: text.networkReceive, colour: 1 },
              { figure: 'networkSend', label: text.networkSend, colour: 2 },
            ]}
          />
        </div>
        <div className="activity-side">
          <RunsOn machine={machine} />
          {past.notes.length > 0 && (
            <div className="note">
              <Icon name="info" />
              <div>
                {past.notes.map((note) => (
                  <p key={note}>{note}</p>
                ))}
              </div>
            </div>
          )}
          <p className="dim small">{text.about}</p>
        </div>
      </div>
    </div>
  );
}
