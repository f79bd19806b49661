// SPDX-License-Identifier: Apache-2.0
//
// The scripts that complete commands, options and names in a shell, made from the table of commands. Names come
// from "phyllome names KIND"; they may hold spaces and quotes.
import { commonOptions, type Command, type Completion, type Option } from './command.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function completionScript(shell: Shell, commands: readonly Command[]): string {
  const shown = commands.filter((command) => command.hidden !== true);
  switch (shell) {
    case 'bash':
      return bashScript(shown);
    case 'zsh':
      return zshScript(shown);
    case 'fish':
      return fishScript(shown);
  }
}

const optionsOf = (command: Command) => Object.entries<Option>({ ...command.options, ...commonOptions });
const spellings = (name: string, { short }: Option) => (short === undefined ? [`--${name}`] : [`-${short}`, `--${name}`]);
const quote = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;

// ---- bash -----------------------------------------------------------------------------------------------

function bashScript(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = optionsOf(command).flatMap(([name, option]) => spellings(name, option));
    const values = optionsOf(command).filter(([, option]) => option.value !== undefined);
    const afterOption = values.map(
      ([name, option]) => `        ${spellings(name, option).join('|')}) ${bashAction(option.complete)}; return ;;`,
    );
    const kinds = (command.arguments ?? []).map(({ complete }, index) => `        ${index}) ${bashAction(complete)} ;;`);
    return [
      `    ${command.name})`,
      ...(afterOption.length === 0 ? [] : ['      case $previous in', ...afterOption, '      esac']),
      `      if [[ $current == -* ]]; then _phyllome_words ${quote(words.join(' '))}; return; fi`,
      `      _phyllome_count ${quote(values.flatMap(([name, option]) => spellings(name, option)).join(' '))}`,
      ...(kinds.length === 0 ? [] : ['      case $count in', ...kinds, '      esac']),
      '      ;;',
    ].join('\n');
  });
  return String.raw`# bash completion of phyllome, made by "phyllome completion bash"

_phyllome_words() { mapfile -t COMPREPLY < <(compgen -W "$1" -- "$current"); }

_phyllome_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }

# Names of a kind. They are quoted as the line needs it: inside quotes as they are, else with backslashes.
_phyllome_names() {
  local name quote= typed=$current
  case $typed in
    \"* | \'*) quote=${"${typed:0:1}"} typed=${"${typed:1}"} ;;
    *) typed=${"${typed//\\\\/}"} ;;
  esac
  while IFS= read -r name; do
    [[ $name == "$typed"* ]] || continue
    [[ -n $quote ]] || printf -v name %q "$name"
    COMPREPLY+=("$name")
  done < <("$program" names "$1" 2>/dev/null </dev/null)
}

# How many arguments stand before the cursor; $1 lists the options that take a value.
_phyllome_count() {
  local index word skip=
  count=0
  for ((index = start + 1; index < COMP_CWORD; index++)); do
    word=${"${COMP_WORDS[index]}"}
    if [[ -n $skip ]]; then skip=
    elif [[ " $1 " == *" $word "* ]]; then skip=1
    elif [[ $word != -* ]]; then count=$((count + 1))
    fi
  done
}

_phyllome() {
  local program=${"${COMP_WORDS[0]}"} current=${"${COMP_WORDS[COMP_CWORD]}"} previous=${"${COMP_WORDS[COMP_CWORD - 1]}"}
  local start=1 count=0
  COMPREPLY=()
  while ((start < COMP_CWORD)) && [[ ${"${COMP_WORDS[start]}"} == -* ]]; do start=$((start + 1)); done
  if ((start == COMP_CWORD)); then
    _phyllome_words ${quote([...commands.map((command) => command.name), '--help', '--version'].join(' '))}
    return
  fi
  case ${"${COMP_WORDS[start]}"} in
${cases.join('\n')}
  esac
}

complete -F _phyllome phyllome
`;
}

function bashAction(complete: Completion | undefined): string {
  if (complete === undefined) return ':';
  if (complete === 'file') return '_phyllome_files';
  return typeof complete === 'string' ? `_phyllome_names ${complete}` : `_phyllome_words ${quote(complete.join(' '))}`;
}

// ---- zsh ------------------------------------------------------------------------------------------------

function zshScript(commands: readonly Command[]): string {
  const described = commands.map(({ name, summary }) => `    ${quote(`${name}:${zshEscape(summary)}`)}`);
  const cases = commands.map((command) => {
    const options = optionsOf(command).flatMap(([name, option]) =>
      spellings(name, option).map((spelling) => {
        const value = option.value === undefined ? '' : `:${option.value}:${zshAction(option.complete)}`;
        return quote(`${spelling}[${zshEscape(option.summary)}]${value}`);
      }),
    );
    const positions = (command.arguments ?? []).map(({ name, complete }, index) =>
      quote(`${index + 1}:${name}:${zshAction(complete)}`),
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

// ---- fish -----------------------------------------------------------------------------------------------

function fishScript(commands: readonly Command[]): string {
  const lines = commands.flatMap((command) => {
    const used = quote(`__fish_seen_subcommand_from ${command.name}`);
    const [argument] = command.arguments ?? [];
    return [
      `complete -c phyllome -n __fish_use_subcommand -a ${command.name} -d ${fishQuote(command.summary)}`,
      ...(argument?.complete === undefined ? [] : [`complete -c phyllome -n ${used} ${fishAction(argument.complete)}`]),
      ...optionsOf(command).map(([name, option]) => {
        const short = option.short === undefined ? '' : ` -s ${option.short}`;
        const value = option.value === undefined ? '' : ` -r ${fishAction(option.complete)}`.trimEnd();
        return `complete -c phyllome -n ${used} -l ${name}${short}${value} -d ${fishQuote(option.summary)}`;
      }),
    ];
  });
  return `# fish completion of phyllome, made by "phyllome completion fish"

function __phyllome_names
  set -l words (commandline -opc)
  $words[1] names $argv[1] 2>/dev/null </dev/null
end

complete -c phyllome -f
${lines.join('\n')}
`;
}

const fishQuote = (text: string) => `'${text.replaceAll(/['\\]/g, String.raw`\$&`)}'`;

function fishAction(complete: Completion | undefined): string {
  if (complete === undefined) return '';
  if (complete === 'file') return '-F';
  return typeof complete === 'string' ? `-a '(__phyllome_names ${complete})'` : `-a ${quote(complete.join(' '))}`;
}
