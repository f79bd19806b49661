// SPDX-License-Identifier: Apache-2.0
//
// What the VMMs of this PC can do: in general, and for one machine.
import { stat } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { Architecture, MachineDefinition } from '../contract/machine.ts';
import type { MachineVerdicts, VmmOverview } from '../contract/vmm.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { candidatesFor, opinionOf } from '../vmm/choose.ts';
import type { Driver, MachinePaths, Reason } from '../vmm/driver.ts';
import type { SettingsFile } from './settings.ts';

const everyArchitecture: readonly Architecture[] = ['x86_64', 'aarch64', 'riscv64'];

/**
 * Every VMM, installed or not, for guests of this PC's own kind; and for other kinds of guests those that are
 * installed for them. Never throws: what keeps one from being asked is told with it.
 */
export async function listVmms(drivers: readonly Driver[]): Promise<VmmOverview[]> {
  const own = hostArchitecture() ?? 'x86_64';
  const architectures = [own, ...everyArchitecture.filter((one) => one !== own)];
  const asked = architectures.flatMap((architecture) =>
    drivers.map((driver) => overviewOf(driver, architecture)),
  );
  const all = await Promise.all(asked);
  return all.filter(({ architecture, binary }) => architecture === own || binary !== null);
}

async function overviewOf(driver: Driver, architecture: Architecture): Promise<VmmOverview> {
  const about = { vmm: driver.name, architecture };
  try {
    const report = await driver.probe(architecture);
    const { binary, version } = report;
    return { ...about, binary, version, problem: null, claims: driver.claims(report) };
  } catch (error) {
    const problem = PhyllomeError.from(error).report();
    return { ...about, binary: null, version: null, problem, claims: [] };
  }
}

/**
 * What every VMM says of a machine, the preferred one first, and which one a start would take.
 * @param before what keeps it from running whatever the VMM
 */
export async function judgeMachine(
  definition: MachineDefinition,
  drivers: readonly Driver[],
  paths: MachinePaths,
  before: readonly Reason[] = [],
): Promise<MachineVerdicts> {
  const pinned = definition.vmm !== 'auto';
  const order = candidatesFor({ ...definition, vmm: 'auto' }, drivers);
  const asked = await Promise.all(order.map((driver) => opinionOf(driver, definition, paths)));
  const opinions = asked.map(({ verdict, ...opinion }) => ({
    ...opinion,
    verdict: { ...verdict, refusals: [...before, ...verdict.refusals] },
  }));
  const possible = opinions.filter(
    ({ driver, verdict }) => verdict.refusals.length === 0 && (!pinned || driver.name === definition.vmm),
  );
  const chosen = possible[0]?.driver.name ?? null;
  return {
    pinned,
    reason: reasonFor(definition, chosen),
    verdicts: opinions.map(({ driver, report, verdict: { refusals, losses } }) => ({
      vmm: driver.name,
      version: report?.version ?? null,
      outcome: refusals.length > 0 ? 'cannot' : losses.length > 0 ? 'runs-with-losses' : 'runs',
      chosen: driver.name === chosen,
      refusals,
      losses,
    })),
  };
}

function reasonFor({ vmm, board }: MachineDefinition, chosen: string | null): string {
  if (vmm !== 'auto')
    return chosen === null
      ? `The definition names ${vmm}, which cannot run it.`
      : `The definition names ${vmm}.`;
  if (chosen === null) return 'No VMM on this PC can run it.';
  return board === 'micro'
    ? `${chosen} is the smallest VMM on this PC that can run it.`
    : `${chosen} is the first in the order of preference that can run it.`;
}

/**
 * Remembers where the owner of this PC keeps VMMs. Programs in it will be run, so nobody else may write there.
 * @param directory null: only PATH
 * @throws PhyllomeError `vmm-folder-refused`
 */
export async function useVmmDirectory(settings: SettingsFile, directory: string | null): Promise<void> {
  if (directory !== null) await requireOwnDirectory(directory);
  await settings.change(({ vmmDirectory: _, ...others }) => ({
    ...others,
    ...(directory !== null && { vmmDirectory: directory }),
  }));
}

async function requireOwnDirectory(directory: string): Promise<void> {
  const unsafe = (reason: string): PhyllomeError =>
    new PhyllomeError('vmm-folder-refused', { directory, reason });
  if (!isAbsolute(directory)) throw unsafe('it is not an absolute path');
  const found = await stat(directory).catch((error: unknown) => {
    throw unsafe(reasonOf(error));
  });
  if (!found.isDirectory()) throw unsafe('it is not a folder');
  const owners = [0, process.getuid?.() ?? 0];
  if (!owners.includes(found.uid)) throw unsafe('it belongs to another user');
  if ((found.mode & 0o022) !== 0) throw unsafe('other users may write into it');
}
