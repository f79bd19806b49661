// SPDX-License-Identifier: Apache-2.0
import type { OsProgress } from '../../../contract/os.ts';

// How much of the time each file takes, by its ending: /usr is nearly all of it.
const shares: readonly (readonly [ending: RegExp, from: number, share: number])[] = [
  [/\.usr-verity\.raw\.gz$/, 0, 0.02],
  [/\.usr\.raw\.gz$/, 0.02, 0.85],
  [/\.efi$/, 0.87, 0.12],
];

/** Makes progress of what systemd-sysupdate says. @returns what to call with each of its lines */
export function progressOf(version: string, tell: (progress: OsProgress) => void): (line: string) => void {
  let last = 0;
  return (line) => {
    // After the first second with "12s left at 10M/s." behind it.
    const [, percent, url] = /^Got (\d{1,3})% of (\S+)\.(?: .*)?$/.exec(line) ?? [];
    const done = /^Download of (\S+) complete\.$/.exec(line)?.[1];
    const file = url ?? done;
    const place = shares.find(([ending]) => ending.test(file ?? ''));
    if (place === undefined) return;
    const [, from, share] = place;
    // It looks at the list twice, so a fraction may come again; it never goes back.
    last = Math.max(last, from + share * (percent === undefined ? 1 : Number(percent) / 100));
    tell({ step: `Loading version ${version}`, fraction: Math.min(last, 0.99) });
  };
}
