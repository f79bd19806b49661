// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { wasInstalled, type DiskState } from './installed.ts';

const MiB = 2 ** 20;
const blank: DiskState = { loader: 'none', identity: '', written: 0 };
const partitioned: DiskState = { loader: 'none', identity: 'a', written: 0 };
const installed: DiskState = { loader: 'efi', identity: 'a', written: 0 };
const after = (state: DiskState, mebibytes: number): DiskState => ({ ...state, written: mebibytes * MiB });

test.each<[string, DiskState, DiskState, boolean]>([
  ['an installation on a blank disk', blank, after(installed, 2000), true],
  ['one for BIOS', blank, after({ ...installed, loader: 'mbr' }, 2000), true],
  ['a small system', blank, after(installed, 100), true],
  ['one that goes on after it was interrupted', partitioned, after(installed, 2000), true],
  ['one in place of another system', installed, after({ ...installed, identity: 'b' }, 2000), true],
  ['the first restart in the middle of Windows setup', blank, after(installed, 6000), true],
  ['a disk that was only partitioned', blank, after(partitioned, 1), false],
  ['a disk that was partitioned and filled, without a loader', blank, after(partitioned, 5000), false],
  ['a loader and hardly anything else', blank, after(installed, 20), false],
  ['a live system that never writes', blank, blank, false],
  ['a live system beside an installed one', installed, after(installed, 500), false],
  ['a live system that writes files to a blank disk', blank, after(blank, 5000), false],
  ['the installed system at work, the medium put back', installed, after(installed, 50_000), false],
  ['what was written before the medium came', after(blank, 2000), after(installed, 2010), false],
])('%s', (_, before, now, expected) => {
  expect(wasInstalled(before, now)).toBe(expected);
});
