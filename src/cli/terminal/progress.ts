// SPDX-License-Identifier: Apache-2.0
import type { Task } from '../../contract/task.ts';
import { plain, type Output } from './output.ts';
import { displayWidth } from './text-table.ts';
import { transferText } from './transfer-text.ts';

const barCells = 20;
const eraseLine = '\r\u001b[K';

type Shown = Pick<Task, 'what' | 'step' | 'fraction' | 'bytes' | 'secondsLeft'>;

export interface Progress extends Disposable {
  show(task: Shown): void;
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

/**
 * "Create tiny  [#######-------------]  35 %  Compressing", cut to the width of the terminal. Where bytes are counted
 * these stand before the step: they are what people look for.
 */
export function progressLine(task: Shown, width: number): string {
  const { what, step, fraction } = task;
  const filled = Math.round((fraction ?? 0) * barCells);
  const percent = `${Math.floor((fraction ?? 0) * 100)} %`.padStart(5);
  const bar =
    fraction === null ? '...' : `[${'#'.repeat(filled)}${'-'.repeat(barCells - filled)}] ${percent}`;
  const parts = [plain(what), bar, transferText(task), plain(step)];
  const characters = Array.from(parts.filter((part) => part !== '').join('  '));
  // A line that wraps could not be erased again. The last column stays free: some terminals wrap there.
  while (characters.length > 0 && displayWidth(characters.join('')) >= width) characters.pop();
  return characters.join('');
}
