// SPDX-License-Identifier: Apache-2.0
import type { Clone } from '../../contract/clone.ts';
import type { Run } from '../context.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';
import { typed } from '../terminal/words.ts';

export const clone: Run = async (context, input) => {
  const { client, output, json } = context;
  const ref = input.argument('NAME');
  const name = input.argument('NEWNAME');
  const snapshot = input.text('snapshot');
  let answer: Clone | undefined;
  const task = await followTask(
    context,
    async () => {
      answer = await client.call('cloneMachine', {
        params: { ref },
        body: {
          name,
          ...(input.flag('full') && { full: true }),
          ...(input.flag('new-tpm') && { newTpm: true }),
          ...(snapshot !== undefined && { snapshot }),
        },
      });
      return answer.task;
    },
    `Stopped. There is no ${name}, and ${ref} is as it was.`,
  );
  if (json) {
    output.json({ ...answer, task });
    return;
  }
  output.say(`${plain(name)} is made from ${plain(ref)}. Start it with: phyllome start ${typed(name)}`);
  for (const note of answer?.notes ?? []) output.say(plain(note));
  if (answer !== undefined) guestLines(answer.guest).forEach((line) => output.say(line));
};

/** What only somebody in the guest can do. */
function guestLines({ text, commands }: Clone['guest']): string[] {
  return ['', plain(text), ...commands.map((command) => `  ${plain(command)}`)];
}
