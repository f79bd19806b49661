#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
#
# Makes a small Debian with cloud-init as a disk image, like those that Debian publishes, from the mirror that this PC is
# configured with: a machine that is made from it by --unattended shows the whole way of cloud images. Takes minutes.
#
#   test/long/debian-cloud-image.sh IMAGE.qcow2
#
# Needs root, and: mmdebstrap grub-efi-amd64-bin grub-common mtools dosfstools e2fsprogs fdisk qemu-utils
set -eu
image=$1
codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
mirror=$(apt-get --print-uris update | sed -n "s#^'\(http[^']*/debian\)/dists/$codename/InRelease'.*#\1#p" | head -n 1)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mmdebstrap --variant=minbase \
  --include=linux-image-cloud-amd64,initramfs-tools,systemd-sysv,udev,dbus,cloud-init,netplan.io,openssh-server,sudo,locales,ifupdown,isc-dhcp-client \
  --customize-hook='echo "LABEL=root / ext4 defaults 0 1" >"$1/etc/fstab"' \
  --customize-hook='echo "datasource_list: [ NoCloud, None ]" >"$1/etc/cloud/cloud.cfg.d/90_here.cfg"' \
  --customize-hook='rm -f "$1/etc/hostname" "$1/etc/machine-id"; : >"$1/etc/machine-id"' \
  "$codename" "$work/root.tar" "$mirror"
mkdir "$work/root"
tar -xf "$work/root.tar" -C "$work/root" --numeric-owner

cat >"$work/grub.cfg" <<'END'
search --no-floppy --label --set=root root
linux /vmlinuz root=LABEL=root ro console=tty0 console=ttyS0
initrd /initrd.img
boot
END
grub-mkstandalone -O x86_64-efi -o "$work/bootx64.efi" --modules='part_gpt ext2 search_label linux' \
  "boot/grub/grub.cfg=$work/grub.cfg"

# 1 MiB, then 32 MiB for the firmware's programs, then the system.
truncate -s 32M "$work/esp"
mkfs.vfat -F 16 "$work/esp" >/dev/null
mmd -i "$work/esp" ::/EFI ::/EFI/BOOT
mcopy -i "$work/esp" "$work/bootx64.efi" ::/EFI/BOOT/BOOTX64.EFI
truncate -s 1500M "$work/system"
mke2fs -q -t ext4 -L root -d "$work/root" "$work/system"
truncate -s 1536M "$work/disk"
printf 'label: gpt\nstart=1MiB, size=32MiB, type=U\nstart=33MiB, size=1500MiB, type=L\n' | sfdisk -q "$work/disk"
dd if="$work/esp" of="$work/disk" bs=1M seek=1 conv=notrunc status=none
dd if="$work/system" of="$work/disk" bs=1M seek=33 conv=notrunc,sparse status=none
qemu-img convert -O qcow2 "$work/disk" "$image"
