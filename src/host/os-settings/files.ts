// SPDX-License-Identifier: Apache-2.0
//
// Where the settings of Phyllome OS stand. /etc of such a PC is on the writable file system; what the image brings is in
// /usr and is not changed.

/** Below the root. */
export const osFiles = {
  hostName: 'etc/hostname',
  /** A link into the zones */
  timeZone: 'etc/localtime',
  console: 'etc/vconsole.conf',
  locale: 'etc/locale.conf',
  powerKeys: 'etc/systemd/logind.conf.d/50-phyllome.conf',
  /** Ports that were opened, for nft; and the same for us */
  firewallRules: 'var/lib/phyllome-os/firewall.nft',
  firewall: 'var/lib/phyllome-os/firewall.json',
} as const;

/** The unit that answers on the port of ssh: enabled, it is a link here. */
export const sshSocket = 'phyllome-ssh.socket';
export const sshLink = `etc/systemd/system/sockets.target.wants/${sshSocket}`;
