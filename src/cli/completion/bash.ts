// SPDX-License-Identifier: Apache-2.0
import type { Command, Completion } from '../command.ts';
import { firstWords, groupWords, optionsOf, quote, secondWords, spellings } from './parts.ts';

export function bashScript(commands: readonly Command[]): string {
  const cases = commands.map((command) => {
    const words = optionsOf(command).flatMap(([name, option]) => spellings(name, option));
    const values = optionsOf(command).filter(([, option]) => option.value !== undefined);
    const afterOption = values.map(
      ([name, option]) =>
        `        ${spellings(name, option).join('|')}) ${bashAction(option.complete)}; return ;;`,
    );
    const kinds = (command.arguments ?? []).map(
      ({ complete, many }, index) => `        ${many === true ? '*' : index}) ${bashAction(complete)} ;;`,
    );
    return [
      `    ${quote(command.name)})`,
      ...(afterOption.length === 0 ? [] : ['      case $previous in', ...afterOption, '      esac']),
      `      if [[ $current == -* ]]; then _phyllome_words ${quote(words.join(' '))}; return; fi`,
      `      _phyllome_count ${quote(values.flatMap(([name, option]) => spellings(name, option)).join(' '))}`,
      ...(kinds.length === 0 ? [] : ['      case $count in', ...kinds, '      esac']),
      '      ;;',
    ].join('\n');
  });
  const groups = groupWords(commands).map((word) => {
    const seconds = secondWords(commands, word);
    // A word that is a command of its own may be followed by its arguments, too: those are added below.
    const own = commands.some(({ name }) => name === word);
    const offer = `_phyllome_words ${quote(seconds.join(' '))}${own ? '' : '; return'}`;
    return [
      `    ${quote(word)})`,
      `      if ((start + 1 == COMP_CWORD)); then ${offer}; fi`,
      `      case $second in ${seconds.join(' | ')}) if ((start + 1 < COMP_CWORD)); then command+=" $second" start=$((start + 1)); fi ;; esac`,
      '      ;;',
    ].join('\n');
  });
  return String.raw`# bash completion of phyllome, made by "phyllome completion bash"

# Bash takes KEY=VALUE for three words and replaces only what is behind the "=".
_phyllome_words() {
  local key=
  if [[ $current == = ]]; then key=$previous=
  elif [[ $previous == = ]]; then key=${'${COMP_WORDS[COMP_CWORD - 2]}'}=
  fi
  mapfile -t COMPREPLY < <(compgen -W "$1" -- "$key${'${current#=}'}")
  COMPREPLY=("${'${COMPREPLY[@]#"$key"}'}")
}

_phyllome_files() { compopt -o filenames; mapfile -t COMPREPLY < <(compgen -f -- "$current"); }

# Names of a kind. They are quoted as the line needs it: inside quotes as they are, else with backslashes.
_phyllome_names() {
  local name quote= typed=$current
  case $typed in
    \"* | \'*) quote=${'${typed:0:1}'} typed=${'${typed:1}'} ;;
    *) typed=${'${typed//\\\\/}'} ;;
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
    word=${'${COMP_WORDS[index]}'}
    if [[ -n $skip ]]; then skip=
    elif [[ " $1 " == *" $word "* ]]; then skip=1
    elif [[ $word != -* ]]; then count=$((count + 1))
    fi
  done
}

_phyllome() {
  local program=${'${COMP_WORDS[0]}'} current=${'${COMP_WORDS[COMP_CWORD]}'} previous=${'${COMP_WORDS[COMP_CWORD - 1]}'}
  local start=1 count=0
  COMPREPLY=()
  while ((start < COMP_CWORD)) && [[ ${'${COMP_WORDS[start]}'} == -* ]]; do start=$((start + 1)); done
  if ((start == COMP_CWORD)); then
    _phyllome_words ${quote([...firstWords(commands), '--help', '--version'].join(' '))}
    return
  fi
  local command=${'${COMP_WORDS[start]}'} second=${'${COMP_WORDS[start + 1]-}'}
  case $command in
${groups.join('\n')}
  esac
  case $command in
${cases.join('\n')}
  esac
}

complete -F _phyllome phyllome
`;
}

function bashAction(complete: Completion | undefined): string {
  if (complete === undefined) return ':';
  if (complete === 'file') return '_phyllome_files';
  return typeof complete === 'string'
    ? `_phyllome_names ${complete}`
    : `_phyllome_words ${quote(complete.join(' '))}`;
}
