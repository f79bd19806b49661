// SPDX-License-Identifier: Apache-2.0
//
// What the commands for disks have in common.
import { parseSize } from '../../contract/size.ts';
import type { Task } from '../../contract/task.ts';
import type { Context } from '../context.ts';
import { usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { followTask } from '../service/follow-task.ts';
import { plain } from '../terminal/output.ts';

/** Follows a task and says what came of it. */
export async function finishDiskTask(
  context: Context,
  begin: () => Promise<Task>,
  aborted: string,
): Promise<Task> {
  const task = await followTask(context, begin, aborted);
  if (context.json) context.output.json(task);
  else if (task.outcome !== undefined && task.outcome.text !== '')
    context.output.say(plain(task.outcome.text));
  return task;
}

/** @param what names it: "--size" @throws PhyllomeError `usage-error` */
export function sizeOf(text: string, what: string, command: string): number {
  const bytes = parseSize(text);
  if (bytes === null || bytes === 0)
    throw usageError(`${what} is a size such as 512MiB or 20GiB, not "${text}".`, command);
  return bytes;
}

/** @throws PhyllomeError `usage-error` */
export function choice<const Values extends readonly string[], const Name extends string>(
  input: Input,
  name: Name,
  values: Values,
  command: string,
): Partial<Record<Name, Values[number]>> {
  const text = input.text(name);
  if (text === undefined) return {};
  if (!values.includes(text))
    throw usageError(`--${name} is one of ${values.join(', ')}, not "${text}".`, command);
  return { [name]: text } as Partial<Record<Name, Values[number]>>;
}
