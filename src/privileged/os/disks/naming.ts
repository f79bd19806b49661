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
    disks.map((disk) => {
      const known = knownBy(disk);
      return [known, `${known}@${plugs.get(disk.kname) ?? disk.kname}`, `${known}@${disk.kname}`];
    }),
    (id) => id,
  );
  const names = unique(
    disks.map((disk) => {
      const model = modelName(disk);
      const more = [tail(disk.serial), tidy(disk.serial), disk.kname, `${tidy(disk.serial)} ${disk.kname}`];
      return [model, ...more.map((end) => tidy(`${model} ${end}`))];
    }),
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

/** The first of its names for each; those that are alike get their next one, as long as any are. */
function unique(all: readonly (readonly string[])[], sameAs: (text: string) => string): string[] {
  const steps = all.map(() => 0);
  const taken = (): string[] => all.map((names, index) => names[steps[index] ?? 0] ?? '');
  const most = Math.max(0, ...all.map((names) => names.length - 1));
  for (let round = 0; round < most; round++) {
    const now = taken();
    const alike = Map.groupBy(now.keys(), (index) => sameAs(now[index] ?? ''));
    const next = [...alike.values()].filter((group) => group.length > 1).flat();
    for (const index of next) steps[index] = (steps[index] ?? 0) + 1;
  }
  return taken();
}

const tidy = (text: string | null): string => (text ?? '').replaceAll(/[\s\p{C}]+/gu, ' ').trim();
const clean = (text: string | null): string => tidy(text).replaceAll(' ', '_');
const tail = (serial: string | null): string => tidy(serial).slice(-4);
