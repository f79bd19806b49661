// SPDX-License-Identifier: Apache-2.0
import type { Budget, Claim } from '../../contract/budget.ts';
import { parseSize } from '../../contract/size.ts';
import type { Run } from '../context.ts';
import { usageError } from '../failure.ts';
import { plain, type Output, type Style } from '../terminal/output.ts';
import { textTable, type Cell } from '../terminal/text-table.ts';
import { sizeText } from '../terminal/words.ts';

export const budget: Run = async ({ client, output, json }, input) => {
  const memory = readSize(input.text('reserve-memory'));
  const cores = input.number('reserve-cores');
  let shown = await client.call('budget');
  if (memory !== undefined || cores !== undefined) {
    const body = {
      ...(memory !== undefined && { memoryBytes: memory }),
      ...(cores !== undefined && { vcpus: cores * shown.threadsPerCore }),
    };
    shown = await client.call('setReserve', { body });
  }
  if (json) output.json(shown);
  else budgetLines(shown, output).forEach(output.say);
};

function readSize(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const bytes = parseSize(text);
  if (bytes !== null) return bytes;
  throw usageError(`"${plain(text)}" is not a size: write it like 2GiB or 1536MiB.`, 'budget');
}

/** Characters of the bar: fits beside nothing on the narrowest usual terminal. */
const width = 60;
// What a definition must give to a machine at least.
const smallestMachine = 16 * 2 ** 20;
const marks = { reserve: '▒', free: '·' } as const;
// Neighbours differ in shape and in colour, for those who see no colours.
const machineMarks = ['█', '▓'] as const;
const machineStyles: readonly Style[] = ['green', 'cyan', 'yellow', 'red'];

interface Part {
  mark: string;
  style: Style;
  name: string;
  bytes: number;
  details: string;
}

export function budgetLines(shown: Budget, output: Pick<Output, 'style'>): string[] {
  const parts = partsOf(shown);
  const rows = parts.map(({ mark, style, name, bytes, details }): Cell[] => [
    { text: mark, shown: output.style(style, mark) },
    name,
    sizeText(bytes),
    details,
  ]);
  const columns = [{ title: '' }, { title: '' }, { title: '', align: 'right' }, { title: '' }] as const;
  return [
    output.style('bold', `Memory: ${sizeText(shown.host.memoryBytes)}`),
    `  ${bar(parts, shown.host.memoryBytes, output)}`,
    ...textTable(columns, rows)
      .slice(1)
      .map((line) => `  ${line}`),
    '',
    output.style('bold', `Processors: ${count(shown.host.vcpus, 'thread')}`),
    ...processorLines(shown).map((line) => `  ${line}`),
    '',
    output.style('bold', 'How it is held'),
    `  ${plain(shown.enforcement)}.`,
  ];
}

function partsOf({ reserve, guests, claims, free }: Budget): Part[] {
  const used = claims.reduce((sum, claim) => sum + claim.memoryBytes + claim.overheadBytes, 0);
  return [
    { mark: marks.reserve, style: 'dim', name: 'this PC', bytes: reserve.memoryBytes, details: 'kept' },
    ...claims.map((claim, index): Part => ({
      mark: machineMarks[index % machineMarks.length] as string,
      style: machineStyles[index % machineStyles.length] as Style,
      name: plain(claim.machineName),
      bytes: claim.memoryBytes + claim.overheadBytes,
      details: claimText(claim),
    })),
    {
      mark: marks.free,
      style: 'dim',
      name: 'free',
      bytes: Math.max(0, guests.memoryBytes - used),
      details:
        free.memoryBytes < smallestMachine
          ? 'too little for another machine'
          : `the next machine may have ${sizeText(free.memoryBytes)}`,
    },
  ];
}

const claimText = ({ memoryBytes, overheadBytes, vcpus }: Claim): string =>
  `${sizeText(memoryBytes)} for the guest, ${sizeText(overheadBytes)} for its VMM; ${count(vcpus, 'processor')}`;

function processorLines({ reserve, guests, claims, free }: Budget): string[] {
  const wanted = claims.reduce((sum, claim) => sum + claim.vcpus, 0);
  return [
    `This PC keeps ${count(reserve.vcpus, 'thread')}; all guests together share ${guests.vcpus}.`,
    `A machine may have ${count(free.vcpus, 'processor')} at most.`,
    ...(claims.length === 0
      ? []
      : [`The machines that run have ${wanted}${wanted > guests.vcpus ? ' and take turns' : ''}.`]),
  ];
}

/** Every part that there is has at least one character; the largest gives way. */
function bar(parts: readonly Part[], total: number, output: Pick<Output, 'style'>): string {
  const whole = Math.max(
    total,
    parts.reduce((sum, { bytes }) => sum + bytes, 0),
  );
  const lengths = parts.map(({ bytes }) =>
    bytes > 0 ? Math.max(1, Math.round((bytes / whole) * width)) : 0,
  );
  const largest = lengths.indexOf(Math.max(...lengths));
  const tooMany = lengths.reduce((sum, length) => sum + length, 0) - width;
  lengths[largest] = Math.max(1, (lengths[largest] ?? 0) - tooMany);
  return parts
    .map(({ mark, style }, index) => output.style(style, mark.repeat(lengths[index] ?? 0)))
    .join('');
}

const count = (number: number, word: string): string => `${number} ${word}${number === 1 ? '' : 's'}`;
