// SPDX-License-Identifier: Apache-2.0
//
// Ignition (3.4), for systems that are put together at their first start: openSUSE MicroOS and Flatcar read it from a
// medium with the label "ignition". Fedora CoreOS does not: its images only look where QEMU passes it as firmware
// configuration.
import { serialPort, type Answers, type Delivery, type Facts } from './answers.ts';
import { refuseEncryption } from './refuse.ts';

const text = (content: string): string => `data:,${encodeURIComponent(content)}`;

/** @throws PhyllomeError `answers-unusable` */
export function ignition(answers: Answers, facts: Facts): Delivery {
  refuseEncryption(answers, 'A system that Ignition puts together');
  const { user, hostname, timezone } = answers;
  const config = {
    ignition: { version: '3.4.0' },
    passwd: {
      users: [
        {
          name: user.name,
          gecos: user.fullName,
          ...(user.passwordHash !== null && { passwordHash: user.passwordHash }),
          sshAuthorizedKeys: user.sshKeys,
          groups: ['wheel', 'sudo'],
        },
      ],
    },
    storage: {
      files: [
        { path: '/etc/hostname', mode: 0o644, overwrite: true, contents: { source: text(`${hostname}\n`) } },
      ],
      links: [{ path: '/etc/localtime', overwrite: true, target: `../usr/share/zoneinfo/${timezone}` }],
    },
    systemd: {
      units: [
        {
          name: 'phyllome-installed.service',
          enabled: true,
          contents: [
            '[Unit]',
            'After=multi-user.target',
            '[Service]',
            'Type=oneshot',
            `ExecStart=/bin/sh -c "echo '@phyllome@ installed' >${serialPort(facts)}"`,
            'ExecStartPost=/usr/bin/systemctl disable phyllome-installed.service',
            '[Install]',
            'WantedBy=multi-user.target',
            '',
          ].join('\n'),
        },
      ],
    },
  };
  return {
    by: 'iso',
    label: 'ignition',
    files: { 'ignition/config.ign': `${JSON.stringify(config, null, 2)}\n` },
    commandLine: '',
  };
}
