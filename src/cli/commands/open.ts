// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Context, Run } from '../context.ts';
import { plain } from '../terminal/output.ts';

export const open: Run = async (context, input) => {
  const { client, output, json } = context;
  if (input.flag('kiosk')) await printForDisplay(context);
  else if (json) output.json(await client.call('createTicket'));
  else await showLink(context);
};

/** What a display of this PC needs to show the page: a link that makes it one, and when it goes dark. For a program. */
async function printForDisplay({ client, output }: Context): Promise<void> {
  const { blankMinutes } = await whenItRuns(() => client.call('favourite'));
  const { url } = await client.call('createTicket');
  output.say(`link=${url}&kiosk`);
  output.say(`blank=${blankMinutes ?? 0}`);
}

// How often, and how long apart (ms), a service is asked that does not run yet: a minute, while this PC comes up.
const tries = 120;
const pause = 500;

/** @throws PhyllomeError `service-unreachable` when it does not run after that time, or what the service says */
async function whenItRuns<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  for (let rest = tries; ; rest -= 1) {
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof PhyllomeError) || error.code !== 'service-unreachable' || rest === 0)
        throw error;
      await delay(pause);
    }
  }
}

/** Prints a link that signs one browser in and, on a desktop, opens that browser. */
export async function showLink(context: Context): Promise<void> {
  const { client, output, env } = context;
  const ticket = await client.call('createTicket');
  output.say(plain(ticket.url));
  const desktop = [env['DISPLAY'], env['WAYLAND_DISPLAY']].some((display) => (display ?? '') !== '');
  if (desktop && output.terminal) await openBrowser(context, ticket.url);
  else output.note('Open it in a browser on this PC. It signs one browser in, once.');
}

/**
 * Opens the browser at a file that leads on to the link. The link itself may not be an argument of a program:
 * other users of this PC can read those, and could use it first.
 */
async function openBrowser({ output, paths }: Context, url: string): Promise<void> {
  const file = join(paths.runtime, 'open.html');
  const target = url.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  await writeFile(
    file,
    `<!doctype html><meta http-equiv="refresh" content="0;url=${target}"><a href="${target}">Phyllome</a>\n`,
    {
      mode: 0o600,
    },
  );
  await new Promise<void>((resolve) => {
    const browser = spawn('xdg-open', [file], { detached: true, stdio: 'ignore' });
    browser.once('error', () => {
      output.note('No browser could be opened from here; open the link yourself.');
      resolve();
    });
    browser.once('spawn', () => {
      browser.unref();
      output.note('Your browser opens it. Should it not, open the link yourself.');
      resolve();
    });
  });
}
