// SPDX-License-Identifier: Apache-2.0
import type { PhyllomeEvent } from '../../../contract/event.ts';
import { ReportNote } from '../../parts/error-note.tsx';
import { Icon, type IconName } from '../../parts/icon.tsx';
import { useFormats, useText, type Messages } from '../../text/language.ts';

/** One event as a sentence, with its time; an error with everything that is known of it. */
export function EventRow({ event }: { event: PhyllomeEvent }) {
  const { log: text } = useText();
  const formats = useFormats();
  const { icon, words } = sentenceOf(event, text);
  return (
    <>
      <div className="row">
        <Icon name={icon} />
        <span className="row-text row-title">{words}</span>
        <time className="dim small numeric" dateTime={event.time} title={formats.exactTime(event.time)}>
          {formats.time(event.time)}
        </time>
      </div>
      {event.type === 'machine.error' && (
        <div className="event-error">
          <ReportNote report={event.error} />
        </div>
      )}
    </>
  );
}

interface Sentence {
  icon: IconName;
  words: string;
}

function sentenceOf(event: PhyllomeEvent, text: Messages['log']): Sentence {
  switch (event.type) {
    case 'machine.state':
      return stateSentence(event.state, text);
    case 'machine.notice':
      return { icon: 'info', words: event.text };
    case 'machine.warning':
      return { icon: 'warning', words: event.text };
    case 'machine.error':
      return { icon: 'error', words: text.failed };
    case 'machine.created':
      return { icon: 'plus', words: text.events[event.type] };
    case 'machine.changed':
      return { icon: 'settings', words: text.events[event.type] };
    case 'machine.deleted':
    case 'machine.erased':
      return { icon: 'bin', words: text.events[event.type] };
    case 'machine.restored':
      return { icon: 'up', words: text.events[event.type] };
    case 'machine.ready':
      return { icon: 'check', words: text.events[event.type] };
    case 'machine.reset':
      return { icon: 'reset', words: text.events[event.type] };
    // These are not about one machine, and are not kept with it.
    case 'task.changed':
    case 'images.changed':
    case 'budget.changed':
    case 'access.changed':
    case 'favourite.changed':
    case 'os.changed':
    case 'events.lost':
      return { icon: 'info', words: event.type };
  }
}

type State = Extract<PhyllomeEvent, { type: 'machine.state' }>['state'];

function stateSentence(state: State, text: Messages['log']): Sentence {
  switch (state.name) {
    case 'crashed':
      return { icon: 'error', words: text.crashed(state.reason) };
    case 'paused':
      return {
        icon: 'pause',
        words: state.reason === '' ? text.states.paused : text.pausedBecause(state.reason),
      };
    case 'starting':
    case 'running':
      return { icon: 'play', words: text.states[state.name] };
    case 'stopping':
    case 'stopped':
      return { icon: 'power', words: text.states[state.name] };
    case 'saved':
      return { icon: 'pause', words: text.states.saved };
    case 'broken':
      return { icon: 'warning', words: text.states.broken };
  }
}
