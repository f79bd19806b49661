// SPDX-License-Identifier: Apache-2.0
//
// Ubuntu's installer (subiquity): cloud-init's format with a part of its own, "autoinstall", version 1.
import { serialPort, type Answers, type Delivery, type Facts } from './answers.ts';
import { cloudConfig, sayCommand } from './cloud-init.ts';

export function autoinstall(answers: Answers, facts: Facts): Delivery {
  return {
    by: 'iso',
    label: 'CIDATA',
    files: { 'user-data': cloudConfig({ autoinstall: autoinstallOf(answers, facts) }), 'meta-data': '' },
    // Without this word on its command line it asks once whether it may go on.
    commandLine: 'autoinstall console=tty0',
  };
}

function autoinstallOf(answers: Answers, facts: Facts): object {
  const { user, hostname, locale, keyboard, timezone, passphrase, desktop } = answers;
  const { name, fullName, passwordHash, sshKeys } = user;
  const target = '/target';
  return {
    version: 1,
    locale: `${locale}.UTF-8`,
    keyboard: { layout: keyboard.layout, variant: keyboard.variant },
    timezone,
    // A locked account has this in place of a hash.
    identity: { hostname, username: name, realname: fullName, password: passwordHash ?? '!' },
    ssh: { 'install-server': sshKeys.length > 0, 'authorized-keys': sshKeys, 'allow-pw': false },
    storage: {
      layout: passphrase === null ? { name: 'direct' } : { name: 'lvm', password: passphrase },
    },
    packages: ['qemu-guest-agent', ...(desktop ? ['ubuntu-desktop-minimal'] : [])],
    // Only its own events: the rest of the journal is none of our business.
    'early-commands': [
      [
        'sh',
        '-c',
        `(journalctl -f -o cat | grep --line-buffered -E 'subiquity/|curtin command' >${serialPort(facts)} 2>/dev/null) </dev/null &`,
      ],
    ],
    'late-commands': [
      ...(passwordHash === null
        ? [
            [
              'sh',
              '-c',
              `echo '${name} ALL=(ALL) NOPASSWD: ALL' >${target}/etc/sudoers.d/${name} && chmod 440 ${target}/etc/sudoers.d/${name}`,
            ],
          ]
        : []),
      // What the installer was told stays on the disk otherwise.
      ['sh', '-c', `rm -f ${target}/var/log/installer/autoinstall-user-data ${target}/autoinstall.yaml`],
      sayCommand('installed', facts),
    ],
    'error-commands': [sayCommand('failed its installer stopped with an error', facts)],
    shutdown: 'reboot',
  };
}
