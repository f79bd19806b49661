// SPDX-License-Identifier: Apache-2.0
import type { Command, Completion } from '../command.ts';
import { optionsOf, quote, spellings } from './parts.ts';

export function zshScript(commands: readonly Command[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${zshEscape(summary)}`)}`);
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
    return `    ${command.name}) _arguments ${[...options, ...positions].join(' ')} ;;`;
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
${cases.join('\n')}
    esac
    ;;
  esac
}

if [[ \${funcstack[1]} == _phyllome ]]; then _phyllome "$@"; else compdef _phyllome phyllome; fi
`;
}

const zshEscape = (text: string) => text.replaceAll(/[[\]:\\]/g, String.raw`\$&`);

function zshAction(complete: Completion | undefined): string {
  if (complete === undefined) return ' ';
  if (complete === 'file') return '_files';
  return typeof complete === 'string' ? `{_phyllome_names ${complete}}` : `(${complete.join(' ')})`;
}
