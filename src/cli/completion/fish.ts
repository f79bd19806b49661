// SPDX-License-Identifier: Apache-2.0
import type { Command, Completion } from '../command.ts';
import { groupWords, optionsOf, quote } from './parts.ts';

export function fishScript(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const [word = '', second] = command.name.split(' ');
    const seen = `__fish_seen_subcommand_from ${word}`;
    const used = quote(second === undefined ? seen : `${seen}; and __fish_seen_subcommand_from ${second}`);
    const [argument] = command.arguments ?? [];
    const offer =
      second === undefined
        ? `-n __fish_use_subcommand -a ${word}`
        : `-n ${quote(`__phyllome_after ${word}`)} -a ${second}`;
    return [
      `complete -c phyllome ${offer} -d ${fishQuote(command.summary)}`,
      ...(argument?.complete === undefined
        ? []
        : [`complete -c phyllome -n ${used} ${fishAction(argument.complete)}`]),
      ...optionsOf(command).map(([name, option]) => {
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        const kind = option.complete === 'file' ? '-r' : '-x';
        const value = option.value === undefined ? '' : ` ${kind} ${fishAction(option.complete)}`.trimEnd();
        return `complete -c phyllome -n ${used} -l ${name}${short}${value} -d ${fishQuote(option.summary)}`;
      }),
    ];
  });
  return `# fish completion of phyllome, made by "phyllome completion fish"

function __phyllome_names
  set -l words (commandline -opc)
  $words[1] names $argv[1] 2>/dev/null </dev/null
end

# The last whole word is this one.
function __phyllome_after
  set -l words (commandline -opc)
  test "$words[-1]" = $argv[1]
end

complete -c phyllome -f
${groupWords(commands)
  .map((word) => `complete -c phyllome -n __fish_use_subcommand -a ${word}`)
  .join('\n')}
${lines.join('\n')}
`;
}

const fishQuote = (text: string) => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;

function fishAction(complete: Completion | undefined): string {
  if (complete === undefined) return '';
  if (complete === 'file') return '-F';
  return typeof complete === 'string'
    ? `-a '(__phyllome_names ${complete})'`
    : `-a ${quote(complete.join(' '))}`;
}
