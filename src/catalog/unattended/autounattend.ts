// SPDX-License-Identifier: Apache-2.0
//
// Windows 10, 11 and Server: autounattend.xml, which its setup looks for in the root folder of every drive. Microsoft's
// "Unattended Windows Setup Reference" describes components and passes. Windows takes no hashed password: what it calls
// hidden is base64, so this file is as good as the password itself, and is only ever in memory (tmpfs).
import { PhyllomeError } from '../../contract/errors.ts';
import type { Answers, Delivery, Facts } from './answers.ts';
import { refuseEncryption } from './refuse.ts';
import { windowsKeyboard, windowsZone } from './windows-names.ts';
import { writeXml, type Xml } from './xml.ts';

/** @throws PhyllomeError `answers-unusable` */
export function autounattend(answers: Answers, facts: Facts): Delivery {
  refuseEncryption(answers, 'The setup of Windows');
  if (answers.password === null)
    throw new PhyllomeError('answers-unusable', { reason: 'Windows needs a password: it knows no SSH keys' });
  const passes: Xml[] = [
    pass('windowsPE', [languageOfSetup(answers, facts), drivers(facts), setup(answers, facts)]),
    pass('specialize', [specialShell(answers, facts), deployment(facts)]),
    pass('oobeSystem', [languageOfSystem(answers, facts), oobe(answers, answers.password, facts)]),
  ];
  return {
    by: 'iso',
    label: 'UNATTEND',
    files: { 'autounattend.xml': writeXml(['unattend', passes, namespaces]) },
    commandLine: '',
  };
}

const namespaces = {
  xmlns: 'urn:schemas-microsoft-com:unattend',
  'xmlns:wcm': 'http://schemas.microsoft.com/WMIConfig/2002/State',
};
const added = { 'wcm:action': 'add' };

const pass = (name: string, components: readonly Xml[]): Xml => ['settings', components, { pass: name }];

function component(name: string, { architecture }: Facts, content: readonly Xml[]): Xml {
  return [
    'component',
    content,
    {
      name: `Microsoft-Windows-${name}`,
      processorArchitecture: architecture === 'aarch64' ? 'arm64' : 'amd64',
      publicKeyToken: '31bf3856ad364e35',
      language: 'neutral',
      versionScope: 'nonSxS',
    },
  ];
}

function languages({ locale, keyboard }: Answers): Xml[] {
  const language = locale.replace('_', '-');
  return [
    ['InputLocale', windowsKeyboard(keyboard, language)],
    ['SystemLocale', language],
    ['UILanguage', language],
    ['UserLocale', language],
  ];
}

function languageOfSetup(answers: Answers, facts: Facts): Xml {
  const language = answers.locale.replace('_', '-');
  return component('International-Core-WinPE', facts, [
    ['SetupUILanguage', [['UILanguage', language]]],
    ...languages(answers),
  ]);
}

const languageOfSystem = (answers: Answers, facts: Facts): Xml =>
  component('International-Core', facts, languages(answers));

// A drive has the letter that is free; paths that are not there are passed over.
const letters = ['D', 'E', 'F', 'G', 'H'];

/** virtio-win has its drivers in folders by name, version and architecture. */
function drivers(facts: Facts): Xml {
  const architecture = facts.architecture === 'aarch64' ? 'ARM64' : 'amd64';
  const version = driverVersion(facts.guestOs);
  const paths = letters.flatMap((letter) =>
    ['viostor', 'vioscsi', 'NetKVM'].map((driver) => `${letter}:\\${driver}\\${version}\\${architecture}`),
  );
  return component('PnpCustomizationsWinPE', facts, [
    [
      'DriverPaths',
      paths.map((path, index): Xml => [
        'PathAndCredentials',
        [['Path', path]],
        { ...added, 'wcm:keyValue': String(index + 1) },
      ]),
    ],
  ]);
}

function driverVersion(guestOs: string): string {
  const server = /(?:2k|server-?20)(\d\d)/.exec(guestOs)?.[1];
  if (server !== undefined) return `2k${server}`;
  return /10/.test(guestOs) ? 'w10' : 'w11';
}

function setup(answers: Answers, facts: Facts): Xml {
  const isUefi = facts.firmware === 'uefi';
  return component('Setup', facts, [
    ['DiskConfiguration', [diskOf(isUefi), ['WillShowUI', 'OnError']]],
    [
      'ImageInstall',
      [
        [
          'OSImage',
          [
            ['InstallFrom', [['MetaData', imageOf(answers, facts), added]]],
            [
              'InstallTo',
              [
                ['DiskID', '0'],
                ['PartitionID', isUefi ? '3' : '2'],
              ],
            ],
          ],
        ],
      ],
    ],
    ['RunSynchronous', commands('RunSynchronousCommand', 'Path', labConfig(facts))],
    [
      'UserData',
      [
        ['AcceptEula', 'true'],
        ['FullName', answers.user.fullName],
        [
          'ProductKey',
          [
            ...(answers.productKey === null ? [] : [['Key', answers.productKey] as const]),
            ['WillShowUI', answers.productKey === null ? 'Never' : 'OnError'],
          ],
        ],
      ],
    ],
  ]);
}

/** Which of the editions on the medium: by name, of servers the standard one with a desktop. */
function imageOf({ edition }: Answers, { guestOs }: Facts): Xml[] {
  const name = edition ?? { win11: 'Windows 11 Pro', win10: 'Windows 10 Pro' }[guestOs];
  return name === undefined
    ? [
        ['Key', '/IMAGE/INDEX'],
        ['Value', driverVersion(guestOs).startsWith('2k') ? '2' : '1'],
      ]
    : [
        ['Key', '/IMAGE/NAME'],
        ['Value', name],
      ];
}

/** This PC may have no TPM, an old processor or little memory, and Windows runs on it all the same. */
function labConfig({ guestOs }: Facts): string[] {
  if (!guestOs.startsWith('win11') && guestOs !== 'win') return [];
  return [
    'BypassTPMCheck',
    'BypassSecureBootCheck',
    'BypassCPUCheck',
    'BypassRAMCheck',
    'BypassStorageCheck',
  ].map((name) => `reg add HKLM\\SYSTEM\\Setup\\LabConfig /v ${name} /t REG_DWORD /d 1 /f`);
}

function diskOf(isUefi: boolean): Xml {
  const create = (order: number, type: string, size: number | null): Xml => [
    'CreatePartition',
    [
      ['Order', String(order)],
      ...(size === null ? [['Extend', 'true'] as const] : [['Size', String(size)] as const]),
      ['Type', type],
    ],
    added,
  ];
  const modify = (order: number, more: readonly Xml[]): Xml => [
    'ModifyPartition',
    [...more, ['Order', String(order)], ['PartitionID', String(order)]],
    added,
  ];
  const system: Xml[] = [
    ['Format', 'NTFS'],
    ['Label', 'Windows'],
    ['Letter', 'C'],
  ];
  // Sizes in MiB.
  const layout: [Xml[], Xml[]] = isUefi
    ? [
        [create(1, 'EFI', 300), create(2, 'MSR', 16), create(3, 'Primary', null)],
        [
          modify(1, [
            ['Format', 'FAT32'],
            ['Label', 'System'],
          ]),
          modify(2, []),
          modify(3, system),
        ],
      ]
    : [
        [create(1, 'Primary', 500), create(2, 'Primary', null)],
        [
          modify(1, [
            ['Active', 'true'],
            ['Format', 'NTFS'],
            ['Label', 'System'],
          ]),
          modify(2, system),
        ],
      ];
  const [creates, modifies] = layout;
  return [
    'Disk',
    [
      ['CreatePartitions', creates],
      ['DiskID', '0'],
      ['ModifyPartitions', modifies],
      ['WillWipeDisk', 'true'],
    ],
    added,
  ];
}

function specialShell({ hostname, timezone }: Answers, facts: Facts): Xml {
  return component('Shell-Setup', facts, [
    // NetBIOS has room for 15 characters.
    ['ComputerName', hostname.slice(0, 15).replace(/-+$/, '')],
    ['TimeZone', windowsZone(timezone)],
  ]);
}

/** Without an account of Microsoft's, and without a network at that moment. */
function deployment(facts: Facts): Xml {
  const path = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\OOBE';
  return component('Deployment', facts, [
    [
      'RunSynchronous',
      commands('RunSynchronousCommand', 'Path', [`reg add ${path} /v BypassNRO /t REG_DWORD /d 1 /f`]),
    ],
  ]);
}

function oobe({ user }: Answers, password: string, facts: Facts): Xml {
  const secret: Xml = [
    'Password',
    [
      ['PlainText', 'false'],
      ['Value', obfuscated(password)],
    ],
  ];
  return component('Shell-Setup', facts, [
    // Once, so that what follows is done and said.
    ['AutoLogon', [['Enabled', 'true'], ['LogonCount', '1'], secret, ['Username', user.name]]],
    ['FirstLogonCommands', commands('SynchronousCommand', 'CommandLine', firstLogon)],
    [
      'OOBE',
      [
        ['HideEULAPage', 'true'],
        ['HideOEMRegistrationScreen', 'true'],
        ['HideOnlineAccountScreens', 'true'],
        ['HideWirelessSetupInOOBE', 'true'],
        ['ProtectYourPC', '3'],
      ],
    ],
    [
      'UserAccounts',
      [
        [
          'LocalAccounts',
          [
            [
              'LocalAccount',
              [['DisplayName', user.fullName], ['Group', 'Administrators'], ['Name', user.name], secret],
              added,
            ],
          ],
        ],
      ],
    ],
  ]);
}

const firstLogon = [
  `cmd /c for %d in (${letters.join(' ')}) do if exist %d:\\virtio-win-guest-tools.exe start /wait %d:\\virtio-win-guest-tools.exe /install /quiet /norestart`,
  // Setup keeps copies of what it was told.
  'cmd /c del /q C:\\Windows\\Panther\\unattend.xml C:\\Windows\\Panther\\unattend-original.xml C:\\Windows\\System32\\Sysprep\\unattend.xml',
  'cmd /c echo @phyllome@ installed>COM1',
];

function commands(tag: string, path: 'Path' | 'CommandLine', lines: readonly string[]): Xml[] {
  return lines.map((line, index): Xml => [
    tag,
    [
      [path, line],
      ['Order', String(index + 1)],
    ],
    added,
  ]);
}

/** What Windows itself writes in place of a password: no secret from anybody who can read it. */
function obfuscated(password: string): string {
  return Buffer.from(`${password}Password`, 'utf16le').toString('base64');
}
