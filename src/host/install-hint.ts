// SPDX-License-Identifier: Apache-2.0
import { readOsRelease } from './os-release.ts';

// The package that carries a tool. Debian's names are checked with Debian 12 and 13; qemu-system-riscv64 is a virtual
// package that both provide, from different packages.
const packages = {
  'qemu-system-x86_64': {
    debian: 'qemu-system-x86',
    fedora: 'qemu-system-x86',
    arch: 'qemu-desktop',
    suse: 'qemu-x86',
  },
  'qemu-system-aarch64': {
    debian: 'qemu-system-arm',
    fedora: 'qemu-system-aarch64',
    arch: 'qemu-system-aarch64',
    suse: 'qemu-arm',
  },
  'qemu-system-riscv64': {
    debian: 'qemu-system-riscv64',
    fedora: 'qemu-system-riscv',
    arch: 'qemu-system-riscv',
    suse: 'qemu-extra',
  },
  'qemu-img': { debian: 'qemu-utils', fedora: 'qemu-img', arch: 'qemu-img', suse: 'qemu-img' },
  'uefi-x86_64': { debian: 'ovmf', fedora: 'edk2-ovmf', arch: 'edk2-ovmf', suse: 'qemu-ovmf-x86_64' },
  'uefi-aarch64': {
    debian: 'qemu-efi-aarch64',
    fedora: 'edk2-aarch64',
    arch: 'edk2-aarch64',
    suse: 'qemu-uefi-aarch64',
  },
  'uefi-riscv64': {
    debian: 'qemu-efi-riscv64',
    fedora: 'edk2-riscv64',
    arch: 'edk2-riscv64',
    suse: 'qemu-uefi-riscv64',
  },
  swtpm: { debian: 'swtpm swtpm-tools', fedora: 'swtpm swtpm-tools', arch: 'swtpm', suse: 'swtpm' },
  passt: { debian: 'passt', fedora: 'passt', arch: 'passt', suse: 'passt' },
  virtiofsd: { debian: 'virtiofsd', fedora: 'virtiofsd', arch: 'virtiofsd', suse: 'virtiofsd' },
  flock: { debian: 'util-linux', fedora: 'util-linux', arch: 'util-linux', suse: 'util-linux' },
  mksquashfs: {
    debian: 'squashfs-tools',
    fedora: 'squashfs-tools',
    arch: 'squashfs-tools',
    suse: 'squashfs',
  },
  skopeo: { debian: 'skopeo', fedora: 'skopeo', arch: 'skopeo', suse: 'skopeo' },
  'grub-fstest': { debian: 'grub-common', fedora: 'grub2-tools-extra', arch: 'grub', suse: 'grub2' },
  busybox: { debian: 'busybox-static', fedora: 'busybox', arch: 'busybox', suse: 'busybox-static' },
} as const;

export type Tool = keyof typeof packages;
type Family = 'debian' | 'fedora' | 'arch' | 'suse';

const commands: Record<Family, string> = {
  debian: 'sudo apt install',
  fedora: 'sudo dnf install',
  arch: 'sudo pacman -S',
  suse: 'sudo zypper install',
};

/** The command that installs a tool on this distribution, for the hints of errors. */
export function installHint(tool: Tool, root = '/'): string {
  const release = readOsRelease(root);
  // Nothing is installed into an image; what it lacks, only another one brings.
  if (release['IMAGE_ID'] === 'phyllome') return 'phyllome os update';
  const family = familyOf(release);
  if (family !== null) return `${commands[family]} ${packages[tool][family]}`;
  return `the package of your distribution that holds ${packages[tool].debian} (its name on Debian)`;
}

// ID names the distribution, ID_LIKE its relatives, closest first ("ubuntu debian").
function familyOf({ ID = '', ID_LIKE = '' }: Record<string, string>): Family | null {
  for (const id of [ID, ...ID_LIKE.split(' ')]) {
    if (id === 'debian' || id === 'fedora' || id === 'arch' || id === 'suse') return id;
    if (id === 'ubuntu') return 'debian';
    if (id === 'rhel' || id === 'centos') return 'fedora';
    if (id.startsWith('opensuse')) return 'suse';
  }
  return null;
}
