// SPDX-License-Identifier: Apache-2.0
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Identified } from '../../contract/catalog.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Run } from '../context.ts';
import { Ended } from '../failure.ts';
import { plain } from '../terminal/output.ts';

// So many questions are open at once.
const abreast = 8;

export const identify: Run = async ({ client, output, json }, input) => {
  const files = await filesOf(input.list('FILE'));
  const answers: (Identified | { file: string; error: string })[] = [];
  for (let at = 0; at < files.length; at += abreast) {
    const some = files.slice(at, at + abreast);
    const ask = async (file: string) => {
      try {
        return await client.call('identifyImage', { query: { file } });
      } catch (error) {
        // One of many that cannot be read does not hide the others; the only one is a failure like any.
        if (!(error instanceof PhyllomeError) || files.length === 1) throw error;
        return { file, error: error.message };
      }
    };
    for (const answer of await Promise.all(some.map(ask))) {
      answers.push(answer);
      if (!json) answerLines(answer, files.length > 1).forEach(output.say);
    }
  }
  if (json) output.json(files.length === 1 ? answers[0] : answers);
  if (answers.some((answer) => 'error' in answer)) throw new Ended(1);
};

/** "-" reads names from standard input, one a line (or with NUL behind each, as "find -print0" writes them). */
async function filesOf(given: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const name of given) {
    if (name !== '-') files.push(name);
    else {
      const listed = await text(process.stdin);
      files.push(...listed.split(listed.includes('\0') ? '\0' : '\n').filter((line) => line !== ''));
    }
  }
  return files.map((file) => resolve(file));
}

const kinds: Record<Identified['kind'], string> = {
  installer: 'installation medium',
  live: 'live medium',
  disk: 'disk',
  drivers: 'drivers or settings for a guest',
  unknown: '',
};
const sure: Record<Identified['confidence'], string> = {
  certain: '',
  likely: 'probably ',
  guess: 'perhaps ',
  none: '',
};

function answerLines(answer: Identified | { file: string; error: string }, several: boolean): string[] {
  if ('error' in answer) return [`${plain(answer.file)}: ${plain(answer.error)}`];
  const { name, kind, architecture, confidence } = answer;
  const about = [kinds[kind], architecture].filter(Boolean).join(', ');
  const what = `${sure[confidence]}${name}${about === '' ? '' : ` (${about})`}`;
  if (several) return [`${plain(answer.file)}: ${plain(what)}`];
  const rows = [
    ['guestOs', answer.guestOs],
    ['entry', answer.entry ?? 'none'],
    ...(answer.unattended === null ? [] : [['unattended', answer.unattended]]),
    ...Object.entries(answer.facts),
  ];
  return [
    plain(what),
    ...answer.reasons.map((reason) => `  ${plain(reason)}`),
    '',
    ...rows.map(([key = '', value = '']) => `${key.padEnd(12)} ${plain(value.split('\n')[0] ?? '')}`),
  ];
}
