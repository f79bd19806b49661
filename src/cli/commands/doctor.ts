// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import type { ShareableReport } from '../../contract/doctor.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Context, Run } from '../context.ts';
import { Ended, usageError } from '../failure.ts';
import { plain } from '../terminal/output.ts';
import { doctorLines, hasProblem } from './doctor-text.ts';
import { hostLines } from './host-text.ts';

export const doctor: Run = async (context, input) => {
  const word = input.argument('WHAT');
  if (input.flag('fix')) return (await import('./doctor-fix.ts')).doctorFix(context, input);
  if (input.flag('report')) return writeReport(context, word);
  if (word !== '') throw usageError(`"${plain(word)}" is one word too many.`, 'doctor');
  const { client, output, json } = context;
  const report = await client.call('doctor');
  if (json) output.json(report);
  else doctorLines(report, output).forEach(output.say);
  if (hasProblem(report)) throw new Ended(4);
};

async function writeReport({ client, output, json }: Context, file: string): Promise<void> {
  const [{ version }, shareable] = await Promise.all([
    client.call('service'),
    client.call('shareableReport'),
  ]);
  const report = { version, ...shareable };
  const asJson = json || file.endsWith('.json');
  const content = asJson ? `${JSON.stringify(report, null, 2)}\n` : reportText(report);
  if (file === '' || file === '-') {
    output.raw('stdout', content);
    return;
  }
  try {
    await writeFile(file, content);
  } catch (error) {
    throw new PhyllomeError('file-unreadable', { what: 'file', file, reason: (error as Error).message });
  }
  if (json) output.json({ file });
  else output.say(`The report is in ${plain(file)}. Look through it before you show it to somebody.`);
}

const noStyle = { style: (_: unknown, text: string) => text };

function reportText({ version, doctor, host }: ShareableReport & { version: string }): string {
  const lines = [`Phyllome ${version}`, '', ...doctorLines(doctor, noStyle), '', ...hostLines(host, noStyle)];
  return `${lines.join('\n')}\n`;
}
