// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineDefinition, VmmName } from '../contract/machine.ts';
import type { Driver, DriverReport, MachinePaths, Reason, Verdict } from './driver.ts';

export interface Choice {
  driver: Driver;
  report: DriverReport;
  verdict: Verdict;
  /** Why the drivers before this one were not chosen */
  reasons: Reason[];
}

/** What one driver says of a machine. */
export interface Opinion {
  driver: Driver;
  /** null: the VMM cannot be used here; `verdict` says why */
  report: DriverReport | null;
  verdict: Verdict;
  /** What was thrown instead of a report */
  failure: PhyllomeError | null;
}

// A machine for a minute starts fastest where there is least to start.
const forMicro: readonly VmmName[] = ['firecracker', 'cloud-hypervisor', 'qemu', 'crosvm'];

/** The drivers that may run a machine, the preferred one first. */
export function candidatesFor(
  { vmm, board }: Pick<MachineDefinition, 'vmm' | 'board'>,
  drivers: readonly Driver[],
): Driver[] {
  if (vmm !== 'auto') return drivers.filter(({ name }) => name === vmm);
  if (board !== 'micro') return [...drivers];
  return drivers.toSorted((one, other) => forMicro.indexOf(one.name) - forMicro.indexOf(other.name));
}

/** Asks one driver about a machine, its files included. Only throws what is a defect. */
export async function opinionOf(
  driver: Driver,
  definition: MachineDefinition,
  paths: MachinePaths,
): Promise<Opinion> {
  try {
    const report = await driver.probe(definition.architecture);
    const { refusals, losses } = driver.judge(definition, report);
    const seen = refusals.length > 0 ? [] : ((await driver.examine?.(definition, paths)) ?? []);
    return { driver, report, verdict: { refusals: [...refusals, ...seen], losses }, failure: null };
  } catch (error) {
    if (!(error instanceof PhyllomeError)) throw error;
    const { code, message, hint } = error;
    const refusals = [{ code, text: message, hint }];
    return { driver, report: null, verdict: { refusals, losses: [] }, failure: error };
  }
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
  paths: MachinePaths,
): Promise<Choice> {
  const candidates = candidatesFor(definition, drivers);
  const reasons: Reason[] = [];
  for (const candidate of candidates) {
    const { driver, report, verdict, failure } = await opinionOf(candidate, definition, paths);
    if (failure !== null && candidates.length === 1) throw failure;
    if (report !== null && verdict.refusals.length === 0) return { driver, report, verdict, reasons };
    reasons.push(...verdict.refusals);
  }
  throw noVmm(definition, reasons);
}

function noVmm({ name }: MachineDefinition, reasons: readonly Reason[]): PhyllomeError {
  return new PhyllomeError('no-vmm', {
    name,
    reasons: reasons.map(({ text }) => text).join(' '),
    next: [...new Set(reasons.map(({ hint }) => hint))].join(' '),
    codes: reasons.map(({ code }) => code),
  });
}
