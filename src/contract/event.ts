// SPDX-License-Identifier: Apache-2.0
import { Type, type Static } from './schema.ts';
import { ErrorReportSchema } from './error-report.ts';
import { Favourite } from './favourite.ts';
import { MachineState } from './state.ts';
import { Task } from './task.ts';

const stamp = {
  id: Type.Integer({
    description: 'Counts up by one; what a client gives as Last-Event-ID to hear what it missed',
  }),
  time: Type.String({ description: 'ISO 8601, UTC' }),
};
const machine = { machineId: Type.String(), machineName: Type.String() };

/** The one ordered stream that the page, "phyllome watch" and every other listener reads (GET /events). */
export const PhyllomeEvent = Type.Union(
  [
    Type.Object({ type: Type.Literal('machine.created'), ...stamp, ...machine }),
    Type.Object({ type: Type.Literal('machine.changed'), ...stamp, ...machine }),
    Type.Object({ type: Type.Literal('machine.deleted'), ...stamp, ...machine }),
    Type.Object({ type: Type.Literal('machine.restored'), ...stamp, ...machine }),
    Type.Object(
      { type: Type.Literal('machine.erased'), ...stamp, ...machine },
      { description: 'It was in the bin, and is gone for good' },
    ),
    Type.Object({ type: Type.Literal('machine.state'), ...stamp, ...machine, state: MachineState }),
    Type.Object({ type: Type.Literal('machine.ready'), ...stamp, ...machine }),
    Type.Object({ type: Type.Literal('machine.reset'), ...stamp, ...machine }),
    Type.Object({ type: Type.Literal('machine.notice'), ...stamp, ...machine, text: Type.String() }),
    Type.Object({ type: Type.Literal('machine.warning'), ...stamp, ...machine, text: Type.String() }),
    Type.Object({ type: Type.Literal('machine.error'), ...stamp, ...machine, error: ErrorReportSchema }),
    Type.Object({ type: Type.Literal('task.changed'), ...stamp, task: Task }),
    Type.Object(
      { type: Type.Literal('images.changed'), ...stamp },
      { description: 'An image came into the library or left it' },
    ),
    Type.Object(
      { type: Type.Literal('budget.changed'), ...stamp },
      { description: 'The reserve, or what a machine claims, is another' },
    ),
    Type.Object(
      { type: Type.Literal('access.changed'), ...stamp },
      { description: 'The password, the page on the network, or the browsers that are signed in are others' },
    ),
    Type.Object(
      { type: Type.Literal('favourite.changed'), ...stamp, favourite: Favourite },
      { description: 'Another machine is the favourite, or the screen of this PC shows something else' },
    ),
    Type.Object(
      { type: Type.Literal('os.changed'), ...stamp },
      { description: 'Versions, updates or the channel of Phyllome OS are others' },
    ),
    Type.Object(
      { type: Type.Literal('events.lost'), ...stamp },
      { description: 'The stream could not be continued where the client left it: load everything again' },
    ),
  ],
  { title: 'PhyllomeEvent' },
);
export type PhyllomeEvent = Static<typeof PhyllomeEvent>;

/** An event before the stream gave it its number and time. */
export type EventBody = PhyllomeEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'id' | 'time'>
    : never
  : never;
