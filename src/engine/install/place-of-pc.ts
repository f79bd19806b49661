// SPDX-License-Identifier: Apache-2.0
//
// What this PC speaks, types on and where it is: the answers that nobody wants to give twice.
import { readFile, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Keyboard, Place } from '../../catalog/unattended/answers.ts';

/**
 * @param root folder to read below, "/" for this PC
 * @param env of the service
 */
export async function placeOfPc(
  root: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Place> {
  const read = (path: string): Promise<string> => readFile(join(root, path), 'utf8').catch(() => '');
  const [language, conf, console_, keyboard, zoneName] = await Promise.all([
    read('etc/default/locale'),
    read('etc/locale.conf'),
    read('etc/vconsole.conf'),
    read('etc/default/keyboard'),
    read('etc/timezone'),
  ]);
  const link = await readlink(join(root, 'etc/localtime')).catch(() => '');
  return {
    locale:
      [env['LC_ALL'], env['LANG'], valueIn(conf, 'LANG'), valueIn(language, 'LANG')]
        .map(localeOf)
        .find((found) => found !== null) ?? 'en_US',
    keyboard: keyboardOf(keyboard) ?? keyboardOf(console_) ?? { layout: 'us', variant: '' },
    timezone:
      zoneOf(env['TZ'] ?? '') ??
      zoneOf(/zoneinfo\/(.+)$/.exec(link)?.[1] ?? '') ??
      zoneOf(zoneName) ??
      'Etc/UTC',
  };
}

/** "fr_FR.UTF-8" is "fr_FR"; "C", "POSIX" and whatever else it could be say nothing. */
function localeOf(text: string | undefined): string | null {
  return /^([a-z]{2,3}_[A-Z]{2})(\.|@|$)/.exec(text ?? '')?.[1] ?? null;
}

function zoneOf(text: string): string | null {
  const zone = text.trim().replace(/^:/, '');
  return /^[A-Za-z][A-Za-z0-9_+-]*(\/[A-Za-z0-9_+-]+){0,2}$/.test(zone) ? zone : null;
}

/** Of several layouts the first one is what is typed on. */
function keyboardOf(text: string): Keyboard | null {
  const [layout = ''] = valueIn(text, 'XKBLAYOUT').split(',');
  const [variant = ''] = valueIn(text, 'XKBVARIANT').split(',');
  if (!/^[a-z]{2,8}$/.test(layout)) return null;
  return { layout, variant: /^[a-z0-9_-]{1,32}$/.test(variant) ? variant : '' };
}

/** Of a file with NAME=value or NAME="value" lines. */
function valueIn(text: string, name: string): string {
  return new RegExp(`^\\s*${name}=["']?([^"'\\n]*)`, 'm').exec(text)?.[1]?.trim() ?? '';
}
