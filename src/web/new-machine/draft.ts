// SPDX-License-Identifier: Apache-2.0
//
// What was chosen for the new machine so far, and what follows from it.
import type { Body } from '../../contract/api.ts';
import type { CatalogEntry, CatalogMedium, Identified, Unattended } from '../../contract/catalog.ts';
import type { Budget } from '../../contract/budget.ts';
import type { ImageFormat } from '../../contract/image.ts';

const GiB = 2 ** 30;
/** A new disk; it only takes the space that the guest uses. The service has the same default. */
const defaultDiskBytes = 64 * GiB;

/** A file of this PC, chosen, uploaded or downloaded. */
export interface MediumFile {
  name: string;
  /** Absolute path on this PC */
  file: string;
  format: ImageFormat;
  bytes: number | null;
}

export type Source =
  | {
      kind: 'entry';
      entry: CatalogEntry;
      /** null: it needs none, it is made on this PC */
      medium: CatalogMedium | null;
      /** The file that its user got themselves, for a medium that has to be brought */
      brought: MediumFile | null;
    }
  | { kind: 'file'; medium: MediumFile };
export type MediumUse = NonNullable<Body<'createMachine'>['medium']>['use'];

/** null: not touched, so the default holds. */
export interface Draft {
  source: Source | null;
  /** A file of this PC that was chosen, to come back to */
  picked: MediumFile | null;
  /** For a disk: a copy of it, or the file itself */
  inPlace: boolean;
  name: string | null;
  vcpus: number | null;
  memoryBytes: number | null;
  diskBytes: number | null;
  /** For a copy: as large as the original */
  keepDiskSize: boolean;
  start: boolean;
  /** Whether it installs by itself, where it can */
  alone: boolean;
}

export const emptyDraft: Draft = {
  source: null,
  picked: null,
  inPlace: false,
  name: null,
  vcpus: null,
  memoryBytes: null,
  diskBytes: null,
  keepDiskSize: true,
  start: true,
  alone: true,
};

/** The file of this PC that the machine is made from; null where the service gets it. */
export function fileOf(source: Source | null): MediumFile | null {
  if (source === null) return null;
  return source.kind === 'file' ? source.medium : source.brought;
}

/** Whether the service gets the medium, and makes a disk beside it or of it. */
export function isFetched(source: Source | null): boolean {
  return source?.kind === 'entry' && source.medium !== null && source.medium.source !== 'bring';
}

/** Whether a file is still needed that only its user can get. */
export function lacksFile(source: Source | null): boolean {
  return source?.kind === 'entry' && source.medium?.source === 'bring' && source.brought === null;
}

/** How a file is used: what can be installed from is; null where the service gets what the machine is made from. */
export function useOf({ source, inPlace }: Draft): MediumUse | null {
  const file = fileOf(source);
  if (file === null) return null;
  if (isInstallMedium(file)) return 'install';
  return inPlace && canBeUsedInPlace(file) ? 'use-disk' : 'copy-disk';
}

export function isInstallMedium({ format, name }: MediumFile): boolean {
  return format === 'iso' || (format === 'unknown' && /\.iso$/i.test(name));
}

/** A VMM writes these formats; others have to be converted, which a copy does. */
export function canBeUsedInPlace({ format }: MediumFile): boolean {
  return format === 'qcow2' || format === 'raw';
}

export interface Sizes {
  vcpus: number;
  memoryBytes: number;
  diskBytes: number;
}

/**
 * The sizes as chosen, else those of the source, else those that the service recommends.
 * @param known the system that a file was recognised as
 */
export function sizesOf(draft: Draft, budget: Budget, known: CatalogEntry | null = null): Sizes {
  const { source } = draft;
  const own = source?.kind === 'entry' ? source.entry.recommended : (known?.recommended ?? null);
  const recommended = own ?? budget.recommended;
  return {
    vcpus: draft.vcpus ?? recommended.vcpus,
    memoryBytes: draft.memoryBytes ?? recommended.memoryBytes,
    diskBytes:
      draft.diskBytes ??
      (isFetched(source) && own !== null && own.diskBytes > 0
        ? own.diskBytes
        : Math.max(defaultDiskBytes, own?.diskBytes ?? 0)),
  };
}

/** A name to begin with: of the entry, or of the file without its ending. */
export function suggestedName(source: Source | null): string {
  if (source === null) return '';
  if (source.kind === 'entry') return source.entry.id;
  const name = source.medium.name
    .normalize('NFC')
    .replace(/\.(iso|img|qcow2|raw|vmdk|vdi|vhdx?|bin)$/i, '')
    .replaceAll(/[\p{Cc}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069\uFEFF/]/gu, '')
    .replaceAll('_', ' ')
    .trim()
    .replace(/^-+\s*/, '');
  return Array.from(name).slice(0, 60).join('').trim() || 'machine';
}

/** The system for which parts are chosen; null: it is ours, which chooses for itself, or it is not known yet. */
export function guestOf(source: Source | null, identified: Identified | null): string | null {
  if (source === null || (source.kind === 'entry' && source.medium === null)) return null;
  const file = fileOf(source);
  if (file === null) return source.kind === 'entry' ? source.entry.id : null;
  return identified?.file === file.file ? identified.guestOs : null;
}

/** How it can be installed without questions; null: its user answers them on its screen. */
export function answerFormatOf(
  source: Source | null,
  identified: Identified | null,
): CatalogMedium['unattended'] {
  if (source?.kind === 'entry') return source.medium?.unattended ?? null;
  return source !== null && identified?.file === source.medium.file ? identified.unattended : null;
}

/**
 * What is sent to make the machine. Sizes that nobody touched are left to the service where it knows them.
 * @param unattended the answers, where it installs by itself
 */
export function requestOf(
  draft: Draft,
  name: string,
  sizes: Sizes,
  unattended: Unattended | null,
): Body<'createMachine'> {
  const { source } = draft;
  const definition = { cpu: { vcpus: sizes.vcpus }, memory: sizes.memoryBytes };
  const common = { name, definition, ...(unattended !== null && { unattended }) };
  const file = fileOf(source);
  const use = useOf(draft);
  if (source?.kind === 'entry' && file === null)
    return {
      ...common,
      from: source.entry.id,
      ...(source.medium !== null && { media: source.medium.id }),
      ...(isFetched(source) && draft.diskBytes !== null && { diskSize: draft.diskBytes }),
    };
  if (file === null || use === null) throw new Error('nothing is chosen');
  const grows = use === 'install' || (use === 'copy-disk' && !draft.keepDiskSize);
  const medium = { file: file.file, use, ...(grows && { diskSize: sizes.diskBytes }) };
  return { ...common, medium };
}

const steps = ['what', 'size', 'setup', 'review'] as const;
export type Step = (typeof steps)[number];

/** The way to a machine. One that cannot install by itself has no step for that. */
export function stepsFor(format: CatalogMedium['unattended']): Step[] {
  return steps.filter((step) => step !== 'setup' || format !== null);
}

// Errors that a choice of an earlier step caused; all others belong to the last one.
const causes: Record<Exclude<Step, 'review'>, readonly string[]> = {
  what: [
    'medium-unsuitable',
    'file-missing',
    'file-unreadable',
    'disk-format-mismatch',
    'disk-damaged',
    'disk-in-use',
    'disk-outside',
    'disk-used',
    'catalog-entry-not-found',
  ],
  setup: ['answers-unusable', 'answers-gone'],
  size: ['name-invalid', 'name-taken', 'disk-too-small', 'no-space', 'definition-invalid'],
};

/** The step in which an error of creating can be put right. */
export function stepOfError(code: string): Step {
  return steps.find((step) => step !== 'review' && causes[step].includes(code)) ?? 'review';
}
