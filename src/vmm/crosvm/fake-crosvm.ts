// SPDX-License-Identifier: Apache-2.0
//
// A crosvm for tests that is nothing but its command line, as strict as the real one: options of its own before the
// subcommand, unknown ones end it with 35, a socket file that exists with 1, and each end of a guest has its code.
// The guest does what tests tell it with a subcommand that the real one lacks ("guest poweroff SOCKET").
import { appendFileSync, existsSync, openSync, statSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { parseKeyValues } from './testing-key-values.ts';

type Kind = 'switch' | 'value' | 'values';
interface Option {
  kind: Kind;
  short?: string;
  /** Keys of a "key=value" option; left out: any text */
  keys?: readonly string[];
}

const runOptions: Readonly<Record<string, Option>> = {
  '--balloon-page-reporting': { kind: 'switch' },
  '--block': {
    kind: 'values',
    short: '-b',
    keys: ['path', 'ro', 'root', 'sparse', 'direct', 'lock', 'id', 'block-size'],
  },
  '--cpus': { kind: 'value', short: '-c', keys: ['num-cores', 'clusters'] },
  '--disable-sandbox': { kind: 'switch' },
  '--initrd': { kind: 'value', short: '-i' },
  '--mem': { kind: 'value', short: '-m', keys: ['size'] },
  '--name': { kind: 'value' },
  '--no-balloon': { kind: 'switch' },
  '--no-rng': { kind: 'switch' },
  '--no-usb': { kind: 'switch' },
  '--params': { kind: 'values', short: '-p' },
  '--pivot-root': { kind: 'value' },
  '--serial': {
    kind: 'values',
    keys: ['type', 'hardware', 'name', 'path', 'input', 'num', 'console', 'earlycon', 'stdin'],
  },
  '--shared-dir': { kind: 'values' },
  '--smbios': { kind: 'value', keys: ['uuid', 'manufacturer', 'product-name', 'serial-number'] },
  '--socket': { kind: 'value', short: '-s' },
  '--suspended-vcpus': { kind: 'switch' },
  '--vhost-user': { kind: 'values', keys: ['type', 'socket', 'max-queue-size', 'pci-address'] },
  '--vsock': { kind: 'value', keys: ['cid', 'device'] },
};
const globalOptions: Readonly<Record<string, Option>> = {
  '--extended-status': { kind: 'switch' },
  '--log-level': { kind: 'value' },
  '--syslog-tag': { kind: 'value' },
  '--no-syslog': { kind: 'switch' },
};
const commands =
  'balloon battery create_qcow2 disk guest powerbtn resume run stop suspend usb version vfio'.split(' ');

// How each end of a guest is called by tests, what crosvm says of it, and the code of its own end.
const ends: Readonly<Record<string, { says: string; code: number; last: string }>> = {
  poweroff: { says: 'vcpu requested shutdown', code: 0, last: 'exiting with success' },
  reboot: { says: 'vcpu requested reset', code: 32, last: 'exiting with reset' },
  crash: { says: 'vcpu crashed', code: 33, last: 'exiting with crash' },
  panic: { says: 'guest panic event', code: 34, last: 'exiting with guest panic' },
  stall: { says: 'vcpu stall detected', code: 36, last: 'exiting with watchdog reset' },
};

class Unusable extends Error {}

/** @param args without the program */
function main(args: readonly string[]): void {
  // As the real one, whatever it was told, where the system has no log.
  appendFileSync(2, 'syslog init failed: guess of fd for syslog connection was invalid\n');
  try {
    dispatch(splitFlags(args));
  } catch (error) {
    if (!(error instanceof Unusable)) throw error;
    log('ERROR', `arg parsing failed: ${error.message}`);
    end(35, 'invalid argument');
  }
}

function dispatch(args: string[]): void {
  const at = args.findIndex((word, index) => !word.startsWith('-') && args[index - 1] !== '--log-level');
  const globals = parse(at === -1 ? args : args.slice(0, at), globalOptions);
  if (globals.options.has('--help')) return help('', globalOptions, true);
  const [command = '', ...rest] = at === -1 ? [] : args.slice(at);
  if (!commands.includes(command)) throw new Unusable(`Unrecognized argument: ${command}`);
  if (command === 'version') return void process.stdout.write('crosvm 0.1.0-fake\n');
  if (command === 'run') return run(rest, globals.options.has('--extended-status'));
  ask(command, rest);
}

/** As prepare_argh_args does, with values of options too. */
function splitFlags(args: readonly string[]): string[] {
  return args.flatMap((word) => {
    if (word === '-h') return ['--help'];
    const equals = word.indexOf('=');
    return word.startsWith('-') && word.length > 1 && equals !== -1
      ? [word.slice(0, equals), word.slice(equals + 1)]
      : [word];
  });
}

function parse(words: readonly string[], known: Readonly<Record<string, Option>>) {
  const options = new Map<string, string[]>();
  const positional: string[] = [];
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (word === '--help') options.set(word, []);
    else if (!word.startsWith('-')) positional.push(word);
    else {
      const [name, option] =
        Object.entries(known).find(([long, { short }]) => word === long || word === short) ??
        unusable(`Unrecognized argument: ${word}`);
      const before = options.get(name);
      if (before !== undefined && option.kind !== 'values') unusable(`duplicate values provided for ${name}`);
      const value =
        option.kind === 'switch' ? '' : (words[(at += 1)] ?? unusable(`No value provided for ${name}`));
      if (option.keys !== undefined) checkKeys(name, value, option.keys);
      options.set(name, [...(before ?? []), value]);
    }
  }
  return { options, positional };
}

function checkKeys(name: string, value: string, keys: readonly string[]): void {
  try {
    for (const key of Object.keys(parseKeyValues(value)))
      if (!keys.includes(key)) throw new Error(`unknown field \`${key}\``);
  } catch (error) {
    unusable(`Error parsing option '${name}' with value '${value}': ${(error as Error).message}`);
  }
}

function run(words: readonly string[], extended: boolean): void {
  const { options, positional } = parse(words, runOptions);
  if (options.has('--help')) return help(' run', runOptions, false);
  if (positional.length > 1) unusable(`Unrecognized argument: ${positional[1]}`);
  const kernel = positional[0] ?? fail('Executable is not specified');
  const one = (name: string) => options.get(name)?.[0];
  for (const file of [kernel, one('--initrd'), ...(options.get('--block') ?? []).map(pathOf)])
    if (file !== undefined && !existsSync(file))
      fail(`failed to open ${file}: No such file or directory (os error 2)`);
  const root = one('--pivot-root');
  if (root !== undefined && !statSync(root, { throwIfNoEntry: false })?.isDirectory())
    fail(`"${root}" is not a directory, cannot create jail`);
  const serial = (options.get('--serial') ?? []).map(parseKeyValues).find(({ type }) => type === 'file');
  const write = (text: string): void => {
    if (serial !== undefined) appendFileSync(String(serial['path']), text);
  };
  write('');
  // Waits for somebody who writes, as open(2) of a pipe does.
  if (serial?.['input'] !== undefined) openSync(String(serial['input']), 'r');

  const socket = one('--socket') ?? fail('a machine without a socket cannot be tested');
  let running = !options.has('--suspended-vcpus');
  let hangs = false;
  if (running) write('Linux version 0\n');

  const finish = (how: string): void => {
    const { says, code, last } = ends[how] ?? fail(`no such end: ${how}`);
    log('INFO', says, 'crosvm::crosvm::sys::linux');
    server.close();
    end(extended ? code : 0, extended ? last : 'exiting with success');
  };
  const answers: Record<string, (words: string[]) => string> = {
    battery: () => '"No battery device created"',
    suspend: () => {
      running = false;
      return 'Ok';
    },
    resume: () => {
      if (!running) write('Linux version 0\n');
      running = true;
      return 'Ok';
    },
    powerbtn: () => {
      setImmediate(() => finish('poweroff'));
      return 'Ok';
    },
    stop: () => {
      setImmediate(() => end(0, 'exiting with success'));
      return 'Ok';
    },
    guest: ([what = '']) => {
      if (what === 'hang') hangs = true;
      else if (what === 'login') write('\ndebian login: ');
      else setImmediate(() => finish(what));
      return 'Ok';
    },
  };
  const server = createServer((client) => {
    client.setEncoding('utf8').on('error', () => {});
    client.once('data', (text: string) => {
      if (hangs) return;
      const [verb = '', ...more] = JSON.parse(text) as string[];
      client.end(answers[verb]?.(more) ?? 'error: Operation not supported (os error 95)');
    });
  });
  server.once('error', () => fail('failed to create control server: Address already in use (os error 98)'));
  server.listen(socket);
}

const pathOf = (block: string): string => String(parseKeyValues(block)['path']);

function ask(command: string, words: string[]): void {
  const socket = words.at(-1) ?? unusable(`Required positional arguments not provided: VM_SOCKET`);
  const failed = (what: string): void => {
    log('ERROR', `failed to ${what} socket at '"${socket}"'`, 'vm_control::sys::linux');
    end(1, `${command} subcommand failed`);
  };
  const client = connect(socket);
  let answer = '';
  client.once('connect', () => client.write(JSON.stringify([command, ...words.slice(0, -1)])));
  client.setEncoding('utf8').on('data', (text: string) => (answer += text));
  client.once('error', () => failed('connect to'));
  client.once('end', () => {
    if (answer === '') return failed('recv response from');
    if (answer === 'Ok') return end(0, 'exiting with success');
    process.stdout.write(
      answer.startsWith('"') ? `${JSON.parse(answer)}\n` : `unexpected response: ${answer}\n`,
    );
    end(answer.startsWith('"') ? 0 : 1, `${command} subcommand failed`);
  });
}

function help(command: string, options: Readonly<Record<string, Option>>, withCommands: boolean): void {
  const lines = Object.entries(options).map(
    ([name, { short }]) => `  ${short === undefined ? '' : `${short}, `}${name.padEnd(16)}  as it says`,
  );
  const list = withCommands
    ? ['', 'Commands:', ...commands.map((name) => `  ${name.padEnd(18)}Does ${name}`)]
    : [];
  const all = [`Usage: crosvm${command} <options>`, '', 'Options:', ...lines, ...list];
  process.stdout.write(`${all.join('\n')}\n`);
}

function unusable(words: string): never {
  throw new Unusable(words);
}

function fail(words: string): never {
  log('ERROR', `exiting with error 1: ${words}`);
  process.exit(1);
}

function log(level: string, words: string, place = 'crosvm'): void {
  appendFileSync(2, `[2026-08-21T12:00:00.000000000+00:00 ${level.padEnd(5)} ${place}] ${words}\n`);
}

function end(code: number, last: string): never {
  log(code === 1 ? 'ERROR' : 'INFO', code === 1 ? `exiting with error 1: ${last}` : last);
  process.exit(code);
}

/** The file of a program that runs this one. Executed by its path, as the real one is. */
function programText(): string {
  const module = JSON.stringify(import.meta.filename);
  return `#!${process.execPath}\nimport(${module}).then(({ fakeCrosvm }) => fakeCrosvm.main(process.argv.slice(2)));\n`;
}

export const fakeCrosvm = { main, programText };
