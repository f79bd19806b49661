// SPDX-License-Identifier: Apache-2.0
//
// Erases deleted machines after some time, where the owner of this PC asked for that, and says so a day before. Nothing
// happens without the setting, and with it there is one timer, to the next moment at which there is something to do.
import type { BinEntry } from '../../contract/bin.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { day, eraseDue, noticeDue, type Binned, type Notices } from './due.ts';
import { readNotices, writeNotices } from './notices-file.ts';

export interface KeepingOptions {
  /** Where it is written down what was said */
  file: string;
  /** What the setting says now. @throws PhyllomeError `settings-invalid` */
  keepDays(): number | null;
  /** The machines in the bin, without measuring them */
  entries(): Promise<readonly (Binned & { id: string; name: string })[]>;
  /** @throws PhyllomeError `machine-needed`, ... */
  erase(folder: string): Promise<unknown>;
  notice(entry: Pick<BinEntry, 'id' | 'name'>, text: string): void;
  warning(entry: Pick<BinEntry, 'id' | 'name'>, text: string): void;
  /** Hears what is wrong and concerns no machine */
  warn(text: string): void;
  now?: () => number;
}

export interface Keeping {
  /** When a machine is erased by itself; null: never */
  eraseAt(binned: Binned): string | null;
  /** To be called when the bin or the setting may have changed. Does what is due. Never throws */
  look(): Promise<void>;
  close(): void;
}

// The longest that a timer can wait (ms); it then looks and waits again.
const longestWait = 2 ** 31 - 1;

export function createKeeping(options: KeepingOptions): Keeping {
  const { file, now = Date.now } = options;
  let notices: Notices | null = null;
  let loaded = false;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  let turn: Promise<void> = Promise.resolve();
  // What could not be erased, e.g. because somebody needs it, is tried again the next day.
  const postponed = new Map<string, number>();

  const keep = async (next: Notices | null): Promise<void> => {
    await writeNotices(file, next);
    notices = next;
  };

  /** What is said from now on, under the setting as it is. */
  const current = async (): Promise<Notices | null> => {
    if (!loaded) notices = readNotices(file);
    loaded = true;
    const before = notices;
    const keepDays = options.keepDays();
    if (keepDays === null) {
      if (before !== null) await keep(null);
    } else if (before?.keepDays !== keepDays) await keep({ keepDays, since: now(), noticed: {} });
    return notices;
  };

  const work = async (): Promise<void> => {
    clearTimeout(timer);
    const active = await current();
    if (active === null) return;
    const entries = await options.entries();
    const news = entries.filter(
      (entry) => active.noticed[entry.folder] === undefined && noticeDue(entry, active) <= now(),
    );
    const known = entries.filter(({ folder }) => active.noticed[folder] !== undefined);
    if (news.length > 0 || known.length < Object.keys(active.noticed).length) {
      const noticed = Object.fromEntries([
        ...known.map(({ folder }) => [folder, active.noticed[folder] as number] as const),
        ...news.map(({ folder }) => [folder, now()] as const),
      ]);
      // First written down: what was not said for certain is not erased.
      await keep({ ...active, noticed });
    }
    const said = notices ?? active;
    for (const entry of news) options.notice(entry, noticeText(entry.name, eraseDue(entry, said, now())));
    for (const entry of entries) if (dueAt(entry, said) <= now()) await erase(entry);
    arm((await options.entries()).map((entry) => dueAt(entry, said)));
  };

  /** When there is something to do about a machine. */
  const dueAt = (entry: Binned, said: Notices): number =>
    said.noticed[entry.folder] === undefined
      ? noticeDue(entry, said)
      : Math.max(eraseDue(entry, said, now()), postponed.get(entry.folder) ?? 0);

  const erase = async (entry: Binned & { id: string; name: string }): Promise<void> => {
    try {
      await options.erase(entry.folder);
      postponed.delete(entry.folder);
    } catch (thrown) {
      const { code, message } = PhyllomeError.from(thrown);
      // Somebody was faster.
      if (code === 'bin-entry-not-found') return;
      postponed.set(entry.folder, now() + day);
      options.warning(entry, `It was to be erased from the bin by itself, and was not: ${message}`);
    }
  };

  const arm = (moments: readonly number[]): void => {
    if (closed || moments.length === 0) return;
    const wait = Math.min(...moments) - now();
    timer = setTimeout(() => void keeping.look(), Math.min(Math.max(wait, 1000), longestWait));
    timer.unref();
  };

  const keeping: Keeping = {
    eraseAt(binned) {
      return notices === null ? null : new Date(eraseDue(binned, notices, now())).toISOString();
    },
    look() {
      turn = turn.then(work).catch((error: unknown) => {
        options.warn(`The bin is not emptied by itself at the moment: ${PhyllomeError.from(error).message}`);
        if (notices !== null) arm([now() + day]);
      });
      return turn;
    },
    close() {
      closed = true;
      clearTimeout(timer);
    },
  };
  return keeping;
}

function noticeText(name: string, at: number): string {
  const moment = `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
  return `${name} is in the bin and will be erased for good at ${moment}. "phyllome restore" keeps it, "phyllome bin keep forever" keeps all.`;
}
