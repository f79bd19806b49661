// SPDX-License-Identifier: Apache-2.0
//
// Which lines of which installer's log begin which step.
import type { answerFormats } from '../../contract/catalog.ts';
import type { Milestone } from './progress.ts';

const menu = (item: string, step: string, share: number): Milestone => ({
  pattern: new RegExp(`main-menu\\[\\d+\\]: .*Menu item '${item}' (selected|succeeded)?`),
  step,
  share,
});

// Debian's installer is a menu whose items are chosen one after the other.
const debian: Milestone[] = [
  menu('localechooser', 'Choosing the language', 0.01),
  menu('ethdetect', 'Looking for network cards', 0.02),
  menu('netcfg', 'Configuring the network', 0.03),
  menu('choose-mirror', 'Choosing a mirror', 0.04),
  menu('download-installer', 'Loading more of the installer', 0.05),
  menu('user-setup-udeb', 'Making the user', 0.09),
  menu('clock-setup', 'Setting the clock', 0.1),
  menu('disk-detect', 'Looking for disks', 0.11),
  menu('partman-base', 'Partitioning the disk', 0.12),
  menu('bootstrap-base', 'Installing the base system', 0.15),
  menu('apt-setup-udeb', 'Configuring the package manager', 0.7),
  menu('pkgsel', 'Installing software', 0.75),
  menu('grub-installer', 'Installing the boot loader', 0.92),
  menu('finish-install', 'Finishing the installation', 0.97),
];

// Subiquity says what it does as lines of its reporter: "start: subiquity/Install/install/..."
const ubuntu: Milestone[] = [
  { pattern: /subiquity\/Filesystem/, step: 'Partitioning the disk', share: 0.05 },
  { pattern: /cmd-install|curtin command install/, step: 'Installing the system', share: 0.1 },
  { pattern: /curtin command extract|cmd-extract/, step: 'Copying the system', share: 0.15 },
  { pattern: /curthooks|installing kernel/i, step: 'Configuring the system', share: 0.6 },
  { pattern: /install_(openssh-server|packages?)/, step: 'Installing software', share: 0.8 },
  { pattern: /run_unattended_upgrades/, step: 'Installing updates', share: 0.85 },
  { pattern: /subiquity\/Late\/run/, step: 'Finishing the installation', share: 0.95 },
];

const anaconda: Milestone[] = [
  {
    pattern: /Creating (disklabel|ext4|xfs|btrfs|lvm)|Setting up the installation environment/i,
    step: 'Partitioning the disk',
    share: 0.05,
  },
  {
    pattern: /Starting package installation process|Downloading packages/i,
    step: 'Loading the software',
    share: 0.1,
  },
  {
    pattern: /Preparing transaction|Installing \S+\.(x86_64|aarch64|noarch)/i,
    step: 'Installing software',
    share: 0.3,
  },
  { pattern: /Installing boot loader/i, step: 'Installing the boot loader', share: 0.85 },
  {
    pattern: /Performing post-installation|Running post-installation/i,
    step: 'Finishing the installation',
    share: 0.92,
  },
];

const yast: Milestone[] = [
  { pattern: /inst_prepdisk|Commit(ting)? .*partition/i, step: 'Partitioning the disk', share: 0.05 },
  { pattern: /inst_kickoff|Preparing disks/i, step: 'Preparing the system', share: 0.1 },
  { pattern: /inst_rpmcopy|Installing Packages/i, step: 'Installing software', share: 0.15 },
  { pattern: /inst_finish|Finishing Basic Installation/i, step: 'Finishing the installation', share: 0.9 },
];

const cloud: Milestone[] = [
  { pattern: /cloud-init\[\d+\]: .*running 'init-local'/, step: 'Reading the answers', share: 0.3 },
  {
    pattern: /cloud-init\[\d+\]: .*running 'init'/,
    step: 'Configuring the network and the user',
    share: 0.5,
  },
  { pattern: /cloud-init\[\d+\]: .*running 'modules:config'/, step: 'Configuring the system', share: 0.7 },
  { pattern: /cloud-init\[\d+\]: .*running 'modules:final'/, step: 'Finishing', share: 0.9 },
  {
    pattern: /cloud-init\[\d+\]: .*finished at .*Datasource DataSourceNone/,
    step: 'Without answers',
    share: 0.95,
    fails: 'cloud-init came up without the answers: it did not find the medium they are on',
  },
];

/** An empty list: it says nothing that we read, or says it in our own words. */
export const milestonesOf: Readonly<Record<(typeof answerFormats)[number], readonly Milestone[]>> = {
  preseed: debian,
  autoinstall: ubuntu,
  kickstart: anaconda,
  autoyast: yast,
  agama: [],
  'cloud-init': cloud,
  ignition: [],
  autounattend: [],
};
