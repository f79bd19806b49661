// SPDX-License-Identifier: Apache-2.0
import type { LaunchPlan } from '../contract/plan.ts';
import { commandLine, processesMentioning } from '../host/identity.ts';
import { processUsage } from '../host/process-usage.ts';
import type { Usage } from './load-meter.ts';

/**
 * Reads what the processes of a running machine take: its VMM and the helpers of its plan.
 *
 * The memory of the guest counts once, with the VMM, also where a helper (virtiofsd) has it mapped as well. Helpers
 * are looked for once, since they start before the VMM; one that ends is no longer counted.
 */
export function createUsageReader(pid: number, plan: LaunchPlan): () => Usage | null {
  const helpers = helpersOf(plan).filter((helper) => helper !== pid);
  return () => {
    const vmm = processUsage(pid, 'private-and-shared');
    if (vmm === null) return null;
    const all = [{ pid, ...vmm }];
    for (const helper of helpers) {
      const usage = processUsage(helper, 'private');
      if (usage !== null) all.push({ pid: helper, ...usage });
    }
    return {
      cpu: all.map((one) => ({ id: `${one.pid} ${one.startTime}`, values: [one.cpuSeconds] })),
      memoryBytes: all.reduce((sum, { memoryBytes }) => sum + memoryBytes, 0),
    };
  };
}

function helpersOf({ runDirectory, helpers }: LaunchPlan): number[] {
  if (helpers.length === 0) return [];
  const binaries = new Set(helpers.flatMap(({ command }) => command.filter((word) => word.startsWith('/'))));
  return processesMentioning(runDirectory).filter((pid) => binaries.has(commandLine(pid)[0] ?? ''));
}
