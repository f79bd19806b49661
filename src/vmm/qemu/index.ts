// SPDX-License-Identifier: Apache-2.0
import { claimsOf } from '../abilities.ts';
import type { Driver } from '../driver.ts';
import { abilitiesOf } from './abilities.ts';
import { ending } from './ending.ts';
import { examine } from './examine.ts';
import { judge } from './judge.ts';
import { plan } from './plan.ts';
import { probe, type ProbeDirectories } from './probe.ts';
import type { QemuReport } from './report.ts';
import { attach } from './session.ts';

/** The driver of QEMU, 7.2 and newer: the VMM that can run every machine. */
export function createQemuDriver(directories: ProbeDirectories) {
  return {
    name: 'qemu',
    probe: (architecture) => probe(architecture, directories),
    claims: (report) => claimsOf(abilitiesOf(report)),
    judge,
    examine,
    plan,
    attach,
    ending,
    tellsItsEnd: true,
  } satisfies Driver<QemuReport>;
}
