// SPDX-License-Identifier: Apache-2.0
//
// The script of the image that looks after the battery, with a PC in a folder.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const script = fileURLToPath(new URL('mkosi.extra/usr/lib/phyllome-os/low-battery', import.meta.url));

type Supply = Readonly<Record<string, string | number>>;

/** @returns what systemctl was asked for; null: nothing */
function look(supplies: Readonly<Record<string, Supply>>): string | null {
  const root = mkdtempSync(join(tmpdir(), 'ph-bat-'));
  mkdirSync(join(root, 'sys/class/power_supply'), { recursive: true });
  for (const [name, files] of Object.entries(supplies)) {
    const folder = join(root, 'sys/class/power_supply', name);
    mkdirSync(folder);
    for (const [file, value] of Object.entries(files)) writeFileSync(join(folder, file), `${value}\n`);
  }
  mkdirSync(join(root, 'usr/bin'), { recursive: true });
  const asked = join(root, 'asked');
  writeFileSync(join(root, 'usr/bin/systemctl'), `#!/bin/sh\necho "$*" > ${asked}\n`, { mode: 0o755 });
  execFileSync('/bin/sh', [script, root]);
  return existsSync(asked) ? readFileSync(asked, 'utf8').trim() : null;
}

const battery = { type: 'Battery', present: 1, status: 'Discharging', energy_full: 50_000_000 };
const at = (percent: number): Supply => ({ ...battery, energy_now: 500_000 * percent, capacity: percent });
const off = '--no-block poweroff';

test.each([
  ['no battery', {}, null],
  ['half full', { BAT0: at(50) }, null],
  ['6 %', { BAT0: at(6) }, null],
  ['5 %', { BAT0: at(5) }, off],
  ['empty', { BAT0: at(0) }, off],
  ['nearly empty on the mains', { AC: { type: 'Mains', online: 1 }, BAT0: at(3) }, null],
  ['nearly empty, the mains are off', { AC: { type: 'Mains', online: 0 }, BAT0: at(3) }, off],
  ['nearly empty and charging', { BAT0: { ...at(3), status: 'Charging' } }, null],
  ['one of two is empty', { BAT0: at(1), BAT1: at(60) }, null],
  ['both are', { BAT0: at(1), BAT1: at(5) }, off],
  [
    'that of a mouse is empty',
    { BAT0: at(80), hid: { type: 'Battery', scope: 'Device', capacity: 1 } },
    null,
  ],
  ['only a mouse has one', { hid: { type: 'Battery', scope: 'Device', capacity: 1 } }, null],
  ['one that was taken out', { BAT0: at(70), BAT1: { ...at(0), present: 0 } }, null],
  [
    'one that counts charge',
    { BAT0: { type: 'Battery', status: 'Discharging', charge_now: 4, charge_full: 100 } },
    off,
  ],
  ['one that only knows percent', { BAT0: { type: 'Battery', status: 'Discharging', capacity: 4 } }, off],
  ['one that says nothing', { BAT0: { type: 'Battery', status: 'Unknown' } }, null],
] as const)('%s', (_, supplies, asked) => {
  expect(look(supplies)).toBe(asked);
});
