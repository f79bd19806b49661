// SPDX-License-Identifier: Apache-2.0
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The folders on which something is mounted, as this process sees them. Nothing mounted is touched: a network drive
 * that is gone would keep us waiting.
 *
 * @param root where /proc is looked for: '/', or a recorded PC
 */
export async function mountPoints(root = '/'): Promise<string[]> {
  const text = await readFile(join(root, 'proc/self/mountinfo'), 'utf8').catch(() => '');
  // proc_pid_mountinfo(5): the fifth field, in which space, tab, line break and backslash are written in octal.
  const points = text.split('\n').flatMap((line) => line.split(' ')[4] ?? []);
  return [...new Set(points)].map((point) => point.replaceAll(/\\([0-7]{3})/g, character));
}

const character = (_: string, digits: string): string => String.fromCharCode(Number.parseInt(digits, 8));
