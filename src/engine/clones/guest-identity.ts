// SPDX-License-Identifier: Apache-2.0
import type { Clone } from '../../contract/clone.ts';

/**
 * What a guest that was copied has in common with the one it comes from, and how it gets an identity of its own. Nobody
 * but the guest can change that, so it is said in words. Not said for guests that keep nothing of the kind.
 * @param guestOs short id as in the definition
 * @param name of the new machine, for the host name
 */
export function guestIdentity(guestOs: string, name: string): Clone['guest'] {
  if (guestOs === 'tiny' || guestOs === 'micro') {
    return { text: 'This guest keeps no identity: there is nothing to change in it.', commands: [] };
  }
  if (/^(win|microsoft)/.test(guestOs)) return windows;
  if (/^(freebsd|ghostbsd|hardenedbsd|truenas|opnsense|pfsense)/.test(guestOs)) return bsd(name);
  if (/^(openbsd|netbsd|dragonfly|macos|osx|solaris|illumos|haiku|reactos|dos|freedos|msdos)/.test(guestOs)) {
    const text =
      'The new guest has the host name, the keys and every other mark of the old one. Give it its own where the two meet on a network.';
    return { text, commands: [] };
  }
  // "generic" is Linux more often than anything else; the words say for whom they are.
  return linux(name);
}

const windows: Clone['guest'] = {
  text: 'Both guests have the same computer name, SID and activation. Run Sysprep in the new one, which then shuts down and asks at its next start as after an installation; to make many, run it once in the machine you clone from. BitLocker: have the recovery key at hand.',
  commands: ['C:\\Windows\\System32\\Sysprep\\sysprep.exe /generalize /oobe /shutdown'],
};

function linux(name: string): Clone['guest'] {
  return {
    text: 'Both guests have the same host name, machine-id (which many DHCP servers go by) and SSH host keys. In a Linux guest, as root:',
    commands: [
      `hostnamectl set-hostname ${hostName(name)}`,
      'rm -f /etc/machine-id /var/lib/dbus/machine-id /var/lib/systemd/random-seed',
      'systemd-machine-id-setup',
      'rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub',
      'ssh-keygen -A',
      'reboot',
    ],
  };
}

function bsd(name: string): Clone['guest'] {
  return {
    text: 'Both guests have the same host name, host id and SSH host keys. In the new one, as root:',
    commands: [
      `sysrc hostname=${hostName(name)}`,
      'rm -f /etc/hostid /etc/machine-id',
      'service hostid onestart && service hostid_save onestart',
      'rm -f /etc/ssh/ssh_host_*_key /etc/ssh/ssh_host_*_key.pub',
      'reboot',
    ],
  };
}

/** A name of a machine as a host may have it (RFC 1123): it is pasted into a shell, so nothing else may be in it. */
function hostName(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, 63)
    .replaceAll(/^-+|-+$/g, '');
  return plain === '' ? 'clone' : plain;
}
