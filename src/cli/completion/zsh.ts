// SPDX-License-Identifier: Apache-2.0
import type { Command, Completion } from '../command.ts';
import { groupWords, optionsOf, quote, secondWords, spellings } from './parts.ts';

export function zshScript(commands: readonly Command[]): string {
  const groups = groupWords(commands);
  const described = [
    ...commands.filter(({ name }) => !name.includes(' ')).map(({ name, summary }) => describe(name, summary)),
    ...groups
      .filter((word) => commands.every(({ name }) => name !== word))
      .map((word) => describe(word, secondWords(commands, word).join(', '))),
  ].map((line) => `    ${line}`);
  const subcommands = groups.map((word) => {
    const members = commands.filter(({ name }) => name.startsWith(`${word} `));
    const lines = members.map(({ name, summary }) => describe(name.slice(word.length + 1), summary));
    return `    ${word}) commands=(${lines.join(' ')}); if ((CURRENT == 2)); then _describe command commands; fi; if ((CURRENT > 2 && \${commands[(I)\${words[2]}:*]})); then shift words; ((CURRENT--)); words[1]="${word} \${words[1]}"; fi ;;`;
  });
  const cases = commands.map((command) => {
    const options = optionsOf(command).flatMap(([name, option]) =>
      spellings(name, option).map((spelling) => {
        const value = option.value === undefined ? '' : `:${option.value}:${zshAction(option.complete)}`;
        return quote(`${spelling}[${zshEscape(option.summary)}]${value}`);
      }),
    );
    const positions = (command.arguments ?? []).map(({ name, complete, many }, index) =>
      quote(`${many === true ? '*' : index + 1}:${name}:${zshAction(complete)}`),
    );
    return `    ${quote(command.name)}) _arguments ${[...options, ...positions].join(' ')} ;;`;
  });
  return `#compdef phyllome
# zsh completion of phyllome, made by "phyllome completion zsh"

_phyllome_names() {
  local -a names
  names=("\${(@f)$("$program" names "$1" 2>/dev/null </dev/null)}")
  [[ -n \${names[1]} ]] && compadd -a names
}

_phyllome() {
  local program=\${(Q)words[1]} state line curcontext=$curcontext
  local -a commands
  commands=(
${described.join('\n')}
  )
  _arguments -C '--version[Print the version]' '1: :->command' '*:: :->rest' && return
  case $state in
  command) _describe command commands ;;
  rest)
    case \${words[1]} in
${subcommands.join('\n')}
    esac
    case \${words[1]} in
${cases.join('\n')}
    esac
    ;;
  esac
}

if [[ \${funcstack[1]} == _phyllome ]]; then _phyllome "$@"; else compdef _phyllome phyllome; fi
`;
}

const describe = (name: string, summary: string): string => quote(`${name}:${zshEscape(summary)}`);

const zshEscape = (text: string) => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);

function zshAction(complete: Completion | undefined): string {
  if (complete === undefined) return ' ';
  if (complete === 'file') return '_files';
  return typeof complete === 'string' ? `{_phyllome_names ${complete}}` : `(${complete.join(' ')})`;
}
