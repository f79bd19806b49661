// SPDX-License-Identifier: Apache-2.0
//
// A medium that looks like Debian's and behaves like its installer in what concerns us, but takes seconds: it reads the
// answers from where they are delivered, runs the commands in them as Debian's installer does, says what it does in the
// same log, stops once and asks, writes something onto the disk that starts by itself, and begins anew. What it installs
// is no system: a boot sector that writes a login prompt to the serial port.
import { execFileSync } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildTiny } from '../../src/catalog/tiny/build.ts';
import { writeCpio } from '../../src/catalog/tiny/cpio.ts';

/** What it asks, on its screen. */
export const standInQuestion = '[!!] Is this a question?';

/** 16-bit code that writes what follows it to the first serial port, and rests. */
function bootSector(): Buffer {
  const code = Buffer.from('31c08ed8fcbe167cac84c07406baf803eeebf5f4ebfd', 'hex');
  const sector = Buffer.alloc(512);
  code.copy(sector);
  sector.write('\r\nstandin login: ', code.length, 'latin1');
  sector.writeUInt16LE(0xaa55, 510);
  return sector;
}

const init = `#!/bin/busybox sh
export PATH=/sbin:/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
/bin/busybox --install -s /bin
read -r drivers </etc/drivers
modprobe -a -q $drivers xhci_pci usbhid hid_generic i8042 atkbd
echo 1 >/proc/sys/kernel/printk
mkdir -p /var/log /var/lib/preseed /target/etc/sudoers.d
: >/var/log/syslog
value() { sed -n "s#^d-i $1 [a-z]* ##p" /preseed.cfg; }
menu() { echo "Nov 25 12:00:00 main-menu[1]: INFO: Menu item '$1' selected" >>/var/log/syslog; }
show() { printf '\\033c%s' "$*" >/dev/tty1; }
printf '#!/bin/sh\\nexit 0\\n' >/bin/in-target
chmod 755 /bin/in-target
mkdir -p "/target/home/$(value passwd/username)"
sh -c "$(value preseed/early_command)"
menu netcfg
show '${standInQuestion} <Continue>'
read -r answer </dev/tty1
menu bootstrap-base
show ' Installing the base system   43%  '
sleep 7
show ' Finishing '
dd if=/sector of=/dev/vda bs=512 2>/dev/null
{
  value netcfg/get_hostname
  value passwd/username
  value passwd/user-fullname
  value passwd/user-password-crypted
  value debian-installer/locale
  value time/zone
} | dd of=/dev/vda bs=512 seek=1 2>/dev/null
menu finish-install
sh -c "$(value preseed/late_command)" || echo '@phyllome@ failed late' >/dev/ttyS0
cat /target/home/*/.ssh/authorized_keys | dd of=/dev/vda bs=512 seek=8 2>/dev/null
sync
reboot -f
`;

/** Makes the medium in a folder. @returns its file */
export async function makeStandIn(folder: string, cacheDirectory: string): Promise<string> {
  const tiny = await buildTiny({ architecture: 'x86_64', cacheDirectory });
  const content = join(folder, 'standin');
  await mkdir(join(content, 'install.amd'), { recursive: true });
  await mkdir(join(content, '.disk'));
  await writeFile(
    join(content, '.disk/info'),
    'Debian GNU/Linux 12.5.0 "Bookworm" - Official amd64 NETINST with firmware 20240210-11:27',
  );
  await copyFile(tiny.kernel, join(content, 'install.amd/vmlinuz'));
  const initrd = await readFile(tiny.initrd);
  const padding = Buffer.alloc((4 - (initrd.length % 4)) % 4);
  const own = writeCpio([
    { type: 'file', path: 'init', mode: 0o755, content: Buffer.from(init) },
    { type: 'file', path: 'sector', mode: 0o600, content: bootSector() },
  ]);
  await writeFile(join(content, 'install.amd/initrd.gz'), Buffer.concat([initrd, padding, own]));
  const iso = join(folder, 'standin.iso');
  const label = ['-V', 'Debian 12.5.0 amd64 n'];
  execFileSync('xorriso', ['-as', 'mkisofs', '-quiet', ...label, '-J', '-r', '-o', iso, content]);
  return iso;
}
