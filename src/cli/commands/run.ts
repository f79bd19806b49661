// SPDX-License-Identifier: Apache-2.0
import type { Machine } from '../../contract/api.ts';
import type { Unattended } from '../../contract/catalog.ts';
import type { Architecture } from '../../contract/machine.ts';
import { readArchitecture } from '../architecture.ts';
import { usageError } from '../failure.ts';
import { consoleSession } from '../console/session.ts';
import type { Context, Run } from '../context.ts';
import type { Input } from '../parse.ts';
import { openEvents } from '../service/events.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { plain } from '../terminal/output.ts';
import { guestReady, readySeconds } from '../service/guest-ready.ts';
import { followTask } from '../service/follow-task.ts';
import { startWithPassphrase } from '../service/unlock.ts';
import { typed } from '../terminal/words.ts';
import { readUnattended } from '../unattended.ts';

// The console shows the whole boot so far, and more than fills a terminal's memory of lines (bytes).
const bootHistory = 256 * 1024;

export const run: Run = async (context, input) => {
  const { client, output, json } = context;
  if (input.flag('micro')) {
    const { runMicro } = await import('./run-micro.ts');
    return runMicro(context, input);
  }
  requireNoMicro(input);
  const what = input.argument('WHAT');
  const architecture = readArchitecture(input, 'run');
  const named = what.replace('/', '-');
  const name = input.text('name') ?? (architecture === undefined ? named : `${named}-${architecture}`);
  const existing = await findMachine(context, name);
  const has = existing?.definition?.architecture;
  if (architecture !== undefined && has !== undefined && has !== architecture)
    throw usageError(
      `The machine ${name} is there already, for ${has}: give another one with --name.`,
      'run',
    );
  const unattended = await readUnattended(context, input, 'run');
  if (unattended !== undefined && existing !== null)
    throw usageError(`The machine ${name} is there already: give another name with --name.`, 'run');
  const machine = existing ?? (await make(context, what, name, architecture, unattended));

  using feed = await openEvents(client);
  const running = await letRun(context, machine);
  if (output.interactive && !json && !input.flag('detach')) {
    feed.close();
    await consoleSession(context, running, bootHistory);
    return;
  }
  if (running.definition?.agent !== false) {
    output.note(
      `Waiting until the guest is ready (at most ${readySeconds} s). Ctrl-C ends the waiting, not the machine.`,
    );
    await guestReady(client, feed, running);
  }
  if (json) output.json(await client.call('showMachine', { params: { ref: running.id } }));
  else reachLines(running).forEach(output.say);
};

/** What only says something about a machine for one command. */
function requireNoMicro(input: Input): void {
  const [word] = input.list('COMMAND');
  if (word !== undefined)
    throw usageError(`"${word}" is one word too many. A name with spaces needs quotes.`, 'run');
  const option = ['memory', 'vcpus', 'vmm', 'env', 'network'].find(
    (name) => input.text(name) !== undefined || input.texts(name).length > 0 || input.flag(name),
  );
  if (option !== undefined) throw usageError(`--${option} goes with --micro.`, 'run');
}

async function findMachine({ client }: Context, ref: string): Promise<Machine | null> {
  try {
    return await client.call('showMachine', { params: { ref } });
  } catch (error) {
    if (error instanceof PhyllomeError && error.code === 'machine-not-found') return null;
    throw error;
  }
}

async function make(
  context: Context,
  from: string,
  name: string,
  architecture: Architecture | undefined,
  unattended: Unattended | undefined,
): Promise<Machine> {
  const { client, output } = context;
  const definition = architecture === undefined ? {} : { definition: { architecture } };
  const task = await followTask(
    context,
    () =>
      client.call('createMachine', {
        body: { name, ...mediaOf(from), ...definition, ...(unattended && { unattended }) },
      }),
    `Stopped. ${name} was not made, and nothing of it is left.`,
  );
  if (task.machineId === null)
    throw new PhyllomeError('internal-error', { reason: 'the finished task names no machine' });
  output.note(task.outcome?.text ?? `Made ${plain(name)}.`);
  return client.call('showMachine', { params: { ref: task.machineId } });
}

/** "debian13/cloud": an entry and one of its media. */
function mediaOf(what: string): { from: string; media?: string } {
  const [from = '', media] = what.split('/');
  return media === undefined ? { from } : { from, media };
}

async function letRun(context: Context, machine: Machine): Promise<Machine> {
  const params = { ref: machine.id };
  if (machine.state.name === 'running') return machine;
  if (machine.state.name === 'paused') return context.client.call('resumeMachine', { params });
  return startWithPassphrase(context, machine);
}

/** How the person reaches a machine that runs in the background. */
export function reachLines(machine: Machine): string[] {
  const { definition, name } = machine;
  const forwards = (definition?.nics ?? []).flatMap((nic) => (nic.type === 'user' ? nic.forwards : []));
  return [
    definition?.agent === false
      ? `${plain(name)} is running; it has no agent that could say when it is ready.`
      : `${plain(name)} is running and ready.`,
    ...(definition?.serialPorts === 0 ? [] : [`  Talk to it:    phyllome console ${typed(name)}`]),
    ...(definition?.display.type === 'none' ? [] : [`  See it:        phyllome screenshot ${typed(name)}`]),
    ...forwards.map(
      ({ hostAddress, hostPort, guestPort, protocol }) =>
        `  Port:          ${hostAddress}:${hostPort} here is port ${guestPort} (${protocol}) of the guest`,
    ),
    `  Power it off:  phyllome stop ${typed(name)}`,
  ];
}
