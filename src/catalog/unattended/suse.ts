// SPDX-License-Identifier: Apache-2.0
//
// openSUSE and its relatives: AutoYaST (XML, for Leap 15) and Agama (JSON, for what came after).
import { serialPort, type Answers, type Delivery, type Facts } from './answers.ts';
import { writeXml, type Xml } from './xml.ts';

const label = 'OEMDRV';
const isBoolean = { 'config:type': 'boolean' };
const isList = { 'config:type': 'list' };
const isSymbol = { 'config:type': 'symbol' };

export function autoyast(answers: Answers, facts: Facts): Delivery {
  return {
    by: 'iso',
    label,
    files: { 'autoinst.xml': writeXml(profile(answers, facts)) },
    commandLine: `autoyast=label://${label}/autoinst.xml console=tty0`,
  };
}

function profile(answers: Answers, facts: Facts): Xml {
  const { user, hostname, locale, timezone, keyboard, desktop } = answers;
  const port = serialPort(facts);
  const script = (source: string): Xml => [
    'chroot-scripts',
    [
      [
        'script',
        [
          ['chrooted', 'true', isBoolean],
          ['source', source],
        ],
      ],
    ],
    isList,
  ];
  return [
    'profile',
    [
      ['general', [['mode', [['confirm', 'false', isBoolean]]]]],
      ['language', [['language', locale]]],
      ['keyboard', [['keymap', keymaps[keyboard.layout] ?? keyboard.layout]]],
      [
        'timezone',
        [
          ['hwclock', 'UTC'],
          ['timezone', timezone],
        ],
      ],
      [
        'networking',
        [
          ['dns', [['hostname', hostname]]],
          ['keep_install_network', 'true', isBoolean],
        ],
      ],
      ['partitioning', [drive(answers, facts)], isList],
      [
        'software',
        [
          ['patterns', [['pattern', 'base'], ...(desktop ? [['pattern', 'gnome'] as const] : [])], isList],
          [
            'packages',
            [
              ['package', 'qemu-guest-agent'],
              ['package', 'sudo'],
            ],
            isList,
          ],
        ],
      ],
      ['users', [userOf(answers)], isList],
      [
        'scripts',
        [
          script(
            [
              ...(user.passwordHash === null
                ? [`echo '${user.name} ALL=(ALL) NOPASSWD: ALL' >/etc/sudoers.d/${user.name}`]
                : []),
              'rm -f /var/adm/autoinstall/cache/installedSystem.xml',
              `echo '@phyllome@ installed' >${port}`,
            ].join('\n'),
          ),
        ],
      ],
    ],
    { xmlns: 'http://www.suse.com/1.0/yast2ns', 'xmlns:config': 'http://www.suse.com/1.0/configns' },
  ];
}

// YaST has names of its own for the most common keyboards.
const keymaps: Readonly<Record<string, string>> = {
  us: 'english-us',
  gb: 'english-uk',
  de: 'german',
  fr: 'french',
  es: 'spanish',
  it: 'italian',
  pt: 'portugese',
};

function drive({ passphrase }: Answers, { disk }: Facts): Xml {
  const encrypted: Xml[] =
    passphrase === null
      ? []
      : [
          [
            'partitions',
            [
              [
                'partition',
                [
                  ['mount', '/'],
                  ['size', 'max'],
                  ['crypt_method', 'luks1', isSymbol],
                  ['crypt_key', passphrase],
                ],
              ],
            ],
            isList,
          ],
        ];
  return ['drive', [['device', disk], ['initialize', 'true', isBoolean], ['use', 'all'], ...encrypted]];
}

function userOf({ user }: Answers): Xml {
  const { name, fullName, passwordHash, sshKeys } = user;
  return [
    'user',
    [
      ['username', name],
      ['fullname', fullName],
      ['encrypted', 'true', isBoolean],
      ['user_password', passwordHash ?? '!'],
      ...(sshKeys.length === 0
        ? []
        : [['authorized_keys', sshKeys.map((key): Xml => ['listentry', key]), isList] as const]),
    ],
  ];
}

/** Agama's profile: JSON with hashed passwords. */
export function agama(answers: Answers, facts: Facts): Delivery {
  const { user, hostname, locale, timezone, keyboard, passphrase, desktop } = answers;
  const profileOf = {
    product: { id: productOf(facts.guestOs) },
    hostname: { static: hostname },
    localization: {
      language: `${locale}.UTF-8`,
      keyboard: keyboard.variant === '' ? keyboard.layout : `${keyboard.layout}(${keyboard.variant})`,
      timezone,
    },
    user: {
      userName: user.name,
      fullName: user.fullName,
      password: user.passwordHash ?? '!',
      hashedPassword: true,
    },
    ...(user.sshKeys.length > 0 && { root: { sshPublicKey: user.sshKeys[0] } }),
    software: { patterns: desktop ? ['gnome'] : [], packages: ['qemu-guest-agent', 'openssh-server'] },
    ...(passphrase !== null && {
      storage: {
        drives: [
          {
            partitions: [
              { search: '*', delete: true },
              { generate: { partitions: 'default', encryption: { luks2: { password: passphrase } } } },
            ],
          },
        ],
      },
    }),
    scripts: {
      post: [
        {
          name: 'phyllome',
          chroot: false,
          body: `#!/bin/sh\necho '@phyllome@ installed' >${serialPort(facts)}\n`,
        },
      ],
    },
  };
  return {
    by: 'iso',
    label,
    files: { 'autoinst.json': `${JSON.stringify(profileOf, null, 2)}\n` },
    commandLine: `inst.auto=label://${label}/autoinst.json inst.finish=reboot console=tty0`,
  };
}

function productOf(guestOs: string): string {
  if (guestOs.includes('tumbleweed')) return 'Tumbleweed';
  return guestOs.startsWith('sle') ? 'SLES' : 'Leap_16.0';
}
