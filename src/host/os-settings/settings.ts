// SPDX-License-Identifier: Apache-2.0
import { lstat, readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { lids, powerButtons, type OsSettings } from '../../contract/os-settings.ts';
import { errorCode } from '../files.ts';
import { readFirewall } from './firewall.ts';
import { osFiles, sshLink } from './files.ts';

/** systemd-logind's words for what buttons do. */
export const logindWords = { 'power-off': 'poweroff', sleep: 'suspend', nothing: 'ignore' } as const;

export async function readOsSettings(root: string): Promise<OsSettings> {
  const console = await pairs(join(root, osFiles.console));
  const keys = await pairs(join(root, osFiles.powerKeys));
  return {
    hostName: ((await textOf(join(root, osFiles.hostName))) ?? '').trim(),
    timeZone: await zoneOf(join(root, osFiles.timeZone)),
    keyboard: keyboardOf(console),
    locale: (await pairs(join(root, osFiles.locale)))['LANG'] ?? 'C.UTF-8',
    ssh: await exists(join(root, sshLink)),
    powerButton: spoken(powerButtons, keys['HandlePowerKey']),
    lid: spoken(lids, keys['HandleLidSwitch']),
    openPorts: (await readFirewall(root)).ports,
  };
}

/** The word of ours for one of systemd-logind; the first one when that is none we know. */
function spoken<Word extends keyof typeof logindWords>(
  known: readonly Word[],
  word: string | undefined,
): Word {
  return known.find((one) => logindWords[one] === word) ?? (known[0] as Word);
}

function keyboardOf({ XKBLAYOUT = 'us', XKBVARIANT = '' }: Record<string, string>): string {
  return XKBVARIANT === '' ? XKBLAYOUT : `${XKBLAYOUT}(${XKBVARIANT})`;
}

async function zoneOf(link: string): Promise<string> {
  try {
    const [, zone = 'UTC'] = /zoneinfo\/(.+)$/.exec(await readlink(link)) ?? [];
    return zone === 'Etc/UTC' ? 'UTC' : zone;
  } catch (error) {
    // No link is UTC, too; a copy of a zone does not tell its name.
    if (['ENOENT', 'EINVAL'].includes(errorCode(error) ?? '')) return 'UTC';
    throw error;
  }
}

/** KEY=value lines; quotes around a value go. */
async function pairs(file: string): Promise<Record<string, string>> {
  const lines = ((await textOf(file)) ?? '').split('\n');
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, key, value] = /^([A-Za-z_]+)=["']?([^"']*)["']?$/.exec(line.trim()) ?? [];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

async function textOf(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  }
}
