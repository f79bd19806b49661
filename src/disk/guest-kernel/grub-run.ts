// SPDX-License-Identifier: Apache-2.0
//
// Runs the statements of a grub.cfg as far as they decide what is started: variables, conditions, menus, and the lines
// that name kernel and initrd. Everything else a menu does (fonts, colours, sound) has no effect here.
import { expand } from './grub-environment.ts';
import type { Statement, Word } from './grub-script.ts';

export interface MenuItem {
  kind: 'entry' | 'submenu';
  title: string;
  id: string | null;
  block: readonly Statement[];
}

export interface GrubRun {
  variables: Record<string, string>;
  /** What load_env brings */
  environment: Readonly<Record<string, string>>;
  menu: MenuItem[];
  /** It asks for the entries of the Boot Loader Specification, too */
  bls: boolean;
  /** Path and arguments of the kernel, once a line named it */
  linux: string[] | null;
  initrd: string[];
}

/** What a search found stands in variables as this, since only the caller knows the guest's disk. */
export const searched = { uuid: 'uuid:', label: 'label:', file: 'file:' } as const;

// Statements that are run; generated files have some hundred.
const mostSteps = 20_000;

export function newRun(environment: GrubRun['environment'], variables: GrubRun['variables']): GrubRun {
  return { variables, environment, menu: [], bls: false, linux: null, initrd: [] };
}

export function runStatements(run: GrubRun, statements: readonly Statement[]): void {
  let steps = 0;

  /** @returns whether the last command succeeded, as conditions ask */
  const runAll = (list: readonly Statement[]): boolean => {
    let good = true;
    for (const statement of list) {
      steps += 1;
      if (steps > mostSteps) return false;
      if (statement.type === 'command') good = runCommand(run, statement);
      else {
        const taken = statement.branches.find(({ condition }) => condition === null || runAll(condition));
        if (taken !== undefined) good = runAll(taken.body);
      }
    }
    return good;
  };
  runAll(statements);
}

function runCommand(run: GrubRun, { words, block }: Extract<Statement, { type: 'command' }>): boolean {
  const [name = '', ...parameters] = words.flatMap((word) => wordsOf(word, run.variables));
  switch (name) {
    case 'set':
      return setVariable(run, parameters);
    case 'unset':
      for (const parameter of parameters) delete run.variables[parameter];
      return true;
    case 'load_env':
      Object.assign(run.variables, run.environment);
      return true;
    case '[':
      return test(parameters.slice(0, -1));
    case 'test':
      return test(parameters);
    case '!':
      return parameters[0] === '[' ? !test(parameters.slice(1, -1)) : false;
    case 'true':
      return true;
    case 'search':
    case 'search.fs_uuid':
    case 'search.fs_label':
    case 'search.file':
      return search(run, name, parameters);
    case 'menuentry':
    case 'submenu':
      if (block !== null) run.menu.push(menuItem(name, parameters, block));
      return true;
    case 'blscfg':
      run.bls = true;
      return true;
    default:
  }
  if (/^linux(16|efi)?$/.test(name)) {
    run.linux = parameters;
    return true;
  }
  if (/^initrd(16|efi)?$/.test(name)) {
    run.initrd = parameters;
    return true;
  }
  // "NAME=VALUE" sets, as "set" does. Of all else nobody can say whether it worked; conditions that ask (a key that is
  // held down, a font that is there) are about the menu.
  return /^[A-Za-z_][A-Za-z0-9_]*=/.test(name) ? setVariable(run, [name]) : false;
}

function setVariable({ variables }: GrubRun, [assignment = '']: readonly string[]): boolean {
  const sign = assignment.indexOf('=');
  if (sign > 0) variables[assignment.slice(0, sign)] = assignment.slice(sign + 1);
  return true;
}

/** Quoted parts stay whole; bare variables fall into words, and vanish when they are empty. */
function wordsOf(word: Word, variables: Readonly<Record<string, string>>): string[] {
  let words: string[] = [];
  let open = false;
  const glue = (text: string): void => {
    if (open) words[words.length - 1] += text;
    else words = [...words, text];
    open = true;
  };
  for (const { text, quote } of word) {
    if (quote === "'") glue(text);
    else if (quote === '"') glue(expand(text, variables));
    else {
      const [first = '', ...others] = expand(text, variables).split(/[ \t\n]+/);
      if (first !== '' || others.length > 0) glue(first);
      for (const other of others) {
        open = false;
        if (other !== '') glue(other);
      }
    }
  }
  const quoted = word.some(({ quote }) => quote !== '');
  return words.filter((one) => one !== '' || quoted);
}

/** "[": as far as grub.cfg uses it. Files that are asked for are there, apart from those under a variable that is not. */
function test(words: readonly string[]): boolean {
  const or = words.lastIndexOf('-o');
  if (or > 0) return test(words.slice(0, or)) || test(words.slice(or + 1));
  const and = words.lastIndexOf('-a');
  if (and > 0) return test(words.slice(0, and)) && test(words.slice(and + 1));
  const [first = '', second = '', third] = words;
  if (first === '!') return !test(words.slice(1));
  if (third === undefined) {
    if (first === '-n') return second !== '';
    if (first === '-z') return second === '';
    if (/^-[sfed]$/.test(first)) return second.startsWith('/') || second.startsWith('(');
    return first !== '' && second === '';
  }
  switch (second) {
    case '=':
    case '==':
      return first === third;
    case '!=':
      return first !== third;
    case '-eq':
      return Number(first) === Number(third);
    case '-ne':
      return Number(first) !== Number(third);
    default:
      return false;
  }
}

function search({ variables }: GrubRun, name: string, parameters: readonly string[]): boolean {
  let variable: string | null = null;
  let kind: keyof typeof searched | null = null;
  if (name === 'search.fs_uuid') kind = 'uuid';
  else if (name === 'search.fs_label') kind = 'label';
  else if (name === 'search.file') kind = 'file';
  const plain: string[] = [];
  for (let at = 0; at < parameters.length; at += 1) {
    const word = parameters[at] ?? '';
    if (word === '--fs-uuid' || word === '-u') kind = 'uuid';
    else if (word === '--label' || word === '-l') kind = 'label';
    else if (word === '--file' || word === '-f') kind = 'file';
    else if (word === '--set' || word === '-s') variable = 'root';
    else if (word.startsWith('--set=')) variable = word.slice('--set='.length);
    else if (word.startsWith('--hint')) at += word.includes('=') ? 0 : 1;
    else if (!word.startsWith('--')) plain.push(word);
  }
  const [what, after] = plain;
  // The short forms name the variable behind what is looked for.
  if (name !== 'search') variable = after ?? 'root';
  else if (plain.length > 1 && variable === 'root' && parameters.includes('--set')) {
    // "--set root --fs-uuid X" and "--set --fs-uuid X" are both in use.
    const named = parameters[parameters.indexOf('--set') + 1] ?? '';
    if (!named.startsWith('--') && plain[0] === named) return remember(variables, named, kind, plain[1]);
  }
  return remember(variables, variable, kind, what);
}

function remember(
  variables: Record<string, string>,
  variable: string | null,
  kind: keyof typeof searched | null,
  what: string | undefined,
): boolean {
  if (variable === null || kind === null || what === undefined) return false;
  variables[variable] = searched[kind] + what;
  return true;
}

function menuItem(
  name: 'menuentry' | 'submenu',
  parameters: readonly string[],
  block: readonly Statement[],
): MenuItem {
  let id: string | null = null;
  const plain: string[] = [];
  for (let at = 0; at < parameters.length; at += 1) {
    const word = parameters[at] ?? '';
    if (word === '--id') id = parameters[(at += 1)] ?? null;
    else if (word.startsWith('--id=')) id = word.slice('--id='.length);
    else if (/^--(class|users|hotkey|source)$/.test(word)) at += 1;
    else if (!word.startsWith('--')) plain.push(word);
  }
  // $menuentry_id_option stands for "--id"; where it is not set, the id is the word behind the title.
  const [title = '', after] = plain;
  return { kind: name === 'submenu' ? 'submenu' : 'entry', title, id: id ?? after ?? null, block };
}
