// SPDX-License-Identifier: Apache-2.0

/**
 * What crosvm said, in one line: without time, level and module, and without the line that only says that it ended. It
 * complains about the system's log even where it was told not to use it.
 */
export function wordsOf(output: string): string {
  const lines = output
    .split('\n')
    .map((line) => line.replace(/^\[\S+ +[A-Z]+ +[\w:]+\] /, '').trim())
    .filter((line) => line !== '' && !line.startsWith('syslog init failed'));
  const telling = lines.filter((line) => !/^(exiting with|invalid argument$)/.test(line));
  return (telling.length > 0 ? telling : lines).join(' ');
}
