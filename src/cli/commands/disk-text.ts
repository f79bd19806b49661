// SPDX-License-Identifier: Apache-2.0
import type { BlockDevice, DiskFile, MachineDisk, MachineDisks } from '../../contract/disk.ts';
import type { DiskLimits } from '../../contract/machine.ts';
import { plain } from '../terminal/output.ts';
import { textTable } from '../terminal/text-table.ts';
import { rateText, sizeText } from '../terminal/words.ts';

const columns = (titles: readonly string[], right: readonly string[]) =>
  titles.map((title) => ({ title, ...(right.includes(title) && { align: 'right' as const }) }));

/** The disks of a machine, and the images that nothing uses any more. */
export function disksLines({ disks, unused, allocated, freed }: MachineDisks): string[] {
  if (disks.length === 0 && unused.length === 0)
    return ['It has no disks. "phyllome disk add NAME --size SIZE" gives it one.'];
  const rows = disks.map((disk) => [
    String(disk.index),
    plain(disk.file),
    disk.kind === 'device' ? 'device' : disk.format,
    disk.bus,
    disk.virtualSize === null ? '-' : sizeText(disk.virtualSize),
    sizeText(disk.allocated),
    sizeText(disk.freed),
  ]);
  const titles = ['#', 'FILE', 'FORMAT', 'BUS', 'SIZE', 'TAKES', 'FREES'];
  return [
    ...(disks.length === 0
      ? ['It has no disks.']
      : textTable(columns(titles, ['SIZE', 'TAKES', 'FREES']), rows)),
    ...disks.flatMap(detailLines),
    ...unusedLines(unused),
    '',
    `The whole machine takes ${sizeText(allocated)}; erasing it would give back ${sizeText(freed)}.`,
  ];
}

function detailLines({ file, problem, chain, limits }: MachineDisk): string[] {
  const below = chain.slice(1);
  const limited = limits === undefined ? '' : limitsText(limits);
  const lines = [
    ...(problem === null ? [] : [`  problem: ${plain(problem)}`]),
    ...(limited === '' ? [] : [`  limits: ${limited}`]),
    ...chain.slice(0, 1).flatMap((head) => sharedText(head).map((words) => `  ${words}`)),
    ...below.map((layer) =>
      [
        `  rests on ${plain(layer.file)} (${layer.format}, ${sizeText(layer.allocated)})`,
        ...sharedText(layer),
      ].join(', '),
    ),
  ];
  return lines.length === 0 ? [] : ['', plain(file), ...lines];
}

const sharedText = ({ sharedWith }: DiskFile): string[] =>
  sharedWith.length === 0 ? [] : [`shared with ${sharedWith.map(plain).join(', ')}`];

function unusedLines(unused: readonly DiskFile[]): string[] {
  if (unused.length === 0) return [];
  return [
    '',
    'Images that nothing uses ("phyllome disk remove NAME FILE --erase" removes one):',
    ...unused.map(({ file, format, allocated, freed }) => {
      const back = freed === allocated ? '' : `, erasing it gives back ${sizeText(freed)}`;
      return `  ${plain(file)} (${plain(format)}, ${sizeText(allocated)}${back})`;
    }),
  ];
}

export function limitsText(limits: DiskLimits): string {
  const { readBytesPerSecond, writeBytesPerSecond, readOpsPerSecond, writeOpsPerSecond } = limits;
  return [
    ...(readBytesPerSecond === undefined ? [] : [`reads ${rateText(readBytesPerSecond)}`]),
    ...(writeBytesPerSecond === undefined ? [] : [`writes ${rateText(writeBytesPerSecond)}`]),
    ...(readOpsPerSecond === undefined ? [] : [`reads ${readOpsPerSecond} times a second`]),
    ...(writeOpsPerSecond === undefined ? [] : [`writes ${writeOpsPerSecond} times a second`]),
  ].join(', ');
}

/** What of this PC could be given to a machine whole, and what could not. */
export function deviceLines(devices: readonly BlockDevice[]): string[] {
  if (devices.length === 0) return ['This PC shows no block devices.'];
  const rows = devices.map(({ file, name, model, identity, size, uses, reason }) => [
    plain(name),
    sizeText(size),
    plain(model),
    plain(identity),
    plain(uses.join(', ') || reason || 'free'),
    plain(file),
  ]);
  return textTable(columns(['NAME', 'SIZE', 'MODEL', 'CALLS ITSELF', 'USE', 'FILE'], ['SIZE']), rows);
}
