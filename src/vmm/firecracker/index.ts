// SPDX-License-Identifier: Apache-2.0
import { hostArchitecture } from '../../host/architecture.ts';
import { claimsOf } from '../abilities.ts';
import type { Driver } from '../driver.ts';
import type { DriverDirectories } from '../drivers.ts';
import { abilitiesOf } from './abilities.ts';
import { takesBzImage } from './answers.ts';
import { ending } from './ending.ts';
import { examine } from './examine.ts';
import { judge } from './judge.ts';
import { plan } from './plan.ts';
import { probe, probeBinary } from './probe.ts';
import type { FirecrackerReport } from './report.ts';
import { attach } from './session.ts';

/** The driver of Firecracker, 1.13 and newer: the VMM of machines that live for a minute. */
export function createFirecrackerDriver(directories: DriverDirectories) {
  return {
    name: 'firecracker',
    probe: (architecture) => probe(architecture, directories),
    claims: (report) => claimsOf(abilitiesOf(report)),
    judge,
    examine: async (definition, paths) =>
      examine(definition, paths, { bzImage: takesBzImage(await probeBinary(directories)) }),
    plan,
    attach: (run, onEvent, signal) =>
      attach(run, onEvent, signal, { architecture: hostArchitecture() ?? 'x86_64' }),
    ending,
  } satisfies Driver<FirecrackerReport>;
}
