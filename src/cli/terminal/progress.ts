// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { plain, type Output } from './output.ts';
import { displayWidth } from './text-table.ts';

const barCells = 20;
const eraseLine = '\r\u001b[K';

export interface Progress extends Disposable {
  show(task: Pick<Task, 'what' | 'step' | 'fraction'>): void;
}

/** One line on standard error that follows a task, and is gone afterwards; nothing when that is no terminal. */
export function createProgress(output: Output): Progress {
  const width = output.progressWidth;
  if (width === null) return { show: () => undefined, [Symbol.dispose]: () => undefined };
  return {
    show: (task) => output.raw('stderr', eraseLine + progressLine(task, width)),
    [Symbol.dispose]: () => output.raw('stderr', eraseLine),
  };
}

/** "Create tiny  [#######-------------]  35 %  Compressing", cut to the width of the terminal. */
export function progressLine(
  { what, step, fraction }: Pick<Task, 'what' | 'step' | 'fraction'>,
  width: number,
): string {
  const filled = Math.round((fraction ?? 0) * barCells);
  const percent = `${Math.floor((fraction ?? 0) * 100)} %`.padStart(5);
  const bar =
    fraction === null ? '...' : `[${'#'.repeat(filled)}${'-'.repeat(barCells - filled)}] ${percent}`;
  const characters = Array.from([plain(what), bar, plain(step)].join('  ').trimEnd());
  // A line that wraps could not be erased again. The last column stays free: some terminals wrap there.
  while (characters.length > 0 && displayWidth(characters.join('')) >= width) characters.pop();
  return characters.join('');
}
