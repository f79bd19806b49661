// SPDX-License-Identifier: Apache-2.0
//
// Windows 10 and 11 have the same labels, and so have the servers since 2016. What tells them apart, from the surest to
// the weakest: the build in the image that is installed, the day on which the medium was made, its size.
import type { WindowsImage } from '../../disk/medium/wim.ts';
import type { Matched } from './rule.ts';

export interface WindowsVersion {
  id: string;
  name: string;
  reason: string;
  sure: 'certain' | 'likely' | 'guess';
}

// First builds, from Microsoft's pages of release information.
const clients: readonly [build: number, id: string, name: string][] = [
  [2600, 'xp', 'XP'],
  [6000, 'vista', 'Vista'],
  [7600, '7', '7'],
  [9200, '8', '8'],
  [9600, '8.1', '8.1'],
  [10_000, '10', '10'],
  [21_996, '11', '11'],
];
const servers: readonly [build: number, id: string, name: string][] = [
  [3790, '2k3', 'Server 2003'],
  [6001, '2k8', 'Server 2008'],
  [7600, '2k8r2', 'Server 2008 R2'],
  [9200, '2k12', 'Server 2012'],
  [9600, '2k12r2', 'Server 2012 R2'],
  [14_300, '2k16', 'Server 2016'],
  [17_600, '2k19', 'Server 2019'],
  [20_000, '2k22', 'Server 2022'],
  [26_000, '2k25', 'Server 2025'],
];

const windowsOf = ([, id, name]: readonly [number, string, string]) => ({
  id: `win${id}`,
  name: `Windows ${name}`,
});

export function windowsOfImage({ build, server }: WindowsImage): WindowsVersion | null {
  const found = (server ? servers : clients).findLast(([first]) => build >= first);
  if (found === undefined) return null;
  return { ...windowsOf(found), reason: `What it installs is build ${build}.`, sure: 'certain' };
}

interface MediumOfWindows {
  /** Length of the medium (bytes) */
  bytes: number;
  /** Day on which it was made, YYYY-MM-DD; null when nobody says */
  created: string | null;
}

export function tellWindowsApart(
  { groups, evidence, id }: Matched,
  medium: MediumOfWindows,
): WindowsVersion | null {
  const label = evidence.find(({ field }) => field === 'volume')?.text ?? '';
  if (id === 'win' || label === '' || groups['major'] !== undefined) return null;
  return id === 'win2k16' ? serverBy(medium, label) : clientBy(medium, label);
}

/** Media of the long-term branch before 2019 and of 32 bits are of Windows 10 only, as are those that fit on a DVD. */
function clientBy({ bytes, created }: MediumOfWindows, label: string): WindowsVersion {
  const ten = (reason: string, sure: WindowsVersion['sure'] = 'likely') => ({
    id: 'win10',
    name: 'Windows 10',
    reason,
    sure,
  });
  const eleven = (reason: string, sure: WindowsVersion['sure'] = 'likely') => ({
    id: 'win11',
    name: 'Windows 11',
    reason,
    sure,
  });
  if (label.includes('_X86')) return ten('There is no Windows 11 for 32 bits.', 'certain');
  if (created !== null && created < '2021-06-01')
    return ten(`It was made on ${created}, before Windows 11.`, 'certain');
  if (label.includes('_DV5')) return ten('Windows 11 never fitted on a DVD with one layer.');
  if (created !== null && created >= '2023-06-01')
    return eleven(`It was made on ${created}, after the last usual medium of Windows 10.`);
  if (label.includes('_A64')) return eleven('Media for ARM processors are mostly of Windows 11.');
  const size = `Windows 10 and 11 have the same label; it goes by the size of ${(bytes / 1e9).toFixed(1)} GB.`;
  // Sizes (GB) of Microsoft's media with all editions: Windows 10 up to 5.3, then 5.86 to 6.3; Windows 11 between and above.
  const gigabytes = bytes / 1e9;
  if (gigabytes < 5.3) return ten(size);
  return gigabytes > 5.86 && gigabytes < 6.3
    ? ten(size, 'guess')
    : eleven(size, gigabytes > 6.3 ? 'likely' : 'guess');
}

/** When the media of each server began to be made. */
const serverDays: readonly [from: string, id: string, name: string][] = [
  ['2016-01-01', '2k16', 'Server 2016'],
  ['2018-09-01', '2k19', 'Server 2019'],
  ['2021-05-01', '2k22', 'Server 2022'],
  ['2024-03-01', '2k25', 'Server 2025'],
];
// Sizes (GB) of Microsoft's media: some overlap, so this is the last resort.
const serverSizes: readonly [below: number, id: string, name: string][] = [
  [5.25, '2k22', 'Server 2022'],
  [5.7, '2k19', 'Server 2019'],
  [7.1, '2k16', 'Server 2016'],
  [Infinity, '2k25', 'Server 2025'],
];

function serverBy({ bytes, created }: MediumOfWindows, label: string): WindowsVersion {
  const found = (hit: readonly [unknown, string, string], reason: string, sure: WindowsVersion['sure']) => ({
    id: `win${hit[1]}`,
    name: `Windows ${hit[2]}`,
    reason,
    sure,
  });
  // Hyper-V Server and Essentials ended with 2019.
  const only2016 = /^SHV_|^SESS?_/.test(label) && created === null;
  if (only2016)
    return found(
      serverDays[0]!,
      'This edition was made for Windows Server 2016 (and little longer).',
      'likely',
    );
  const byDay = created === null ? undefined : serverDays.findLast(([from]) => created >= from);
  if (byDay !== undefined)
    return found(byDay, `Servers since 2016 have the same label; this one was made on ${created}.`, 'likely');
  const bySize = serverSizes.find(([below]) => bytes / 1e9 < below)!;
  return found(bySize, 'Servers since 2016 have the same label; it goes by the size.', 'guess');
}
