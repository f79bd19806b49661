// SPDX-License-Identifier: Apache-2.0
//
// What was chosen for the new machine so far, and what follows from it.
import type { Body } from '../../contract/api.ts';
import type { CatalogEntry } from '../../contract/catalog.ts';
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

export type Source = { kind: 'entry'; entry: CatalogEntry } | { kind: 'file'; medium: MediumFile };
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
};

/** How a file is used: what can be installed from is; null for a catalogue entry. */
export function useOf({ source, inPlace }: Draft): MediumUse | null {
  if (source?.kind !== 'file') return null;
  if (isInstallMedium(source.medium)) return 'install';
  return inPlace && canBeUsedInPlace(source.medium) ? 'use-disk' : 'copy-disk';
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

/** The sizes as chosen, else those of the source, else those that the service recommends. */
export function sizesOf(draft: Draft, budget: Budget): Sizes {
  const own = draft.source?.kind === 'entry' ? draft.source.entry.recommended : undefined;
  const recommended = own ?? budget.recommended;
  return {
    vcpus: draft.vcpus ?? recommended.vcpus,
    memoryBytes: draft.memoryBytes ?? recommended.memoryBytes,
    diskBytes: draft.diskBytes ?? defaultDiskBytes,
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

/** What is sent to make the machine. Sizes that nobody touched are left to the service where it knows them. */
export function requestOf(draft: Draft, name: string, sizes: Sizes): Body<'createMachine'> {
  const { source } = draft;
  const definition = { cpu: { vcpus: sizes.vcpus }, memory: sizes.memoryBytes };
  if (source?.kind === 'entry') return { name, from: source.entry.id, definition };
  const use = useOf(draft);
  if (source === null || use === null) throw new Error('nothing is chosen');
  const grows = use === 'install' || (use === 'copy-disk' && !draft.keepDiskSize);
  const medium = { file: source.medium.file, use, ...(grows && { diskSize: sizes.diskBytes }) };
  return { name, medium, definition };
}

export const steps = ['what', 'size', 'review'] as const;
export type Step = (typeof steps)[number];

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
  size: ['name-invalid', 'name-taken', 'disk-too-small', 'no-space', 'definition-invalid'],
};

/** The step in which an error of creating can be put right. */
export function stepOfError(code: string): Step {
  return steps.find((step) => step !== 'review' && causes[step].includes(code)) ?? 'review';
}
