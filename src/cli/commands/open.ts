// SPDX-License-Identifier: Apache-2.0
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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
  const [{ url }, { blankMinutes }] = await Promise.all([
    client.call('createTicket'),
    client.call('favourite'),
  ]);
  output.say(`link=${url}&kiosk`);
  output.say(`blank=${blankMinutes ?? 0}`);
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
