// SPDX-License-Identifier: Apache-2.0
//
// Calls operations of the service inside an emulated PC, with the client that the image itself has.
import type { Body, OperationId, Params, Reply } from '../../src/contract/api.ts';
import type { ErrorReport } from '../../src/contract/errors.ts';
import type { Guest } from './guest.ts';

const program = `
import { createClient } from './src/cli/service/client.ts';
const { id, input, until } = JSON.parse(Buffer.from(process.argv[2], 'base64').toString());
const client = createClient({ serviceSocket: '/run/phyllome/service.sock', serviceLog: '/dev/null' });
const answer = await (async () => {
  try {
    let reply = await client.call(id, input);
    const isTask = (value) => typeof value.what === 'string' && 'machineId' in value;
    if (until === 'begin' || !isTask(reply)) return { reply };
    const isThere = ({ step, fraction }) =>
      until !== 'end' && until.some((moment) => step.startsWith(moment.step) && (fraction ?? 1) >= (moment.fraction ?? 0));
    while (reply.state === 'running' && !isThere(reply)) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      reply = await client.call('showTask', { params: { id: reply.id } });
    }
    if (!['running', 'done'].includes(reply.state)) return { error: reply.error ?? { code: reply.state, message: reply.state } };
    return { reply };
  } catch (error) {
    return { error: typeof error.report === 'function' ? error.report() : { code: 'unknown', message: String(error) } };
  }
})();
client.close();
console.log('ANSWER ' + JSON.stringify(answer));
`;

/** A place in the course of a task. */
export interface Moment {
  /** How the step begins */
  step: string;
  fraction?: number;
}

export interface CallOptions {
  seconds?: number;
  /** How far a task that is begun is followed: not at all, to the first of these moments, or to its end (the default) */
  until?: 'begin' | 'end' | readonly Moment[];
}

export type Outcome<Id extends OperationId> =
  | { reply: Reply<Id>; error?: never }
  | { reply?: never; error: Pick<ErrorReport, 'code' | 'message'> };

/** Calls an operation, and follows the task it begins. What the service refuses is an answer, too. */
export async function attempt<Id extends OperationId>(
  guest: Guest,
  id: Id,
  input: { params?: Params<Id>; body?: Body<Id> } = {},
  { seconds = 300, until = 'end' }: CallOptions = {},
): Promise<Outcome<Id>> {
  const order = Buffer.from(JSON.stringify({ id, input, until })).toString('base64');
  const script = `cd /usr/lib/phyllome && setpriv --reuid=phyllome --regid=phyllome --init-groups bin/node --input-type=module - ${order} <<'END'\n${program}END\n`;
  const text = await guest.sh(script, seconds);
  const answer = /^ANSWER (.*)$/m.exec(text)?.[1];
  if (answer === undefined) throw new Error(`${id} was not answered: ${text.slice(-1000)}`);
  return JSON.parse(answer) as Outcome<Id>;
}

/** @throws when the service refuses, or the task fails */
export async function call<Id extends OperationId>(
  guest: Guest,
  id: Id,
  input: { params?: Params<Id>; body?: Body<Id> } = {},
  options: CallOptions = {},
): Promise<Reply<Id>> {
  const { reply, error } = await attempt(guest, id, input, options);
  if (error !== undefined) throw new Error(`${id}: ${error.message} (${error.code})`);
  return reply;
}
