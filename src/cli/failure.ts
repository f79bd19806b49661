// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError, type ErrorReport } from '../contract/errors.ts';

/** Ends a command that Ctrl-C interrupted; the message says what became of the work. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/** Ends a command that did its work and has something to say by its exit code alone. */
export class Ended extends Error {
  override readonly name = 'Ended';
  readonly code: ExitCode;
  constructor(code: ExitCode) {
    super(exitCodes[code]);
    this.code = code;
  }
}

/** Ends "run --micro" with the exit code of the command that it ran. */
export class CommandEnded extends Error {
  override readonly name = 'CommandEnded';
  readonly code: number;
  constructor(code: number) {
    super(`the command ended with code ${code}`);
    this.code = code;
  }
}

/** Ends "run --micro" when the command could not be run, or how it ended is not known; the cause says why. */
export class NotRun extends Error {
  override readonly name = 'NotRun';
  constructor(cause: unknown) {
    super('the command was not run', { cause });
  }
}

/** What --help says about exit codes, and what `exitCodeOf` returns. */
export const exitCodes = {
  0: 'done',
  1: 'it failed; the message says why',
  2: 'the command was not understood',
  3: 'the service does not answer or cannot be started',
  4: '"doctor" or "disk check" found a problem',
  125: '"run --micro" could not run the command (else: the code of the command)',
  130: 'interrupted with Ctrl-C',
} as const;
export type ExitCode = keyof typeof exitCodes;

export function exitCodeOf(thrown: unknown): number {
  if (thrown instanceof CommandEnded) return thrown.code;
  if (thrown instanceof NotRun) return 125;
  if (thrown instanceof Interrupted) return 130;
  if (thrown instanceof Ended) return thrown.code;
  if (!(thrown instanceof PhyllomeError)) return 1;
  if (thrown.code === 'usage-error') return 2;
  return thrown.code === 'service-unreachable' || thrown.code === 'service-start-failed' ? 3 : 1;
}

/** Any thrown value in the form that every door of Phyllome shows. */
export function reportOf(thrown: unknown): ErrorReport {
  if (thrown instanceof NotRun) return reportOf(thrown.cause);
  if (thrown instanceof Interrupted)
    return { code: 'task-aborted', message: thrown.message, hint: '', facts: {} };
  return PhyllomeError.from(thrown).report();
}

/** The words of a usage error; `command` is where --help helps, empty for the whole program. */
export function usageError(reason: string, command = ''): PhyllomeError {
  return new PhyllomeError('usage-error', { reason, command: command === '' ? '' : `${command} ` });
}
