// SPDX-License-Identifier: Apache-2.0
import { findBinary } from './binaries.ts';

/**
 * Wraps a command that we start to find something out, so that it does not outlive us by more than a moment even
 * when we are killed: `timeout` stays beside it and kills it after `seconds`. To end it before, send SIGTERM, which
 * `timeout` hands on; SIGKILL would only kill `timeout`.
 */
export function boundedBy(seconds: number, command: readonly string[]): [string, ...string[]] {
  return [findBinary('timeout') ?? '/usr/bin/timeout', '--signal=KILL', String(seconds), ...command];
}

/**
 * Wraps a command that must die with us, exit code and signals of its own untouched. Does not work for programs
 * that change their privileges (the kernel then forgets the wish).
 */
export function dyingWithUs(command: readonly string[]): [string, ...string[]] {
  return [findBinary('setpriv') ?? '/usr/bin/setpriv', '--pdeathsig', 'KILL', ...command];
}
