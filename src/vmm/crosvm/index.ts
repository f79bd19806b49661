// SPDX-License-Identifier: Apache-2.0
import { claimsOf } from '../abilities.ts';
import type { Driver } from '../driver.ts';
import type { DriverDirectories } from '../drivers.ts';
import { abilitiesOf } from './abilities.ts';
import { ending } from './ending.ts';
import { examine } from './examine.ts';
import { judge } from './judge.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import type { CrosvmReport } from './report.ts';
import { attach } from './session.ts';

/** The driver of crosvm, the VMM of ChromeOS and Android: Linux kernels, each device locked away by itself. */
export function createCrosvmDriver(directories: DriverDirectories) {
  return {
    name: 'crosvm',
    probe: (architecture) => probe(architecture, directories),
    claims: (report) => claimsOf(abilitiesOf(report)),
    judge,
    examine,
    plan,
    attach,
    ending,
  } satisfies Driver<CrosvmReport>;
}
