// SPDX-License-Identifier: Apache-2.0
//
// From a system of the catalogue to what its machine is made of: which of its media, how large, and, once that medium is
// here, the definition that suits it.
import type { Body } from '../contract/api.ts';
import { parseDefinition } from '../contract/definition.ts';
import { PhyllomeError } from '../contract/errors.ts';
import {
  formatVersion,
  type Architecture,
  type MachineDefinition,
  type MachineDraft,
} from '../contract/machine.ts';
import type { Medium as EntryMedium } from '../catalog/entry-file.ts';
import { hasInstallerPackage } from '../catalog/fetch/installer-package.ts';
import type { ProfileOptions } from '../catalog/profile/choice.ts';
import { factsOfSystem } from '../catalog/profile/guest-facts.ts';
import { profileFor } from '../catalog/profile/profile.ts';
import type { CatalogSystem } from '../catalog/read-entries.ts';
import { sniffFile } from '../disk/sniff-image.ts';
import { hostArchitecture } from '../host/architecture.ts';
import { draftFromMedium, systemDisk } from './draft-from-medium.ts';
import type { FetchMedium } from './fetch/fetch-medium.ts';
import type { MediumSuiter } from './identify/suit-medium.ts';
import type { InstallerFiles } from './install/answers-folder.ts';
import { kernelOn, type InstallJob } from './install/job.ts';
import { examineMedium, type Medium, type MediumSurroundings } from './medium.ts';
import type { TaskContext } from './tasks.ts';

type Request = Body<'createMachine'>;

export interface FromSystemParts extends MediumSurroundings {
  fetchMedium: FetchMedium;
  suitMedium: MediumSuiter;
  /** What this PC can give its guests */
  hostFor(architecture: Architecture): Promise<NonNullable<ProfileOptions['host']>>;
  recommended(): { vcpus: number; memoryBytes: number };
  /** Whether this PC's package sources have an installer's package */
  hasPackage?: (name: string) => Promise<boolean>;
}

/** What was found out before anything is fetched; everything that can be refused was. */
export interface SystemChoice {
  found: CatalogSystem;
  medium: EntryMedium;
  architecture: Architecture;
}

/** What a machine is made of once its medium is here. */
export interface Prepared {
  definition: MachineDefinition;
  medium: Medium | null;
  /** Of an installation by hand without a medium */
  installer: InstallerFiles | null;
  job: InstallJob | null;
}

/**
 * The medium that is asked for, or the usual one that can be had on this PC.
 * @throws PhyllomeError `medium-not-found`, `medium-brought`, `medium-no-disk`, `unattended-unknown`
 */
export async function chooseMedium(
  found: CatalogSystem,
  request: Request,
  { hasPackage = hasInstallerPackage }: Pick<FromSystemParts, 'hasPackage'>,
): Promise<SystemChoice> {
  const { system } = found;
  const { id, name, media } = system;
  if (found.family.id === 'virtio-win') throw new PhyllomeError('medium-no-disk', { name, entry: id });
  const wished = request.definition?.['architecture'] as Architecture | undefined;
  const known = media.map((one) => one.id);
  if (request.media !== undefined) {
    const medium = media.find((one) => one.id === request.media);
    const fits = wished === undefined || medium?.architecture === wished;
    if (medium === undefined || !fits) {
      const why = medium === undefined ? '' : ` for ${wished ?? ''}`;
      throw new PhyllomeError('medium-not-found', { entry: id, ref: request.media, why, known });
    }
    requireUsable(system.name, medium, request);
    return { found, medium, architecture: medium.architecture };
  }
  const architecture = wished ?? hostArchitecture() ?? 'x86_64';
  const fit = media.filter((one) => one.architecture === architecture);
  const answered = fit.filter(({ unattended }) => unattended !== undefined);
  const candidates = request.unattended === undefined ? fit : answered;
  for (const medium of candidates) {
    // What is no package has only its server to ask, and that is the task's first step.
    if (medium.packages !== undefined && !(await hasPackage(medium.packages.debian))) continue;
    requireUsable(system.name, medium, request);
    return { found, medium, architecture };
  }
  const [first] = candidates;
  if (first !== undefined) return { found, medium: first, architecture };
  if (request.unattended !== undefined && fit.length > 0) throw noAnswers(name);
  throw new PhyllomeError('medium-not-found', { entry: id, ref: `for ${architecture}`, why: '', known });
}

function requireUsable(name: string, { bring, unattended }: EntryMedium, request: Request): void {
  if (bring !== undefined) throw new PhyllomeError('medium-brought', { name, page: bring.page });
  if (request.unattended !== undefined && unattended === undefined) throw noAnswers(name);
}

const noAnswers = (what: string): PhyllomeError =>
  new PhyllomeError('unattended-unknown', { what, reason: 'no medium of it takes answers' });

/** The definition as far as it is known before the medium is here: for refusing wishes that make no machine. */
export function draftOfSystem(
  { found, architecture }: SystemChoice,
  request: Request,
  common: { id: string; name: string },
  parts: Pick<FromSystemParts, 'recommended'>,
): MachineDefinition {
  const { draft } = profileFor(factsOfSystem(found.system), architecture);
  return complete(draft, found, architecture, request, common, parts);
}

/** Fetches the medium. @throws PhyllomeError of a download, and of a medium that is none; the reason of the signal */
export async function prepareSystem(
  choice: SystemChoice,
  request: Request,
  common: { id: string; name: string },
  parts: FromSystemParts,
  context: TaskContext,
): Promise<Prepared> {
  const { found, medium: entryMedium, architecture } = choice;
  const { system } = found;
  const fetched = await parts.fetchMedium(found, entryMedium, context);
  const diskSize = request.diskSize ?? system.recommended.disk;
  const guest = factsOfSystem(system);
  const complain = (draft: MachineDraft): MachineDefinition =>
    complete(draft, found, architecture, request, common, parts);
  if (fetched.kind === 'installer') {
    const { kernel, initrd } = fetched;
    const profile = profileFor(guest, architecture, { host: await parts.hostFor(architecture) });
    const disk = { file: systemDisk, format: 'qcow2', size: diskSize, bus: profile.diskBus } as const;
    const installer = { kernel, initrd, commandLine: '' };
    const job = jobOf(choice, request, installer);
    const definition = complain({ ...profile.draft, disks: [disk] });
    return { definition, medium: null, installer: job === null ? installer : null, job };
  }
  const medium = await examineFetched(fetched.file, diskSize, request.diskSize !== undefined, parts);
  const { options, identified } = await parts.suitMedium(medium);
  const drafted = await draftFromMedium(medium, architecture, guest, options);
  // A live system may need no disk at all.
  const draft = diskSize === 0 && medium.use === 'install' ? { ...drafted, disks: [] } : drafted;
  const kernel =
    medium.use === 'install' && entryMedium.unattended !== undefined
      ? kernelOn(fetched.file, entryMedium.unattended, identified, entryMedium.kernel)
      : null;
  return { definition: complain(draft), medium, installer: null, job: jobOf(choice, request, kernel) };
}

function jobOf(
  { found, medium }: SystemChoice,
  { unattended }: Request,
  installer: InstallJob['installer'],
): InstallJob | null {
  if (unattended === undefined || medium.unattended === undefined) return null;
  return { format: medium.unattended, unattended, system: found.system.name, installer };
}

async function examineFetched(
  file: string,
  diskSize: number,
  isWish: boolean,
  surroundings: MediumSurroundings,
): Promise<Medium> {
  // Whatever the entry calls it, its content says what can be done with it.
  if ((await sniffFile(file))?.format === 'iso') {
    const medium = await examineMedium({ file, use: 'install' }, surroundings);
    return medium.use === 'install' ? { ...medium, diskSize } : medium;
  }
  if (diskSize === 0) return examineMedium({ file, use: 'copy-disk' }, surroundings);
  try {
    return await examineMedium({ file, use: 'copy-disk', diskSize }, surroundings);
  } catch (error) {
    // The image is larger than we would have made it.
    const small = error instanceof PhyllomeError && error.code === 'disk-too-small' && !isWish;
    if (!small) throw error;
    return examineMedium({ file, use: 'copy-disk' }, surroundings);
  }
}

/** Recommended by the system, as far as this PC usually gives that, and never less than it needs. */
function complete(
  draft: MachineDraft,
  { system }: CatalogSystem,
  architecture: Architecture,
  { definition: wishes = {} }: Request,
  common: { id: string; name: string },
  { recommended }: Pick<FromSystemParts, 'recommended'>,
): MachineDefinition {
  const usual = recommended();
  const vcpus = between(system.minimum.vcpus, system.recommended.vcpus, usual.vcpus);
  const memory = between(system.minimum.memory, system.recommended.memory, usual.memoryBytes);
  return parseDefinition({
    cpu: { vcpus },
    memory,
    ...draft,
    ...wishes,
    formatVersion,
    ...common,
    architecture,
  });
}

const between = (least: number, wanted: number, most: number): number =>
  Math.max(least, Math.min(wanted, most));
