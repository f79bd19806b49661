// SPDX-License-Identifier: Apache-2.0
import { destination, pino, stdTimeFunctions, type Logger } from 'pino';

/** The log of the service: JSON lines on standard output, which whoever starts us sends to a file. */
export function createLog(): Logger {
  // Written at once, so that the last line before a crash is there.
  const output = destination({ fd: 1, sync: true });
  // A full disk or a reader that left must not end the service; the lines are lost.
  output.on('error', () => {});
  return pino({ base: { pid: process.pid }, timestamp: stdTimeFunctions.isoTime }, output);
}
