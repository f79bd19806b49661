// SPDX-License-Identifier: Apache-2.0
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { PhyllomeEvent } from '../../contract/event.ts';
import type { Context, Run } from '../context.ts';
import { Interrupted, usageError } from '../failure.ts';
import { openEvents } from '../service/events.ts';
import { plain } from '../terminal/output.ts';
import { screenActions } from '../text-screen/actions.ts';
import { readFacts, type ScreenFacts } from '../text-screen/facts.ts';
import { openKeyboard, type Keyboard } from '../text-screen/keyboard.ts';
import { screenKeys, screenLines } from '../text-screen/lines.ts';

// Whole screen away, cursor to its beginning, cursor hidden.
const clear = '\u001b[H\u001b[2J\u001b[?25l';
const showCursor = '\u001b[?25h';
// Addresses come and go without an event; the service may be starting (ms).
const lookAgain = 30_000;
const lookWhileAway = 2000;
// Events come in bunches (ms).
const settle = 1500;

/** Shows what runs and where the page is, until the terminal is gone. */
export const osConsole: Run = async (context) => {
  const { output } = context;
  if (!output.interactive) throw usageError('This is a screen: it needs a terminal.', 'os console');
  using keyboard = openKeyboard(process.stdin, process.stdout);
  const actions = screenActions(context, [process.execPath, process.argv[1] ?? '']);
  let facts = await show(context, null);
  for (;;) {
    const known = new Set(screenKeys(facts).map(({ key }) => key));
    const key = await keyOrChange(context, keyboard, facts);
    if (key === 'gone') return;
    const action = known.has(key) ? actions[key] : undefined;
    if (action !== undefined) await keyboard.lend(() => perform(context, action));
    facts = await show(context, key === 'progress' ? facts : null);
  }
};

async function show({ client, output }: Context, known: ScreenFacts | null): Promise<ScreenFacts> {
  const facts = await readFacts(client, known);
  const { columns, rows } = process.stdout;
  // A serial line does not know its size and says 0.
  const size = { width: columns > 0 ? columns : 80, height: rows > 0 ? rows : 24 };
  output.raw('stdout', `${clear}${screenLines(facts, output, size).join('\r\n')}\r\n`);
  return facts;
}

/**
 * Waits until a key is pressed, or until there is something new to show: "progress" where that is of machines and tasks only,
 * "" where it is whatever else.
 */
async function keyOrChange({ client }: Context, keyboard: Keyboard, { away }: ScreenFacts): Promise<string> {
  const ended = new AbortController();
  const { signal } = ended;
  const changed = async (): Promise<string> => {
    if (away !== null) {
      await delay(lookWhileAway, undefined, { signal });
      return '';
    }
    const events: PhyllomeEvent[] = [];
    try {
      using feed = await openEvents(client);
      const close = (): void => feed.close();
      const closeAfter = (milliseconds: number): void =>
        void delay(milliseconds, undefined, { signal }).then(close, close);
      closeAfter(lookAgain);
      for await (const event of feed) {
        if (events.length === 0) closeAfter(settle);
        events.push(event);
      }
    } catch {
      // Its next answer, or none, says what is the matter.
      await delay(settle, undefined, { signal });
    }
    return events.length > 0 && events.every(isProgress) ? 'progress' : '';
  };
  const pressed = keyboard.next().then((key) => key?.toLowerCase() ?? 'gone');
  try {
    return await Promise.race([pressed, changed().catch(() => '')]);
  } finally {
    ended.abort();
  }
}

// A task that ends may have changed anything.
const isProgress = (event: PhyllomeEvent): boolean =>
  event.type === 'task.changed' ? event.task.state === 'running' : event.type.startsWith('machine.');

async function perform({ output }: Context, action: () => Promise<void>): Promise<void> {
  output.raw('stdout', `${clear}${showCursor}`);
  try {
    await action();
  } catch (thrown) {
    if (thrown instanceof Interrupted) return;
    const { message, hint } = PhyllomeError.from(thrown).report();
    output.say(plain(message));
    output.say(plain(hint));
    await delay(6000);
  }
}
