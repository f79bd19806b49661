// SPDX-License-Identifier: Apache-2.0
//
// PCs of the tests of fixes: a folder each, with programs of the distribution that do in it what the real ones do.
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { FixId } from '../../contract/doctor.ts';

/** Group that owns /dev/kvm in the tests: only root may give files to groups that it is not in. */
export const kvmGid = process.getuid?.() === 0 ? 104 : (process.getgid?.() ?? 0);

export const release = '6.1.0-18-amd64';

type Files = Record<string, string | { text: string; mode: number; gid?: number }>;

const cpu = (vendor: string, flag: string): string =>
  `processor\t: 0\nvendor_id\t: ${vendor}\nflags\t\t: fpu ${flag}\n`;
const intel = cpu('GenuineIntel', 'vmx');
export const amd = cpu('AuthenticAMD', 'svm');

const common: Files = {
  '/proc/cpuinfo': intel,
  '/proc/cmdline': 'BOOT_IMAGE=/vmlinuz root=/dev/sda1 quiet\n',
  '/proc/sys/kernel/osrelease': `${release}\n`,
  '/etc/passwd': 'root:x:0:0::/root:/bin/sh\nada:x:1000:1000::/home/ada:/bin/sh\n',
  '/etc/group': `root:x:0:\nkvm:x:${kvmGid}:eve\nusers:x:100:\n`,
  '/etc/gshadow': { text: 'root:*::\nkvm:!::eve\nusers:!::\n', mode: 0o640 },
  '/dev/kvm': { text: '', mode: 0o660, gid: kvmGid },
  '/etc/security/limits.conf': '# nothing\n',
  '/sys/module/kvm_intel/parameters/nested': 'N\n',
  '/sys/firmware/acpi/tables/DMAR': { text: '', mode: 0o400 },
  [`/boot/config-${release}`]: '# CONFIG_INTEL_IOMMU_DEFAULT_ON is not set\n',
  [`/lib/modules/${release}/modules.dep`]: [
    'kvm/kvm',
    'kvm/kvm-intel',
    'vhost/vhost_net',
    'vhost/vhost_vsock',
  ]
    .map((name) => `kernel/${name}.ko.xz: kernel/virt/lib/irqbypass.ko.xz\n`)
    .join(''),
  '/var/lib/something': 'else\n',
};

const loader = (name: string): string => `\u0006\0\0\0${Buffer.from(name, 'utf16le').toString('latin1')}\0\0`;

/** One PC for each fix, and for each way in which a fix is done, on which it has something to do. */
export const scenarios: Record<string, { fix: FixId; files: Files; without?: string[] }> = {
  'kvm-group': { fix: 'kvm-group', files: {} },
  'kvm-module': {
    fix: 'kvm-module',
    files: { '/etc/modprobe.d/mine.conf': '# VirtualBox wants it so\nblacklist kvm-intel\nblacklist floppy' },
    without: ['/sys/module/kvm_intel', '/dev/kvm'],
  },
  'kvm-udev': { fix: 'kvm-udev', files: { '/dev/kvm': { text: '', mode: 0o600, gid: kvmGid } } },
  'kvm-udev without the group': {
    fix: 'kvm-udev',
    files: {
      '/dev/kvm': { text: '', mode: 0o600, gid: kvmGid },
      '/etc/group': `root:x:0:\nmine:x:${kvmGid}:\n`,
    },
  },
  'vhost-modules': {
    fix: 'vhost-modules',
    files: { '/etc/modules-load.d/phyllome-vhost.conf': '# mine\nvhost_net' },
  },
  'iommu with GRUB of Debian': {
    fix: 'iommu-kernel-argument',
    files: {
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX_DEFAULT="quiet"\n',
      '/boot/grub/grub.cfg': { text: 'an old menu, changed by hand\n', mode: 0o400 },
    },
  },
  'iommu with grubby': {
    fix: 'iommu-kernel-argument',
    files: {
      '/etc/default/grub': 'GRUB_CMDLINE_LINUX="rhgb quiet"\n',
      '/boot/loader/entries/a.conf': 'title A\noptions root=/dev/sda1\n',
      '/boot/loader/entries/b.conf': 'title B\noptions root=/dev/sda1\n',
    },
    without: ['/usr/sbin/update-grub'],
  },
  'iommu with systemd-boot': {
    fix: 'iommu-kernel-argument',
    files: {
      '/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f': loader('systemd-boot 257'),
      [`/lib/modules/${release}/vmlinuz`]: 'a kernel',
      '/efi/loader/entries/one.conf': 'title One\noptions root=/dev/sda1 quiet\n',
    },
  },
  'memlock-limit': { fix: 'memlock-limit', files: {} },
  'nested-kvm': { fix: 'nested-kvm', files: {} },
  'nested-kvm that was switched off': {
    fix: 'nested-kvm',
    files: { '/etc/modprobe.d/kvm.conf': 'options kvm-intel nested=0 ept=1\n' },
  },
};

// Each does its work in two steps, and stops between them when a file "half" lies in the folder of the PC: a power cut.
const tools: Record<string, string> = {
  '/usr/sbin/gpasswd': `
cp -p $R/etc/group $R/etc/group-; cp -p $R/etc/gshadow $R/etc/gshadow-; : > $R/etc/.pwd.lock; chmod 600 $R/etc/.pwd.lock
edit() { awk -F: -v OFS=: -v group="$3" -v user="$2" -v how="$1" '$1 == group {
  n = split($4, old, ","); members = ""
  for (i = 1; i <= n; i++) if (old[i] != user) members = members (members == "" ? "" : ",") old[i]
  if (how == "-a") members = members (members == "" ? "" : ",") user
  $4 = members } { print }' $4 > $4.new; chmod --reference=$4 $4.new; mv $4.new $4; }
grep -q "^$3:" $R/etc/group || { echo "gpasswd: group $3 does not exist" >&2; exit 3; }
if [ "$1" = -d ] && ! grep -q "^$3:.*[:,]$2\\(,\\|$\\)" $R/etc/group; then echo "gpasswd: $2 is no member" >&2; exit 3; fi
edit "$1" "$2" "$3" $R/etc/group; half; edit "$1" "$2" "$3" $R/etc/gshadow`,
  '/usr/sbin/groupadd': `cp -p $R/etc/group $R/etc/group-; echo kvm:x:${kvmGid}: >> $R/etc/group; half; echo 'kvm:!::' >> $R/etc/gshadow`,
  '/usr/sbin/groupdel': `sed -i /^$1:/d $R/etc/group; half; sed -i /^$1:/d $R/etc/gshadow`,
  '/usr/sbin/modprobe': `
if [ "$1" = -r ]; then rm -rf $R/sys/module/$2; case $2 in kvm_*) rm -rf $R/sys/module/kvm;; esac; exit; fi
case $1 in kvm_*) mkdir -p $R/sys/module/kvm;; esac; half; mkdir -p $R/sys/module/$1`,
  '/usr/bin/udevadm': `[ "$1" = trigger ] || exit 0; if [ -e $R/etc/udev/rules.d/phyllome-kvm.rules ]; then chmod 660 $R/dev/kvm; fi`,
  '/usr/sbin/update-grub': `
chmod 600 $R/boot/grub/grub.cfg; : > $R/boot/grub/grub.cfg; half
cat $R/etc/default/grub $R/etc/default/grub.d/* > $R/boot/grub/grub.cfg 2>/dev/null || :; chmod 444 $R/boot/grub/grub.cfg`,
  '/usr/bin/grubby': `
word=\${2#*=}
for file in $R/boot/loader/entries/*.conf; do
  case $2 in --args*) sed -i "/^options/s/\\$/ $word/" $file;; *) sed -i "/^options/s/ $word//" $file;; esac; half; done
case $2 in --args*) sed -i "s/\\"\\$/ $word\\"/" $R/etc/default/grub;; *) sed -i "s/ $word//" $R/etc/default/grub;; esac`,
  '/usr/bin/kernel-install': `
mkdir -p $R/efi/loader/entries; echo "title One" > $R/efi/loader/entries/one.conf; half
echo "options $(cat $R/etc/kernel/cmdline)" >> $R/efi/loader/entries/one.conf; : > $R/efi/loader/entries/two.conf`,
};

export interface TestPc extends Disposable {
  root: string;
  path(path: string): string;
}

/** A PC on which the scenario's fix has something to do. It holds the tools that the scenario does not take away. */
export function makePc(scenario: string, more: Files = {}): TestPc {
  const chosen = scenarios[scenario];
  if (chosen === undefined) throw new Error(`there is no scenario ${scenario}`);
  const root = mkdtempSync(join(tmpdir(), 'ph-pc-'));
  const pc = { root, path: (path: string) => join(root, path), [Symbol.dispose]: () => removePc(root) };
  writeFiles(pc, { ...common, ...chosen.files, ...more });
  for (const [path, script] of Object.entries(tools)) {
    const text = `#!/bin/sh\nset -eu\nR='${root}'\nhalf() { if [ -e $R/half ]; then rm $R/half; exit 9; fi; }\n${script}\n`;
    writeFiles(pc, { [path]: { text, mode: 0o755 } });
  }
  for (const path of chosen.without ?? []) rmSync(join(root, path), { recursive: true });
  return pc;
}

/** Writes files of a PC, with the folders that they need. */
export function writeFiles({ root }: Pick<TestPc, 'root'>, files: Files): void {
  for (const [path, what] of Object.entries(files)) {
    const { text, mode, gid } =
      typeof what === 'string' ? { text: what, mode: 0o644, gid: undefined } : { gid: undefined, ...what };
    const file = join(root, path);
    mkdirSync(dirname(file), { recursive: true, mode: 0o755 });
    writeFileSync(file, text);
    if (gid !== undefined) chownSync(file, process.getuid?.() ?? 0, gid);
    chmodSync(file, mode);
  }
}

function removePc(root: string): void {
  rmSync(root, { recursive: true, force: true });
}
