// SPDX-License-Identifier: Apache-2.0
//
// "phyllome favourite": the machine that comes up with this PC, and what the screen of this PC shows.
import { hostKeys, type Favourite, type HostKey } from '../../contract/favourite.ts';
import type { Body } from '../../contract/api.ts';
import type { Run } from '../context.ts';
import type { Input } from '../parse.ts';
import { usageError } from '../failure.ts';
import { plain, type Output } from '../terminal/output.ts';

export const favourite: Run = async ({ client, output, json }, input) => {
  const change = changeOf(input);
  const found =
    Object.keys(change).length === 0
      ? await client.call('favourite')
      : await client.call('setFavourite', { body: change });
  if (json) output.json(found);
  else favouriteLines(found).forEach((line) => output.say(line));
};

export const showOnScreen: Run = async ({ client, output, json }, input) => {
  const what = input.argument('WHAT');
  const body: Body<'showOnScreen'> = what === 'host' ? { show: 'host' } : { show: 'machine', machine: what };
  const found = await client.call('showOnScreen', { body });
  if (json) output.json(found);
  else output.say(screenText(found));
  noteDisplays(found, output);
};

/** What the options and the argument ask for; nothing when they only want to see it. */
function changeOf(input: Input): Body<'setFavourite'> {
  const name = input.argument('NAME') || undefined;
  const opposite = (yes: string, no: string): boolean | undefined => {
    if (input.flag(yes) && input.flag(no))
      throw usageError(`--${yes} and --${no} exclude each other.`, 'favourite');
    return input.flag(yes) ? true : input.flag(no) ? false : undefined;
  };
  const autostart = opposite('autostart', 'no-autostart');
  const fullscreen = opposite('full-screen', 'window');
  const hostKey = readHostKey(input.text('host-key'));
  const blankMinutes = readMinutes(input.text('blank'));
  const lockMinutes = readMinutes(input.text('lock'));
  return {
    ...(name !== undefined && { machine: name === 'none' ? null : name }),
    ...(autostart !== undefined && { autostart }),
    ...(fullscreen !== undefined && { fullscreen }),
    ...(hostKey !== undefined && { hostKey }),
    ...(blankMinutes !== undefined && { blankMinutes }),
    ...(lockMinutes !== undefined && { lockMinutes }),
  };
}

function readHostKey(given: string | undefined): HostKey | undefined {
  const key = hostKeys.find((known) => known === given);
  if (given !== undefined && key === undefined)
    throw usageError(`"${given}" is no host key: those are ${hostKeys.join(', ')}.`, 'favourite');
  return key;
}

/** @returns null for never; undefined: it is not asked for */
function readMinutes(given: string | undefined): number | null | undefined {
  if (given === undefined) return undefined;
  if (given === 'never') return null;
  const minutes = /^\d{1,4}$/.test(given) ? Number(given) : 0;
  if (minutes < 1 || minutes > 1440)
    throw usageError(`"${given}" is no time: give minutes, 1 to 1440, or never.`, 'favourite');
  return minutes;
}

/** Everything about it, in lines of plain words. */
function favouriteLines(found: Favourite): string[] {
  const { machine, autostart, fullscreen, hostKey, blankMinutes, lockMinutes, problem } = found;
  const begins = autostart ? 'is started with this PC' : 'is not started by itself';
  const shows = fullscreen ? 'and has its screen' : 'and does not take its screen';
  return [
    machine === null ? 'No machine is the favourite.' : `${plain(machine.name)} ${begins} ${shows}.`,
    screenText(found),
    ...(problem === null ? [] : [plain(problem.error.message), plain(problem.error.hint)]),
    `The host key, which brings the host back: ${hostKeyWords[hostKey]}.`,
    blankMinutes === null
      ? 'The screen is never switched off by itself.'
      : `The screen is switched off after ${blankMinutes} minutes without use.`,
    ...(lockMinutes === null ? [] : [`It asks for the password after ${lockMinutes} minutes without use.`]),
  ];
}

const hostKeyWords: Readonly<Record<HostKey, string>> = {
  'ctrl-alt': 'left Ctrl and left Alt, pressed together and let go',
  'right-ctrl': 'right Ctrl, pressed alone',
  'both-ctrl': 'both Ctrl keys, pressed together and let go',
  'both-shift': 'both Shift keys, pressed together and let go',
  'scroll-lock': 'Scroll Lock',
};

function screenText({ screen }: Favourite): string {
  return screen.show === 'host'
    ? 'The screen of this PC shows the host.'
    : `The screen of this PC shows ${plain(screen.machine.name)}.`;
}

function noteDisplays({ displays }: Favourite, output: Output): void {
  if (displays === 0)
    output.note(
      'No screen of this PC listens at the moment: that is what the kiosk edition of Phyllome OS does.',
    );
}
