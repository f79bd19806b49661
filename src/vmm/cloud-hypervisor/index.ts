// SPDX-License-Identifier: Apache-2.0
import { claimsOf } from '../abilities.ts';
import type { Driver, Ending, ProcessExit } from '../driver.ts';
import type { DriverDirectories } from '../drivers.ts';
import { abilitiesOf } from './abilities.ts';
import { judge } from './judge.ts';
import { plan } from './plan.ts';
import { probe } from './probe.ts';
import type { CloudHypervisorReport } from './report.ts';
import { attach } from './session.ts';

/** The driver of Cloud Hypervisor, 52.0 and newer: a lean VMM for servers, and for Windows that was installed before. */
export function createCloudHypervisorDriver(directories: DriverDirectories) {
  return {
    name: 'cloud-hypervisor',
    probe: (architecture) => probe(architecture, directories),
    claims: (report) => claimsOf(abilitiesOf(report)),
    judge,
    plan,
    attach,
    ending,
  } satisfies Driver<CloudHypervisorReport>;
}

// The event that it tells when it ends in order; see events.ts.
const lastEvent = /^ *"event": "shutdown",?$/;

/**
 * It begins a guest anew by itself, so an orderly end means that the guest powered off (or that somebody sent SIGTERM,
 * which it takes for the same).
 */
export function ending(exit: ProcessExit | null, words: readonly string[]): Ending | null {
  const orderly = exit === null ? words.some((line) => lastEvent.test(line)) : exit.code === 0;
  return orderly ? 'shut-down' : null;
}
