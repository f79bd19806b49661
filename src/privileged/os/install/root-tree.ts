// SPDX-License-Identifier: Apache-2.0
//
// What the root file system of an installed PC begins with. Everything else in /etc comes from the image on its first start,
// which leaves alone what is there; /etc/machine-id is not, so that start knows that it is the first.
import { existsSync } from 'node:fs';
import { chmod, mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PhyllomeError } from '../../../contract/errors.ts';
import { osTool } from '../os-tool.ts';
import { networkFile } from './network-file.ts';
import type { InstallRequest } from './request.ts';

interface TreeFile {
  text: string;
  /** Left out: everybody may read it */
  mode?: number;
}

/** Texts by path. @param passwordHash of the owner @param admins the group whose members become root by sudo */
export function rootFiles(
  request: InstallRequest,
  { passwordHash, admins, shell }: { passwordHash: string; admins: string; shell: string },
): Record<string, TreeFile> {
  const { hostname, user, keyboard, locale, wifi } = request;
  const [, layout = 'us', variant = ''] = /^([a-z]+)(?:\((.+)\))?$/.exec(keyboard) ?? [];
  const { name } = user;
  return {
    'etc/hostname': { text: `${hostname}\n` },
    'etc/locale.conf': { text: `LANG=${locale}\n` },
    // The console of Debian has keymaps of these names; desktops and the kiosk take the XKB ones.
    'etc/vconsole.conf': {
      text: `KEYMAP=${layout}\nXKBLAYOUT=${layout}\n${variant === '' ? '' : `XKBVARIANT=${variant}\n`}`,
    },
    'etc/sysusers.d/phyllome-owner.conf': {
      text: `u ${name} 1000 "${name}" /home/${name} ${shell}\nm ${name} ${admins}\n`,
    },
    'etc/tmpfiles.d/phyllome-owner.conf': { text: `d /home/${name} 0700 ${name} ${name}\n` },
    // systemd-sysusers takes it when it makes the account.
    [`etc/credstore/passwd.hashed-password.${name}`]: { text: passwordHash, mode: 0o600 },
    ...(wifi !== undefined && {
      'etc/NetworkManager/system-connections/phyllome-wifi.nmconnection': {
        text: networkFile(wifi),
        mode: 0o600,
      },
    }),
  };
}

/** @throws PhyllomeError `install-answer-unusable` for a time zone that the system does not know */
export async function stageRoot(
  root: string,
  tree: string,
  request: InstallRequest,
  signal: AbortSignal,
): Promise<void> {
  const zone = join('/usr/share/zoneinfo', request.timezone);
  if (!existsSync(join(root, zone)))
    throw new PhyllomeError('install-answer-unusable', {
      question: 'time zone',
      reason: `${request.timezone} is not known`,
    });
  const hash = await osTool(root, ['/usr/bin/openssl', 'passwd', '-6', '-stdin'], {
    input: `${request.user.password}\n`,
    signal,
  });
  const files = rootFiles(request, {
    passwordHash: hash.trim(),
    admins: existsSync(join(root, 'usr/lib/sysimage/rpm')) ? 'wheel' : 'sudo',
    shell: existsSync(join(root, 'usr/bin/bash')) ? '/bin/bash' : '/bin/sh',
  });
  for (const [path, { text, mode = 0o644 }] of Object.entries(files)) await put(join(tree, path), text, mode);
  await symlink(`..${zone}`, join(tree, 'etc/localtime'));
  await chmod(join(tree, 'etc/credstore'), 0o700);
}

export async function put(path: string, text: string | Uint8Array, mode: number): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o755 });
  await writeFile(path, text, { mode: 0o600 });
  await chmod(path, mode);
}
