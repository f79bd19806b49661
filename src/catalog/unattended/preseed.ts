// SPDX-License-Identifier: Apache-2.0
//
// Debian's installer: answers for its questions in preseed.cfg, which it reads from its initrd before it asks any.
// A line is "owner question type value"; a value ends with its line, and one that ends in "\" would go on in the next.
// The installer's own manual lists the questions (appendix "Automating the installation using preseeding").
import { PhyllomeError } from '../../contract/errors.ts';
import { basename } from 'node:path';
import { serialPort, type Answers, type Delivery, type Facts } from './answers.ts';
import { debianFollower } from './debian-follower.ts';

/** Where this PC itself gets Debian's packages. */
export interface DebianMirror {
  host: string;
  /** "/debian" */
  directory: string;
  /** "host/debian-security"; null: as the installer knows it */
  security: string | null;
}

export interface PreseedFacts extends Facts {
  /** null: the one that the installer knows itself, or its medium */
  mirror: DebianMirror | null;
}

/** @throws PhyllomeError `answers-unusable` */
export function preseed(answers: Answers, facts: PreseedFacts): Delivery {
  const lines = [
    ...placeLines(answers),
    ...networkLines(answers, facts),
    ...userLines(answers),
    ...diskLines(answers, facts),
    ...packageLines(answers),
    ...endLines(facts),
  ].map((line) => `d-i ${line}`);
  return {
    by: 'initrd',
    label: '',
    files: {
      'preseed.cfg': `${lines.join('\n')}\n`,
      'phyllome/follow': debianFollower(serialPort(facts)),
      'phyllome/late': lateScript(answers, facts),
      'phyllome/authorized_keys': answers.user.sshKeys.map((key) => `${key}\n`).join(''),
    },
    // "critical": what is not answered here has a default. Without a frame buffer the screen is text that can be read, and
    // the serial port is kept for what we are told.
    commandLine: 'auto=true priority=critical fb=false console=tty0',
  };
}

function placeLines({ locale, keyboard, timezone }: Answers): string[] {
  const { layout, variant } = keyboard;
  return [
    `debian-installer/locale string ${locale}.UTF-8`,
    `keyboard-configuration/xkb-keymap select ${variant === '' ? layout : `${layout}(${variant})`}`,
    `keyboard-configuration/layoutcode string ${layout}`,
    `keyboard-configuration/variantcode string ${variant}`,
    'clock-setup/utc boolean true',
    'clock-setup/ntp boolean false',
    `time/zone string ${timezone}`,
  ];
}

function networkLines({ hostname }: Answers, { mirror }: PreseedFacts): string[] {
  return [
    'netcfg/choose_interface select auto',
    `netcfg/hostname string ${hostname}`,
    `netcfg/get_hostname string ${hostname}`,
    'netcfg/get_domain string',
    'hw-detect/load_firmware boolean false',
    ...(mirror === null
      ? []
      : [
          'mirror/protocol string http',
          'mirror/country string manual',
          `mirror/http/hostname string ${mirror.host}`,
          `mirror/http/directory string ${mirror.directory}`,
        ]),
    'mirror/http/proxy string',
    ...(mirror?.security == null ? [] : [`apt-setup/security_host string ${mirror.security}`]),
  ];
}

function userLines({ user }: Answers): string[] {
  return [
    'passwd/root-login boolean false',
    `passwd/user-fullname string ${plainEnd(user.fullName)}`,
    `passwd/username string ${user.name}`,
    // "!" is no hash of any password.
    `passwd/user-password-crypted password ${user.passwordHash ?? '!'}`,
  ];
}

function diskLines({ passphrase }: Answers, { disk }: PreseedFacts): string[] {
  return [
    `partman-auto/disk string ${disk}`,
    ...(passphrase === null ? ['partman-auto/method string regular'] : encryptionLines(passphrase)),
    'partman-auto/choose_recipe select atomic',
    'partman-partitioning/confirm_write_new_label boolean true',
    'partman-efi/non_efi_system boolean true',
    'partman/choose_partition select finish',
    'partman/confirm boolean true',
    'partman/confirm_nooverwrite boolean true',
    'grub-installer/only_debian boolean true',
    'grub-installer/with_other_os boolean true',
    `grub-installer/bootdev string ${disk}`,
  ];
}

function encryptionLines(passphrase: string): string[] {
  if (/^\s|\s$|\\$/.test(passphrase))
    throw new PhyllomeError('answers-unusable', {
      reason:
        "Debian's installer takes no passphrase that begins or ends with a space, or ends with a backslash",
    });
  return [
    'partman-auto/method string crypto',
    'partman-lvm/device_remove_lvm boolean true',
    'partman-lvm/confirm boolean true',
    'partman-lvm/confirm_nooverwrite boolean true',
    'partman-auto-lvm/guided_size string max',
    // The disk is new, and nobody's data is on it.
    'partman-auto-crypto/erase_disks boolean false',
    'partman-crypto/weak_passphrase boolean true',
    `partman-crypto/passphrase password ${passphrase}`,
    `partman-crypto/passphrase-again password ${passphrase}`,
  ];
}

function packageLines({ desktop, user }: Answers): string[] {
  const more = ['qemu-guest-agent', ...(user.sshKeys.length > 0 ? ['openssh-server', 'sudo'] : ['sudo'])];
  return [
    'apt-setup/enable-source-repositories boolean false',
    'apt-setup/services-select multiselect security, updates',
    // A medium that stays in the drive is no place to get packages from later.
    'apt-setup/cdrom/set-first boolean false',
    'apt-setup/disable-cdrom-entries boolean true',
    ...(desktop
      ? ['tasksel/first multiselect standard, desktop']
      : ['base-installer/install-recommends boolean false', 'pkgsel/run_tasksel boolean false']),
    `pkgsel/include string ${[...more, ...(desktop ? ['spice-vdagent'] : [])].join(' ')}`,
    'pkgsel/upgrade select none',
    `pkgsel/update-policy select ${desktop ? 'unattended-upgrades' : 'none'}`,
    'popularity-contest/participate boolean false',
  ];
}

function endLines(facts: Facts): string[] {
  // A command that keeps its output open is waited for.
  const alone = '</dev/null >/dev/null 2>&1 3>&- 4>&- 5>&- 6>&- &';
  return [
    `debian-installer/add-kernel-opts string console=${basename(serialPort(facts))} console=tty0`,
    `preseed/early_command string sh /phyllome/follow ${alone}`,
    'preseed/late_command string sh /phyllome/late',
    'cdrom-detect/eject boolean false',
    'finish-install/reboot_in_progress note',
  ];
}

function lateScript({ user }: Answers, facts: Facts): string {
  const home = `/target/home/${user.name}`;
  return [
    '#!/bin/sh',
    'set -e',
    ...(user.sshKeys.length === 0
      ? []
      : [
          `mkdir -p ${home}/.ssh`,
          `cp /phyllome/authorized_keys ${home}/.ssh/authorized_keys`,
          `chmod 700 ${home}/.ssh`,
          `chmod 600 ${home}/.ssh/authorized_keys`,
          `in-target chown -R ${user.name}:${user.name} /home/${user.name}/.ssh`,
        ]),
    // Whoever has no password cannot type one.
    ...(user.passwordHash === null
      ? [
          `echo '${user.name} ALL=(ALL) NOPASSWD: ALL' >/target/etc/sudoers.d/${user.name}`,
          `chmod 440 /target/etc/sudoers.d/${user.name}`,
        ]
      : []),
    // The installer copies its logs to the disk; this one has the answers in it.
    'rm -f /var/lib/preseed/log /preseed.cfg',
    `echo '@phyllome@ installed' >${serialPort(facts)}`,
    '',
  ].join('\n');
}

/** A name is for people: what the format cannot have at its end is no loss. */
function plainEnd(text: string): string {
  return text.replaceAll(/[\s\\]+$/g, '').trim();
}
