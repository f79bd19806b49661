// SPDX-License-Identifier: Apache-2.0
//
// What the owner decided about this PC, brought into the files and programs of the system. Values are looked up in what this
// system knows: a service that was taken over can choose among them and nothing else.
import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { ChangeOsSettings, type OsSettings } from '../../../contract/os-settings.ts';
import { Type } from '../../../contract/schema.ts';
import { writeAtomic } from '../../../host/files.ts';
import {
  findKeymap,
  readKeyboards,
  readOsChoices,
  type Keyboard,
} from '../../../host/os-settings/choices.ts';
import { osFiles, sshSocket } from '../../../host/os-settings/files.ts';
import { logindWords, readOsSettings } from '../../../host/os-settings/settings.ts';
import { osTool } from '../os-tool.ts';
import type { Verb, VerbContext } from '../verb.ts';
import { changeFirewall } from './firewall.ts';

const { openPorts: _, ...values } = ChangeOsSettings.properties;
const Request = Type.Object(values, { additionalProperties: false });
type Request = Partial<Omit<OsSettings, 'openPorts'>>;

export const settings: Verb<Request> = {
  request: Request,
  exclusive: true,
  async run(wish, context) {
    const { root, signal } = context;
    const tool = (...argv: string[]): Promise<string> => osTool(root, argv, { signal });
    const keyboard = await requireKnown(root, wish);
    if (wish.hostName !== undefined) await tool('/usr/bin/hostnamectl', 'hostname', wish.hostName);
    if (wish.timeZone !== undefined) await tool('/usr/bin/timedatectl', 'set-timezone', wish.timeZone);
    if (keyboard !== null) {
      await write(root, osFiles.console, consoleText(keyboard, await findKeymap(root, keyboard)));
      await tool('/usr/bin/systemctl', 'restart', 'systemd-vconsole-setup.service');
    }
    if (wish.locale !== undefined) await write(root, osFiles.locale, `LANG=${wish.locale}\n`);
    if (wish.powerButton !== undefined || wish.lid !== undefined) {
      const { powerButton, lid } = { ...(await readOsSettings(root)), ...wish };
      await write(
        root,
        osFiles.powerKeys,
        `[Login]\nHandlePowerKey=${logindWords[powerButton]}\nHandleLidSwitch=${logindWords[lid]}\nHandleLidSwitchExternalPower=${logindWords[lid]}\n`,
      );
      await tool('/usr/bin/systemctl', 'reload', 'systemd-logind.service');
    }
    if (wish.ssh !== undefined) await switchSsh(wish.ssh, context);
    return null;
  },
};

function refuse(what: string, value: string): never {
  throw new PhyllomeError('setting-unknown', { what, value });
}

/** @throws PhyllomeError `setting-unknown` before anything is changed */
async function requireKnown(root: string, wish: Request): Promise<Keyboard | null> {
  const { timeZones, locales } = await readOsChoices(root);
  if (wish.timeZone !== undefined && !timeZones.includes(wish.timeZone)) refuse('time zone', wish.timeZone);
  if (wish.locale !== undefined && !locales.includes(wish.locale)) refuse('locale', wish.locale);
  if (wish.keyboard === undefined) return null;
  const found = (await readKeyboards(root)).find(({ id }) => id === wish.keyboard);
  return found ?? refuse('keyboard', wish.keyboard);
}

/** vconsole.conf(5): the console reads the first line, what draws on the screen of this PC the others. */
const consoleText = ({ layout, model, variant, options }: Keyboard, keymap: string): string =>
  `KEYMAP=${keymap}\nXKBLAYOUT=${layout}\nXKBMODEL=${model}\nXKBVARIANT=${variant}\nXKBOPTIONS=${options}\n`;

/** Its port is opened before it answers there, and shut before it stops: what is switched off is never in reach. */
async function switchSsh(on: boolean, context: VerbContext): Promise<void> {
  const systemctl = (...words: string[]): Promise<string> =>
    osTool(context.root, ['/usr/bin/systemctl', ...words], { signal: context.signal });
  await changeFirewall({ ssh: on }, context);
  if (on) await systemctl('enable', '--now', sshSocket);
  else {
    await systemctl('disable', '--now', sshSocket);
    // Those who are signed in are sent away, too.
    await systemctl('stop', 'phyllome-ssh@*.service');
  }
}

async function write(root: string, file: string, text: string): Promise<void> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeAtomic(path, text, { mode: 0o644 });
}
