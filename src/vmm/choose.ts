// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition } from '../contract/machine.ts';
import type { Driver, DriverReport, Reason, Verdict } from './driver.ts';

export interface Choice {
  driver: Driver;
  report: DriverReport;
  verdict: Verdict;
  /** Why the drivers before this one were not chosen */
  reasons: Reason[];
}

/**
 * Chooses the VMM for a machine: the one its definition asks for, else the first that can run it. Drivers are
 * asked one after the other, so a PC that has the first is not searched for the others.
 *
 * @param drivers in order of preference
 * @throws PhyllomeError `no-vmm` with every reason; when there is one driver that cannot be asked, its own error
 */
export async function chooseDriver(
  definition: MachineDefinition,
  drivers: readonly Driver[],
): Promise<Choice> {
  const { vmm, name, architecture } = definition;
  const candidates = drivers.filter((driver) => vmm === 'auto' || driver.name === vmm);
  const reasons: Reason[] = [];
  for (const driver of candidates) {
    try {
      const report = await driver.probe(architecture);
      const verdict = driver.judge(definition, report);
      if (verdict.refusals.length === 0) return { driver, report, verdict, reasons };
      reasons.push(...verdict.refusals);
    } catch (error) {
      if (candidates.length === 1 || !(error instanceof PhyllomeError)) throw error;
      reasons.push({ code: error.code, text: error.message, hint: error.hint });
    }
  }
  if (candidates.length === 0) reasons.push(notThere(vmm));
  throw new PhyllomeError('no-vmm', {
    name,
    reasons: reasons.map(({ text }) => text).join(' '),
    next: [...new Set(reasons.map(({ hint }) => hint))].join(' '),
    codes: reasons.map(({ code }) => code),
  });
}

function notThere(vmm: string): Reason {
  return {
    code: 'vmm-unsupported',
    text: `Phyllome cannot use ${vmm} yet.`,
    hint: 'Set vmm to auto with "phyllome edit".',
  };
}
