// SPDX-License-Identifier: Apache-2.0
import type { Run } from '../context.ts';
import { plain } from '../terminal/output.ts';
import { timeText } from '../terminal/words.ts';
import { eventText } from './watch.ts';

const usualEvents = 100;

export const events: Run = async ({ client, output, json }, input) => {
  const limit = input.number('limit') ?? usualEvents;
  const found = await client.call('machineEvents', {
    params: { ref: input.argument('NAME') },
    query: { limit },
  });
  if (json) output.json(found);
  // The last line is the newest, as in a log.
  else
    for (const event of found.toReversed()) output.say(`${timeText(event.time)}  ${plain(eventText(event))}`);
  if (found.length === 0) output.note('Nothing has happened to it yet.');
};
