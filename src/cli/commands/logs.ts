// SPDX-License-Identifier: Apache-2.0
import type { Context, Run } from '../context.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { usageError } from '../failure.ts';
import { plainLine } from '../terminal/output.ts';
import { followLines, lastLines } from '../tail.ts';

const usualLines = 100;

export const logs: Run = async (context, input) => {
  const { client, output, paths, json } = context;
  const ref = input.argument('NAME');
  const wanted = input.text('source');
  const lines = input.number('lines') ?? usualLines;
  const ofService = input.flag('service');
  if (ofService && (ref !== '' || wanted !== undefined)) {
    throw usageError('--service shows the log of the service, not of a machine; leave out the rest.', 'logs');
  }
  if (!ofService && ref === '') throw usageError('Say of which machine, or --service.', 'logs');
  const source = ofService ? 'service' : (wanted ?? 'serial');

  if (input.flag('follow')) {
    const file = ofService ? paths.serviceLog : await logFile(context, ref, source);
    for await (const line of followLines(file, lines, new AbortController().signal)) {
      if (json) output.json({ source, line }, true);
      else output.say(plainLine(line));
    }
    return;
  }
  const log = ofService
    ? { source, lines: (await lastLines(paths.serviceLog, lines)).lines }
    : await client.call('machineLogs', { params: { ref }, query: { source, lines } });
  if (json) output.json(log);
  else for (const line of log.lines) output.say(plainLine(line));
  if (log.lines.length === 0) output.note(`The log "${source}" is empty.`);
};

/** The file of a log, as the plan of the machine names it. */
async function logFile({ client }: Context, ref: string, source: string): Promise<string> {
  const plan = await client.call('planMachine', { params: { ref } });
  const file =
    source === 'serial'
      ? plan.serialLog
      : source === 'vmm'
        ? plan.process.log
        : plan.helpers.find((helper) => helper.name === source)?.log;
  if (file === undefined)
    throw usageError(
      `${plan.machine.name} has no log "${source}"; it has ${['serial', 'vmm', ...plan.helpers.map(({ name }) => name)].join(', ')}.`,
      'logs',
    );
  if (file === null) throw new PhyllomeError('serial-none', { name: plan.machine.name });
  return file;
}
