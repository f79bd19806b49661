// SPDX-License-Identifier: Apache-2.0
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { Run } from '../context.ts';
import { openEvents } from '../service/events.ts';
import { plain } from '../terminal/output.ts';
import { stateReason, timeText } from '../terminal/words.ts';

export const watch: Run = async ({ client, output, json }) => {
  using feed = await openEvents(client);
  output.note('Watching; Ctrl-C ends.');
  for await (const event of feed) {
    if (json) output.json(event, true);
    else output.say(`${timeText(event.time)}  ${plain(eventText(event))}`);
  }
};

/** An event in one line of plain words. */
export function eventText(event: PhyllomeEvent): string {
  switch (event.type) {
    case 'machine.created':
      return `${event.machineName} was made`;
    case 'machine.changed':
      return `${event.machineName} was changed`;
    case 'machine.deleted':
      return `${event.machineName} was moved to the bin`;
    case 'machine.restored':
      return `${event.machineName} was restored from the bin`;
    case 'machine.erased':
      return `${event.machineName} was erased from the bin`;
    case 'machine.state': {
      const reason = stateReason(event.state);
      return `${event.machineName} is ${event.state.name}${reason === '' ? '' : `: ${reason}`}`;
    }
    case 'machine.ready':
      return `${event.machineName}: the guest is ready`;
    case 'machine.reset':
      return `${event.machineName} was reset`;
    case 'machine.notice':
    case 'machine.warning':
      return `${event.machineName}: ${event.text}`;
    case 'machine.error':
      return `${event.machineName}: ${event.error.message}`;
    case 'task.changed': {
      const { what, state, step, fraction, error } = event.task;
      if (state !== 'running') return `${what}: ${state}${error === null ? '' : `: ${error.message}`}`;
      const percent = fraction === null ? '' : ` ${Math.floor(fraction * 100)} %`;
      return `${what}:${percent} ${step === '' ? 'begun' : step}`;
    }
    case 'images.changed':
      return 'the library of images has changed';
    case 'budget.changed':
      return 'the budget of this PC has changed';
    case 'access.changed':
      return 'who gets at the page of this PC has changed';
    case 'favourite.changed': {
      const { screen } = event.favourite;
      return `the screen of this PC shows ${screen.show === 'host' ? 'the host' : screen.machine.name}`;
    }
    case 'os.changed':
      return 'Phyllome OS has changed: see "phyllome os status"';
    case 'events.lost':
      return 'some events were missed';
  }
}
