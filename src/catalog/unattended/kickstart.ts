// SPDX-License-Identifier: Apache-2.0
//
// Fedora and its relatives (anaconda): one command a line, whose words are taken apart as a POSIX shell does. Anaconda
// looks for ks.cfg on a medium with the label OEMDRV by itself.
import { serialPort, shellWord, type Answers, type Delivery, type Facts } from './answers.ts';

export function kickstart(answers: Answers, facts: Facts): Delivery {
  return {
    by: 'iso',
    label: 'OEMDRV',
    files: { 'ks.cfg': `${[...commands(answers), ...sections(answers, facts)].join('\n')}\n` },
    commandLine: 'inst.ks=hd:LABEL=OEMDRV:/ks.cfg console=tty0',
  };
}

function commands(answers: Answers): string[] {
  const { user, hostname, locale, keyboard, timezone, passphrase } = answers;
  const { name, fullName, passwordHash, sshKeys } = user;
  const { layout, variant } = keyboard;
  return [
    'text',
    'eula --agreed',
    `lang ${locale}.UTF-8`,
    `keyboard --xlayouts=${shellWord(variant === '' ? layout : `${layout} (${variant})`)}`,
    `timezone ${timezone} --utc`,
    `network --bootproto=dhcp --hostname=${hostname}`,
    'rootpw --lock',
    [
      `user --name=${name} --groups=wheel --gecos=${shellWord(fullName)}`,
      passwordHash === null ? '--lock' : `--iscrypted --password=${shellWord(passwordHash)}`,
    ].join(' '),
    ...sshKeys.map((key) => `sshkey --username=${name} ${shellWord(key)}`),
    'zerombr',
    'clearpart --all --initlabel',
    passphrase === null
      ? 'autopart'
      : `autopart --encrypted --luks-version=luks2 --passphrase=${shellWord(passphrase)}`,
    'bootloader --append="console=ttyS0 console=tty0"',
    'firstboot --disable',
    'reboot',
  ];
}

function sections({ user, desktop }: Answers, facts: Facts): string[] {
  const port = serialPort(facts);
  // Of the two environments a release has one; the other is no error.
  const packages = desktop
    ? ['@^workstation-product-environment', '@^graphical-server-environment', 'spice-vdagent']
    : ['@core'];
  return [
    '%packages --ignoremissing',
    ...packages,
    'qemu-guest-agent',
    ...(user.sshKeys.length > 0 ? ['openssh-server'] : []),
    '%end',
    '%pre',
    `(tail -n +1 -F /tmp/anaconda.log /tmp/packaging.log 2>/dev/null >${port}) </dev/null &`,
    '%end',
    '%post --erroronfail',
    ...(user.passwordHash === null
      ? [
          `echo '${user.name} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${user.name}`,
          `chmod 440 /etc/sudoers.d/${user.name}`,
        ]
      : []),
    // What the installer was told, with the hashes in it, is none of the system's business.
    'rm -f /root/anaconda-ks.cfg /root/original-ks.cfg',
    '%end',
    '%post --nochroot',
    'rm -f /mnt/sysroot/root/original-ks.cfg',
    `echo '@phyllome@ installed' >${port}`,
    '%end',
    '%onerror',
    `echo '@phyllome@ failed its installer stopped with an error' >${port}`,
    '%end',
  ];
}
