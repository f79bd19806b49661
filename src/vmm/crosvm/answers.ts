// SPDX-License-Identifier: Apache-2.0
//
// What a crosvm says about itself. It has no releases and no list of features, so its help is the only description
// of what a build has: an option that is not built in is not in it.
import { execFile } from 'node:child_process';
import { PhyllomeError } from '../../contract/errors.ts';
import { Type, type Static } from '../../contract/schema.ts';
import { wordsOf } from './words.ts';

export const CrosvmAnswers = Type.Object({
  /** "0.1.0", with what its builder added */
  version: Type.String(),
  /** Long options of "crosvm run", with their two hyphens */
  options: Type.Array(Type.String()),
  /** Its subcommands: stop, suspend, create_qcow2, ... */
  commands: Type.Array(Type.String()),
});
export type CrosvmAnswers = Static<typeof CrosvmAnswers>;

/** Without these we cannot run anything in it. */
const neededOptions = [
  '--block',
  '--cpus',
  '--disable-sandbox',
  '--initrd',
  '--mem',
  '--name',
  '--params',
  '--pivot-root',
  '--serial',
  '--socket',
];
const neededCommands = ['battery', 'powerbtn', 'resume', 'stop', 'suspend'];

// It answers in some 20 ms; the disk it is read from may be slow (ms).
const patience = 10_000;

/** @throws PhyllomeError `vmm-probe-failed`, `vmm-too-old` */
export async function askBinary(binary: string): Promise<CrosvmAnswers> {
  const [version, help, run] = await Promise.all([
    answerTo(binary, ['version']),
    answerTo(binary, ['--help']),
    answerTo(binary, ['run', '--help']),
  ]);
  const found = /^crosvm (\S+)/m.exec(version)?.[1];
  if (found === undefined) {
    const reason = 'it does not say which version of crosvm it is';
    throw new PhyllomeError('vmm-probe-failed', { binary, reason });
  }
  const answers = { version: found, options: optionsIn(run), commands: commandsIn(help) };
  const lacking = [
    ...neededOptions.filter((option) => !answers.options.includes(option)),
    ...neededCommands.filter((command) => !answers.commands.includes(command)),
  ];
  if (lacking.length === 0) return answers;
  const needed = `one that has ${lacking.join(', ')}`;
  throw new PhyllomeError('vmm-too-old', { binary, found, needed });
}

function answerTo(binary: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { timeout: patience, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
    execFile(binary, args, options, (error, stdout, stderr) => {
      if (error === null) return resolve(stdout);
      const reason = wordsOf(stderr) || error.message;
      reject(new PhyllomeError('vmm-probe-failed', { binary, reason }, { cause: error }));
    });
  });
}

/** "  -b, --block       parameters for setting up a block device." */
function optionsIn(help: string): string[] {
  return [...help.matchAll(/^ +(?:-\w, )?(--[a-z0-9][a-z0-9-]*)/gm)].map(([, name = '']) => name).toSorted();
}

/** Lines below "Commands:": "  stop              Stops crosvm instances via their control sockets" */
function commandsIn(help: string): string[] {
  const [, list = ''] = help.split(/^Commands:$/m);
  return [...list.matchAll(/^ +([a-z][\w-]*)/gm)].map(([, name = '']) => name).toSorted();
}
