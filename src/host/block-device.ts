// SPDX-License-Identifier: Apache-2.0
//
// A whole block device of this PC, before a guest gets it: what it is, how it can be known again, and what this PC does
// with it. Whoever gives away a device that is mounted loses what is on it.
import { nameIn, type Tree } from './tree.ts';
import { readMounts, type Mount } from './readers/mounts.ts';

export interface BlockDeviceFacts {
  /** A name that stays when devices come and go, where there is one; else the name given */
  file: string;
  /** As the kernel calls it now: sdb, sdb1, dm-0 */
  name: string;
  model: string;
  serial: string;
  /** What has to be said to use it: the serial number, else the model; empty when it has neither */
  identity: string;
  size: number;
  readOnly: boolean;
  /** What this PC uses it for: mounts, swap, volumes and RAIDs on it, also by its partitions */
  uses: string[];
  /** Why no guest may have it, and what to do; both empty when one may */
  reason: string;
  next: string;
}

const sectorSize = 512; // of /sys/class/block/NAME/size, whatever the device has

/** @param path below /dev; links are followed. null: there is no such block device */
export function readBlockDevice(tree: Tree, path: string): BlockDeviceFacts | null {
  const node = tree.resolve(path) ?? path.replace(/^\/+/, '');
  const name = node.replace(/^dev\//, '').replaceAll('/', '!');
  const device = tree.resolve(`sys/class/block/${name}`);
  if (device === null || name === '') return null;
  const disk = tree.exists(`${device}/partition`) ? parentOf(device) : device;
  const suffix = disk === device ? '' : `-part${tree.text(`${device}/partition`) ?? ''}`;
  const model = modelOf(tree, disk);
  const serial = serialOf(tree, disk);
  const known = serial !== '' ? serial : model;
  const facts = {
    file: stableName(tree, path, node),
    name,
    model,
    serial,
    identity: known === '' ? '' : known + suffix,
    size: Number(tree.text(`${device}/size`) ?? 0) * sectorSize,
    readOnly: tree.text(`${device}/ro`) === '1',
    uses: usesOf(tree, device),
  };
  return { ...facts, ...verdictOn(facts) };
}

/** Every device that could be given to a guest or is kept from it by its use; memory, CD drives and empty ones are left out. */
export function listBlockDevices(tree: Tree): BlockDeviceFacts[] {
  return tree
    .list('sys/class/block')
    .filter((name) => !/^(?:ram|zram|sr|fd)\d/.test(name))
    .map((name) => readBlockDevice(tree, `/dev/${name.replaceAll('!', '/')}`))
    .filter((facts) => facts !== null && facts.size > 0)
    .map((facts) => facts as BlockDeviceFacts);
}

function verdictOn({ identity, size, uses }: Omit<BlockDeviceFacts, 'reason' | 'next'>) {
  if (size === 0) return { reason: 'it is empty', next: 'Put a medium into it, or plug it in again.' };
  if (uses.length > 0)
    return {
      reason: `this PC uses it (${uses.join(', ')}), and two systems that write one device destroy what is on it`,
      next: 'Choose another device, or let this PC give it up first: unmount it, take it out of its volume group or RAID, and out of /etc/fstab.',
    };
  if (identity === '')
    return {
      reason: 'it has neither a serial number nor a model by which it could be known again',
      next: 'Use an image instead: "phyllome disk add NAME --size SIZE".',
    };
  return { reason: '', next: '' };
}

/** The device itself, its partitions, and whatever lies on these, to any depth. */
function usesOf(tree: Tree, device: string): string[] {
  const mounts = readMounts(tree);
  const swaps = swapDevices(tree);
  const uses = new Set<string>();
  const seen = new Set<string>();
  const look = (path: string): void => {
    if (seen.has(path)) return;
    seen.add(path);
    const name = path.slice(path.lastIndexOf('/') + 1);
    for (const point of mountPoints(tree, path, name, mounts)) uses.add(`mounted at ${point}`);
    if (swaps.has(name)) uses.add('swap');
    for (const child of tree.list(path))
      if (tree.exists(`${path}/${child}/partition`)) look(`${path}/${child}`);
    for (const holder of tree.list(`${path}/holders`)) {
      const above = tree.resolve(`${path}/holders/${holder}`) ?? tree.resolve(`sys/class/block/${holder}`);
      uses.add(holderWords(tree, above, holder));
      if (above !== null) look(above);
    }
  };
  look(device);
  return [...uses];
}

function mountPoints(tree: Tree, path: string, name: string, mounts: readonly Mount[]): string[] {
  const number = tree.text(`${path}/dev`);
  const mapped = tree.text(`${path}/dm/name`);
  const own = mounts.filter(({ number: at, source }) => {
    if (number !== null && at === number) return true;
    // File systems on several disks have numbers of their own, and name one of their disks.
    return source === `/dev/${name}` || (mapped !== null && source === `/dev/mapper/${mapped}`);
  });
  const spanning = tree
    .list('sys/fs/btrfs')
    .filter((id) => tree.exists(`sys/fs/btrfs/${id}/devices/${name}`))
    .map(() => 'a btrfs file system on several disks');
  return [...own.map(({ point }) => point), ...(own.length === 0 ? spanning : [])];
}

/** Of /proc/swaps, after its line of titles: "/dev/sda2  partition  8388604  0  -2". */
function swapDevices(tree: Tree): Set<string> {
  const lines = (tree.text('proc/swaps') ?? '').split('\n').slice(1);
  const files = lines.map((line) => line.split(/\s/, 1)[0] ?? '').filter((file) => file.startsWith('/dev/'));
  return new Set(files.map((file) => (tree.resolve(file) ?? file.slice(1)).replace(/^dev\//, '')));
}

function holderWords(tree: Tree, device: string | null, name: string): string {
  const uuid = device === null ? '' : (tree.text(`${device}/dm/uuid`) ?? '');
  const mapped = (device === null ? null : tree.text(`${device}/dm/name`)) ?? name;
  if (uuid.startsWith('CRYPT-')) return `encrypted as ${mapped}`;
  if (uuid.startsWith('LVM-')) return `logical volume ${mapped}`;
  if (uuid.startsWith('mpath-')) return `multipath device ${mapped}`;
  if (device !== null && tree.exists(`${device}/md`)) return `RAID ${name}`;
  return `part of ${mapped}`;
}

function modelOf(tree: Tree, disk: string): string {
  const vendor = nameIn(tree, `${disk}/device/vendor`);
  const model = nameIn(tree, `${disk}/device/model`) ?? nameIn(tree, `${disk}/device/name`);
  // "ATA" is how the kernel calls the makers of all disks behind a SATA controller; virtio has a number there.
  const maker = vendor === null || vendor === 'ATA' || vendor.startsWith('0x') ? '' : `${vendor} `;
  if (model !== null) return `${maker}${model}`;
  return nameIn(tree, `${disk}/dm/name`) ?? nameIn(tree, `${disk}/loop/backing_file`) ?? '';
}

/** From where each kind of disk keeps it, and from what udev found out; "" when it is nowhere. */
function serialOf(tree: Tree, disk: string): string {
  const own = nameIn(tree, `${disk}/device/serial`) ?? nameIn(tree, `${disk}/serial`);
  if (own !== null) return own;
  // SCSI: four bytes of header before the number (SPC-4, Unit Serial Number VPD page).
  const page = tree
    .bytes(`${disk}/device/vpd_pg80`)
    ?.subarray(4)
    .toString('latin1')
    .replaceAll('\0', '')
    .trim();
  if (page !== undefined && /^[\x20-\x7e]+$/.test(page)) return page;
  const number = tree.text(`${disk}/dev`);
  const found = number === null ? null : tree.text(`run/udev/data/b${number}`);
  return /^E:ID_SERIAL_SHORT=(.+)$/m.exec(found ?? '')?.[1] ?? nameIn(tree, `${disk}/dm/uuid`) ?? '';
}

/** sdb is another disk after the next start; names in by-id are made from model and serial number. */
function stableName(tree: Tree, given: string, node: string): string {
  if (given.startsWith('/dev/disk/by-id/') || given.startsWith('/dev/mapper/')) return given;
  const alike = tree.list('dev/disk/by-id').filter((name) => tree.resolve(`dev/disk/by-id/${name}`) === node);
  const best = alike.find((name) => !/^(?:wwn|nvme-eui|lvm-pv|dm-uuid)/.test(name)) ?? alike[0];
  return best === undefined ? given : `/dev/disk/by-id/${best}`;
}

const parentOf = (device: string): string => device.slice(0, device.lastIndexOf('/'));
