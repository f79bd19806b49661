// SPDX-License-Identifier: Apache-2.0
//
// Cloud images: a system that is there already, and makes its user at its first start. cloud-init finds a medium with the
// label CIDATA (its datasource "NoCloud"). Of the network nothing is said: its own default is an address by DHCP. What is
// in the files is data for a YAML writer, never text that is put together.
import { stringify } from 'yaml';
import { serialPort, shellWord, type Answers, type Delivery, type Facts } from './answers.ts';
import { refuseEncryption } from './refuse.ts';

/** @throws PhyllomeError `answers-unusable` */
export function cloudInit(answers: Answers, facts: Facts): Delivery {
  refuseEncryption(answers, 'An image that has its system already');
  return {
    by: 'iso',
    label: 'CIDATA',
    files: {
      'user-data': cloudConfig(userData(answers, facts)),
      'meta-data': stringify({
        'instance-id': `phyllome-${answers.hostname}`,
        'local-hostname': answers.hostname,
      }),
    },
    commandLine: '',
  };
}

/** The first line says what it is, and the rest is YAML. */
export function cloudConfig(content: object): string {
  return `#cloud-config\n${stringify(content, { lineWidth: 0 })}`;
}

/** A command that says one word of ours where this PC hears it. */
export function sayCommand(text: string, facts: Pick<Facts, 'architecture'>): string[] {
  return ['sh', '-c', `echo ${shellWord(`@phyllome@ ${text}`)} >${serialPort(facts)}`];
}

/** Debian makes only the locales that its list names, and cloud-init does not write it. */
function offerLocale(locale: string): string[] {
  const list = '/etc/locale.gen';
  const line = `${locale}.UTF-8 UTF-8`;
  return [
    'sh',
    '-c',
    `[ ! -f ${list} ] || grep -qx ${shellWord(line)} ${list} || echo ${shellWord(line)} >>${list}`,
  ];
}

function userData({ user, hostname, locale, timezone, keyboard }: Answers, facts: Facts): object {
  const { name, fullName, passwordHash, sshKeys } = user;
  return {
    hostname,
    locale: `${locale}.UTF-8`,
    timezone,
    keyboard: { layout: keyboard.layout, ...(keyboard.variant !== '' && { variant: keyboard.variant }) },
    ssh_pwauth: false,
    users: [
      {
        name,
        gecos: fullName,
        shell: '/bin/bash',
        lock_passwd: passwordHash === null,
        ...(passwordHash !== null && { passwd: passwordHash }),
        ...(sshKeys.length > 0 && { ssh_authorized_keys: sshKeys }),
        // Whoever has no password cannot type one.
        sudo: passwordHash === null ? 'ALL=(ALL) NOPASSWD:ALL' : 'ALL=(ALL) ALL',
      },
    ],
    bootcmd: [sayCommand('step Configuring the system', facts), offerLocale(locale)],
    // The medium is taken out then; without it nothing is to be done again.
    runcmd: [['touch', '/etc/cloud/cloud-init.disabled'], sayCommand('installed', facts)],
  };
}
