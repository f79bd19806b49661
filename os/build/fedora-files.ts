// SPDX-License-Identifier: Apache-2.0
//
// What people of Fedora expect of a system that is an image: a Containerfile for bootc, and a kickstart that installs the
// container. Both follow from packages.yaml and the tree that mkosi's image is made of, too. Pure: text from lists.
import { editions, type Edition } from '../../src/contract/os.ts';
import { namesOf, packagesFor, releases, type Packages } from './packages.ts';

const heading = `# SPDX-License-Identifier: Apache-2.0
#
# Written by os/build/write-fedora.ts from os/packages.yaml: change that one, then run "npm run gen".
# Not built by us so far: there was no Fedora to build it on. Every linter that could be run has passed it.
`;

// What fedora-bootc brings itself, with another boot loader than ours: ostree makes the deployments, bootupd the loader.
const broughtByBase = new Set([
  'kernel',
  'init',
  'boot-loader',
  'repart',
  'sysupdate',
  'efi-system-partition',
  'f2fs',
  'fscrypt',
  'recovery-key',
  'distribution-release',
  'selinux',
]);

/** Kernel modules beyond those of the base: real hardware, and F2FS for disks that come from elsewhere. */
const addedToBase = ['kernel-modules'];

/** The packages of one edition that the base does not have. */
export function containerPackages(packages: Packages, edition: Edition): string[] {
  const own = new Map([...packages].filter(([name]) => !broughtByBase.has(name)));
  return [
    ...new Set([...addedToBase, ...packagesFor(own, 'fedora', edition, { hardware: true })]),
  ].toSorted();
}

/** What below usr/lib only makes sense where /usr is a partition of ours. */
export const onlyOfImages = [
  'repart.d',
  'sysupdate.d',
  'systemd/system-preset/98-phyllome.preset',
  'systemd/system-generators/systemd-getty-generator',
  'systemd/system/systemd-growfs-root.service',
] as const;

export function containerfile(packages: Packages): string {
  const common = containerPackages(packages, 'headless');
  const stages = editions.flatMap((edition) => {
    if (edition === 'headless') return [];
    const more = containerPackages(packages, edition).filter((name) => !common.includes(name));
    return `
# ---- ${edition} ${'-'.repeat(110 - edition.length)}
FROM headless AS ${edition}
${install(more)}
COPY os/mkosi.profiles/${edition}/mkosi.extra/usr/ /usr/
RUN systemctl preset-all && bootc container lint
`;
  });
  return `${heading}#
#   podman build --build-arg BASE=.../fedora-bootc:${releases.fedora} --target headless -f os/fedora/Containerfile -t phyllome .
#
# BASE is Fedora's own image for bootc; Fedora's documentation names its address. Targets: ${editions.join(', ')}.
# Updates are bootc's ("bootc upgrade"), so "phyllome os" and its page stay away: they belong to images with slots.
# The base's release comes with its name (DL3006); packages have the versions of that release (DL3041).
# hadolint global ignore=DL3006,DL3041

ARG BASE

# ---- The manager, made where its Node's library is ----------------------------------------------------------------
FROM \${BASE} AS manager
${install(['libatomic', 'nodejs', 'npm'])}
WORKDIR /phyllome
COPY package.json package-lock.json LICENSE ./
COPY src src
COPY os/build os/build
RUN npm ci --include=optional --no-audit --no-fund && npm run build && \\
    node_modules/.bin/node os/build/write-manager.ts /manager

# ---- headless ------------------------------------------------------------------------------------------------------
FROM \${BASE} AS headless
${install(common)}
COPY os/mkosi.extra/usr/ /usr/
COPY os/fedora/usr/ /usr/
COPY --from=manager /manager/ /usr/lib/phyllome/
# Slots and a root file system of the first start are for images with a /usr of their own; what else Fedora enables stays
# enabled, such as the services of ostree.
RUN rm -rf ${onlyOfImages.map((name) => `/usr/lib/${name}`).join(' \\\n      ')} && \\
    systemctl preset-all && \\
    bootc container lint
${stages.join('')}`;
}

// One a line, so that a change shows as one line.
function install(names: readonly string[]): string {
  const lines = names.map((name) => `      ${name} \\\n`).join('');
  return `RUN dnf install -y --setopt=install_weak_deps=False \\\n${lines}    && dnf clean all && rm -rf /var/cache/* /var/log/* /var/lib/dnf`;
}

/** Anaconda installs the container that lies on its own medium; what it is not told here, it asks for. */
export function kickstart(): string {
  return `${heading}#
# Installs the container on a PC:
#
#   podman save --format oci-dir -o phyllome.oci phyllome
#   mkksiso --add phyllome.oci --ks os/fedora/phyllome.ks Fedora-Everything-netinst.iso phyllome.iso
#
# Disks, language, keyboard, time zone and the first user are not in here on purpose: Anaconda asks for them, and erases
# nothing that was not confirmed. Its file systems are Btrfs, XFS and ext4: take XFS or Btrfs, on which copies of machines
# cost no space. It makes no F2FS.
graphical

ostreecontainer --url=/run/install/repo/phyllome.oci --transport=oci --no-signature-verification

network --bootproto=dhcp --activate --onboot=on
selinux --enforcing
# Nobody signs in as root; the first user is an administrator who does it by sudo.
rootpw --lock
# The image's own nftables rules shut everything, so there is no line "firewall", which needs firewalld.
bootloader --append="intel_iommu=on iommu=pt"
firstboot --disable
reboot --eject
`;
}

/** The packages of the manager on a Fedora that is an image already (Silverblue, Kinoite, IoT). */
export function layeredPackages(packages: Packages): string[] {
  const wanted = [
    'node-library',
    'qemu',
    'disk-images',
    'firmware-uefi',
    'guest-tpm',
    'guest-network',
    'guest-folders',
    'guest-archives',
    'guest-boot-loaders',
    'media',
    'systems-database',
  ];
  return wanted
    .flatMap((name) => {
      const capability = packages.get(name);
      if (capability === undefined) throw new Error(`packages.yaml has no ${name}`);
      return namesOf(capability, 'fedora');
    })
    .toSorted();
}
