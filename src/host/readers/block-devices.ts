// SPDX-License-Identifier: Apache-2.0
import type { StorageReport } from '../../contract/host.ts';
import { nameIn, type Tree } from '../tree.ts';
import type { Mount } from './mounts.ts';

export interface Disk {
  /** e.g. nvme0n1 */
  name: string;
  kind: NonNullable<StorageReport['kind']> | null;
  model: string | null;
}

/** The disks below a mounted file system, through partitions, encryption, volumes and RAID. */
export function disksBelow(tree: Tree, mount: Mount): { disks: Disk[]; encrypted: boolean } {
  const start = deviceOf(tree, mount);
  if (start === null) return { disks: [], encrypted: false };
  const found = new Map<string, Disk>();
  const seen = new Set<string>();
  let encrypted = false;
  const descend = (device: string): void => {
    if (seen.has(device)) return;
    seen.add(device);
    // cryptsetup names the kind of encryption: CRYPT-LUKS2-...
    if (tree.text(`${device}/dm/uuid`)?.startsWith('CRYPT-') === true) encrypted = true;
    const below = tree.list(`${device}/slaves`);
    if (below.length > 0) {
      for (const name of below) {
        const path = tree.resolve(`${device}/slaves/${name}`) ?? tree.resolve(`sys/class/block/${name}`);
        if (path !== null) descend(path);
      }
      return;
    }
    const disk = tree.exists(`${device}/partition`) ? device.slice(0, device.lastIndexOf('/')) : device;
    if (disk !== device && tree.list(`${disk}/slaves`).length > 0) return descend(disk);
    const name = disk.slice(disk.lastIndexOf('/') + 1);
    found.set(name, { name, kind: kindOf(tree, disk, name), model: nameIn(tree, `${disk}/device/model`) });
  };
  descend(start);
  return { disks: [...found.values()], encrypted };
}

// By number; file systems that span disks (btrfs) have numbers of their own and are found by the name of one disk.
function deviceOf(tree: Tree, { number, source }: Mount): string | null {
  const byNumber = number.startsWith('0:') ? null : tree.resolve(`sys/dev/block/${number}`);
  if (byNumber !== null) return byNumber;
  const path = /^\/dev\/(.+)$/.exec(source)?.[1];
  if (path === undefined) return null;
  // /dev/mapper/NAME is a link to dm-N, where there is a /dev to look at.
  const device = tree.resolve(`dev/${path}`)?.replace(/^dev\//, '') ?? path;
  const direct = tree.resolve(`sys/class/block/${device.replaceAll('/', '!')}`);
  if (direct !== null) return direct;
  const mapped = /^mapper\/(.+)$/.exec(path)?.[1];
  if (mapped === undefined) return null;
  const volume = tree
    .list('sys/class/block')
    .find((name) => name.startsWith('dm-') && tree.text(`sys/class/block/${name}/dm/name`) === mapped);
  return volume === undefined ? null : tree.resolve(`sys/class/block/${volume}`);
}

function kindOf(tree: Tree, disk: string, name: string): Disk['kind'] {
  if (name.startsWith('mmcblk')) return 'mmc';
  if (name.startsWith('ram') || name.startsWith('zram')) return 'memory';
  if (/^(?:nbd|rbd|drbd)/.test(name)) return 'network';
  // Xen and virtio; the SCSI, ATA and NVMe disks that VMMs make call themselves by the name of the VMM.
  if (/^(?:vd|xvd)[a-z]/.test(name)) return 'virtual';
  const vendor = tree.text(`${disk}/device/vendor`) ?? '';
  const model = tree.text(`${disk}/device/model`) ?? '';
  if (/^(?:QEMU|VMware|VBOX|Msft|Google|nvme_card|VIRTUAL|Amazon)/i.test(`${vendor} ${model}`.trim()))
    return 'virtual';
  if (name.startsWith('nvme')) return 'nvme';
  const rotational = tree.text(`${disk}/queue/rotational`);
  return rotational === '1' ? 'hdd' : rotational === '0' ? 'ssd' : null;
}
