// SPDX-License-Identifier: Apache-2.0
import { randomUUID } from 'node:crypto';
import type { InstallAnswers } from '../../../contract/os-install.ts';

/** A wireless network as NetworkManager keeps one. Holds the password in plain text: mode 0600, or it is not read. */
export function networkFile(
  { name, password }: NonNullable<InstallAnswers['wifi']>,
  uuid: string = randomUUID(),
): string {
  const security =
    password === undefined ? [] : ['[wifi-security]', 'key-mgmt=wpa-psk', `psk=${keyText(password)}`, ''];
  return [
    '[connection]',
    `id=${keyText(name)}`,
    `uuid=${uuid}`,
    'type=wifi',
    '',
    '[wifi]',
    'mode=infrastructure',
    // As numbers, since a name may hold anything.
    `ssid=${[...Buffer.from(name, 'utf8')].join(';')};`,
    '',
    ...security,
    '[ipv4]',
    'method=auto',
    '',
    '[ipv6]',
    'method=auto',
    '',
  ].join('\n');
}

// GKeyFile: backslashes are doubled, and blanks at the beginning would be lost.
const keyText = (text: string): string => text.replaceAll('\\', '\\\\').replace(/^ /, '\\s');
