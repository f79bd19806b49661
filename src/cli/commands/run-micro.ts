// SPDX-License-Identifier: Apache-2.0
import { randomBytes } from 'node:crypto';
import { resolve } from 'node:path';
import type { Body } from '../../contract/api.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { parseSize } from '../../contract/size.ts';
import { openConsoleSocket } from '../console/attach.ts';
import type { Context, Run } from '../context.ts';
import { CommandEnded, Interrupted, NotRun, usageError } from '../failure.ts';
import type { Input } from '../parse.ts';
import { openEvents, type EventFeed } from '../service/events.ts';
import { followTask } from '../service/follow-task.ts';
import { microSession, type MicroEnd } from '../micro/session.ts';

// The service keeps the output from its first byte, and sends at most so much of what was before we listened (bytes).
const history = 2 ** 20;
// From the end of a command until nothing is left of its machine (ms).
const goneMilliseconds = 15_000;
// Of a terminal that does not know its size (serial lines).
const [usualRows, usualColumns] = [24, 80];

/**
 * Runs one command in a machine of its own and ends with its exit code.
 * @throws CommandEnded, NotRun, Interrupted
 */
export const runMicro: Run = async (context, input) => {
  const body = requestOf(context, input);
  const code = await perform(context, body).catch((error: unknown) => {
    throw error instanceof Interrupted ? error : new NotRun(error);
  });
  if (code !== 0) throw new CommandEnded(code);
};

function requestOf({ output }: Context, input: Input): Body<'createMicro'> {
  const image = input.argument('WHAT');
  for (const option of ['name', 'arch', 'detach'])
    if (input.text(option) !== undefined || input.flag(option))
      throw usageError(`--${option} does not go with --micro.`, 'run');
  const memory = input.text('memory');
  const memoryBytes = memory === undefined ? undefined : parseSize(memory);
  if (memoryBytes === null)
    throw usageError(`--memory must be a size such as 512MiB, not "${memory}".`, 'run');
  const vcpus = input.number('vcpus');
  const vmm = input.text('vmm') as Body<'createMicro'>['vmm'];
  const env = input.texts('env').map(variable);
  const { rows, columns } = process.stdout;
  return {
    image: image.startsWith('docker://') ? image : resolve(image),
    command: input.list('COMMAND'),
    mark: randomBytes(16).toString('hex'),
    env,
    network: input.flag('network'),
    ...(memoryBytes !== undefined && { memoryBytes }),
    ...(vcpus !== undefined && { vcpus }),
    ...(vmm !== undefined && { vmm }),
    ...(output.interactive && { terminal: { rows: rows || usualRows, columns: columns || usualColumns } }),
  };
}

/** As with other programs of this kind, a name alone passes our own variable on. */
function variable(given: string): string {
  if (given.startsWith('=') || given === '')
    throw usageError(`--env takes NAME=value, not "${given}".`, 'run');
  return given.includes('=') ? given : `${given}=${process.env[given] ?? ''}`;
}

/** @returns the exit code */
async function perform(context: Context, body: Body<'createMicro'>): Promise<number> {
  const { client } = context;
  using feed = await openEvents(client);
  const { machineId } = await followTask(
    context,
    () => client.call('createMicro', { body }),
    'Stopped. Nothing was run, and nothing is left.',
  );
  if (machineId === null)
    throw new PhyllomeError('internal-error', { reason: 'the finished task names no machine' });
  const gone = whenGone(feed, machineId);
  let end: MicroEnd;
  await client.call('startMachine', { params: { ref: machineId } });
  try {
    const socket = await openConsoleSocket(context, machineId, history);
    using _socket = { [Symbol.dispose]: () => socket.terminate() };
    end = await microSession(context, { socket, mark: body.mark, terminal: body.terminal !== undefined });
  } catch (error) {
    await endMachine(context, machineId);
    throw error;
  }
  if (end.how === 'left') await endMachine(context, machineId);
  using _late = timer(goneMilliseconds, () => feed.close());
  return codeOf(end, await gone);
}

const cutOff = (reason: string): PhyllomeError => new PhyllomeError('micro-cut-off', { reason });

function codeOf(end: MicroEnd, crash: string): number {
  if (end.how === 'left') return end.code;
  if (end.how === 'ended') {
    if (end.words !== '' || !Number.isInteger(end.code)) throw cutOff(end.words);
    return end.code;
  }
  const said = end.words.trim().split(/\r*\n/).slice(-5).join('\n');
  throw cutOff([crash, end.began ? '' : said].filter((text) => text !== '').join('\n') || 'nobody knows why');
}

/** Ends the machine at once. It may just have ended by itself. */
async function endMachine({ client }: Context, ref: string): Promise<void> {
  try {
    await client.call('stopMachine', { params: { ref }, body: { force: true, timeoutSeconds: 1 } });
  } catch (error) {
    if (!(error instanceof PhyllomeError && ['machine-state', 'machine-not-found'].includes(error.code)))
      throw error;
  }
}

/** Resolves when nothing is left of the machine, with why it crashed; empty when it did not. */
async function whenGone(feed: EventFeed, id: string): Promise<string> {
  let reason = '';
  try {
    for await (const event of feed) {
      if (event.type === 'machine.state' && event.machineId === id && event.state.name === 'crashed')
        ({ reason } = event.state);
      if (event.type === 'machine.erased' && event.machineId === id) break;
    }
  } catch (error) {
    // The service went away, and with its next start the machine does.
    reason = PhyllomeError.from(error).message;
  }
  return reason;
}

function timer(milliseconds: number, react: () => void): Disposable {
  const timeout = setTimeout(react, milliseconds);
  return { [Symbol.dispose]: () => clearTimeout(timeout) };
}
