// SPDX-License-Identifier: Apache-2.0
//
// The control protocol of crosvm is private to each build, so its own command line is the control: "crosvm stop SOCKET".
// Each question is a process of some milliseconds; one at a time, for crosvm answers one at a time.
import { execFile, type ExecFileException } from 'node:child_process';
import { PhyllomeError, reasonOf } from '../../contract/errors.ts';
import { wordsOf } from './words.ts';

// A crosvm that is asked something answers in milliseconds; on a busy PC it may take longer (ms).
const patience = 10_000;

export interface Control {
  /**
   * Runs one subcommand against the VM. @returns what it printed
   * @param options.signal ends the waiting before its time
   * @throws PhyllomeError `vmm-refused` with crosvm's own words, `vmm-no-answer`, `vmm-gone`
   */
  call(verb: readonly string[], options?: { milliseconds?: number; signal?: AbortSignal }): Promise<string>;
  /** Ends the conversation; calls under way fail with `vmm-gone`. */
  close(): void;
}

export interface ControlOptions {
  /** Of the machine, for errors */
  name: string;
  socket: string;
  /** The program that speaks the language of the running crosvm. @throws PhyllomeError `vmm-gone`, `vmm-refused` */
  speaker: () => Promise<string>;
}

export function createControl({ name, socket, speaker }: ControlOptions): Control {
  const ended = new AbortController();
  let last: Promise<unknown> = Promise.resolve();

  const ask = async (verb: readonly string[], milliseconds: number, signal: AbortSignal): Promise<string> => {
    if (signal.aborted) throw gone(name, signal.reason);
    const file = await speaker();
    const limit = AbortSignal.timeout(milliseconds);
    const command = ['--no-syslog', '--log-level', 'info', ...verb, socket];
    const { error, stdout, stderr } = await execute(file, command, AbortSignal.any([signal, limit]));
    if (error === null) return stdout;
    if (signal.aborted) throw gone(name, signal.reason);
    const what = `crosvm ${verb.join(' ')}`;
    if (limit.aborted)
      throw new PhyllomeError(
        'vmm-no-answer',
        { name, command: what, seconds: milliseconds / 1000 },
        { cause: error },
      );
    // It could not even be run.
    if (typeof error.code === 'string') throw gone(name, error);
    const reason = wordsOf(`${stdout}\n${stderr}`) || `it ended with ${error.signal ?? `code ${error.code}`}`;
    // There is nobody at the socket, or there no longer is.
    if (/failed to (connect to|send request to|recv response from) socket/.test(stderr))
      throw gone(name, new Error(reason));
    throw new PhyllomeError('vmm-refused', { command: what, reason }, { cause: error });
  };

  return {
    call(verb, { milliseconds = patience, signal } = {}) {
      const all = AbortSignal.any([ended.signal, ...(signal === undefined ? [] : [signal])]);
      const next = last.then(() => ask(verb, milliseconds, all));
      last = next.catch(() => {});
      return next;
    },
    close() {
      ended.abort(new Error('we ended the conversation'));
    },
  };
}

interface Outcome {
  error: ExecFileException | null;
  stdout: string;
  stderr: string;
}

function execute(file: string, command: readonly string[], signal: AbortSignal): Promise<Outcome> {
  return new Promise((resolve) => {
    const env = { PATH: '/usr/bin:/bin', LC_ALL: 'C' };
    const options = {
      cwd: '/',
      env,
      signal,
      killSignal: 'SIGKILL' as const,
      encoding: 'utf8' as const,
    };
    execFile(file, command, options, (error, stdout, stderr) => resolve({ error, stdout, stderr }));
  });
}

function gone(name: string, cause: unknown): PhyllomeError {
  return new PhyllomeError('vmm-gone', { name, reason: reasonOf(cause) }, { cause });
}
