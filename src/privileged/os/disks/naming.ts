// SPDX-License-Identifier: Apache-2.0
//
// How a disk is chosen: an id that no other disk of this PC has, and a name to be typed that no other disk has. Two disks of
// one kind differ by their serial numbers; cheap ones may even share these, and then by where they are plugged in.
import type { BlockNode } from './lsblk.ts';

export interface DiskNaming {
  id: string;
  name: string;
}

/**
 * @param plugs where each is plugged in, by kernel name
 * @returns one for each disk, in their order; ids and names are unique
 */
export function nameDisks(
  disks: readonly BlockNode[],
  plugs: ReadonlyMap<string, string> = new Map(),
): DiskNaming[] {
  const ids = unique(
    disks.map((disk) => [
      knownBy(disk),
      (sofar) => `${sofar}@${plugs.get(disk.kname) ?? disk.kname}`,
      (sofar) => `${sofar}@${disk.kname}`,
    ]),
    (id) => id,
  );
  const names = unique(
    disks.map((disk) => [
      modelName(disk),
      (sofar) => join(sofar, tail(disk.serial)),
      (sofar) => join(sofar, disk.serial?.trim() ?? ''),
      (sofar) => join(sofar, disk.kname),
    ]),
    (name) => name.toLowerCase(),
  );
  return disks.map((_disk, index) => ({ id: ids[index] ?? '', name: names[index] ?? '' }));
}

/** What stays with the disk wherever it is plugged in, where it has such a thing. */
function knownBy({ wwn, serial, model, kname }: BlockNode): string {
  if ((wwn ?? '').trim() !== '') return `wwn:${clean(wwn)}`;
  if ((serial ?? '').trim() !== '') return `serial:${clean(model ?? 'disk')}_${clean(serial)}`;
  return `plug:${clean(model ?? 'disk')}@${kname}`;
}

function modelName({ model, vendor, kname }: BlockNode): string {
  const [bare, maker] = [tidy(model), tidy(vendor)];
  if (bare === '') return kname;
  // "ATA" is how the kernel calls the makers of all disks behind a SATA controller; virtio has a number there.
  const known = maker === '' || maker === 'ATA' || maker.startsWith('0x');
  return known || bare.toLowerCase().startsWith(maker.toLowerCase()) ? bare : `${maker} ${bare}`;
}

type Steps = readonly [first: string, ...more: ((sofar: string) => string)[]];

/** Takes the first of the steps for each; those that are alike take their next one, as long as any are. */
function unique(all: readonly Steps[], sameAs: (text: string) => string): string[] {
  const taken = all.map(([first]) => first);
  const most = Math.max(0, ...all.map((steps) => steps.length - 1));
  for (let step = 0; step < most; step++) {
    const counts = Map.groupBy(taken, sameAs);
    all.forEach(([, ...more], index) => {
      const now = taken[index] ?? '';
      const next = more[step];
      if (next !== undefined && (counts.get(sameAs(now))?.length ?? 0) > 1) taken[index] = next(now);
    });
  }
  return taken;
}

const tidy = (text: string | null): string => (text ?? '').replaceAll(/[\s\p{C}]+/gu, ' ').trim();
const clean = (text: string | null): string => tidy(text).replaceAll(' ', '_');
const tail = (serial: string | null): string => tidy(serial).slice(-4);
const join = (first: string, second: string): string => tidy(`${first} ${second}`);
