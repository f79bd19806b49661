// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Budget } from '../../contract/budget.ts';
import type { CatalogEntry, CatalogMedium } from '../../contract/catalog.ts';
import { nameProblem } from '../../contract/name.ts';
import {
  emptyDraft,
  lacksFile,
  requestOf,
  sizesOf,
  stepOfError,
  suggestedName,
  useOf,
  type MediumFile,
} from './draft.ts';

const GiB = 2 ** 30;
const recommended = { vcpus: 4, memoryBytes: 4 * GiB };
const wanted = { ...recommended, diskBytes: GiB };
const budget = { recommended } as Budget;
const entry = {
  id: 'tiny',
  name: 'Tiny',
  recommended: { vcpus: 1, memoryBytes: GiB / 4, diskBytes: 0 },
} as CatalogEntry;
const file = (name: string, format: MediumFile['format']) =>
  ({ kind: 'file', medium: { name, file: `/isos/${name}`, format, bytes: 1 } }) as const;

test('an entry keeps its own sizes until they are touched', () => {
  const draft = { ...emptyDraft, source: { kind: 'entry', entry, medium: null, brought: null } as const };
  expect(sizesOf(draft, budget)).toMatchObject({ vcpus: 1, memoryBytes: GiB / 4 });
  expect(sizesOf({ ...draft, memoryBytes: GiB }, budget)).toMatchObject({ vcpus: 1, memoryBytes: GiB });
  expect(requestOf(draft, 'a', sizesOf(draft, budget), null)).toEqual({
    name: 'a',
    from: 'tiny',
    definition: { cpu: { vcpus: 1 }, memory: GiB / 4 },
  });
});

test('a file gets the sizes of the system that it was recognised as', () => {
  const draft = { ...emptyDraft, source: file('win11.iso', 'iso') };
  const known = { ...entry, recommended: { vcpus: 2, memoryBytes: 8 * GiB, diskBytes: 100 * GiB } };
  expect(sizesOf(draft, budget, known)).toEqual({ vcpus: 2, memoryBytes: 8 * GiB, diskBytes: 100 * GiB });
  expect(sizesOf(draft, budget)).toEqual({ ...recommended, diskBytes: 64 * GiB });
});

test('the medium of an entry is named; one that was brought is a file like any other', () => {
  const medium = { id: 'netinst', source: 'download' } as CatalogMedium;
  const from = { kind: 'entry', entry, medium, brought: null } as const;
  expect(requestOf({ ...emptyDraft, source: from }, 'a', wanted, null)).toMatchObject({
    from: 'tiny',
    media: 'netinst',
  });
  const bring = { ...from, medium: { ...medium, source: 'bring' } as const };
  expect(lacksFile(from)).toBe(false);
  expect(lacksFile(bring)).toBe(true);
  const source = { ...bring, brought: file('win11.iso', 'iso').medium };
  expect(lacksFile(source)).toBe(false);
  const request = requestOf({ ...emptyDraft, source }, 'a', wanted, null);
  expect(request.medium).toEqual({ file: '/isos/win11.iso', use: 'install', diskSize: GiB });
  expect(request).not.toHaveProperty('from');
});

test('the disk of what the service fetches is as its system recommends, unless somebody chose', () => {
  const medium = { id: 'netinst', source: 'download' } as CatalogMedium;
  const debian = { ...entry, recommended: { vcpus: 2, memoryBytes: GiB, diskBytes: 20 * GiB } };
  const draft = { ...emptyDraft, source: { kind: 'entry', entry: debian, medium, brought: null } as const };
  expect(sizesOf(draft, budget).diskBytes).toBe(20 * GiB);
  expect(requestOf(draft, 'a', sizesOf(draft, budget), null)).not.toHaveProperty('diskSize');
  const grown = { ...draft, diskBytes: 30 * GiB };
  expect(requestOf(grown, 'a', sizesOf(grown, budget), null)).toMatchObject({ diskSize: 30 * GiB });
});

test('an ISO is installed from, beside a new disk', () => {
  const draft = { ...emptyDraft, source: file('debian.iso', 'iso'), inPlace: true };
  expect(requestOf(draft, 'a', sizesOf(draft, budget), null)).toEqual({
    name: 'a',
    medium: { file: '/isos/debian.iso', use: 'install', diskSize: 64 * GiB },
    definition: { cpu: { vcpus: 4 }, memory: 4 * GiB },
  });
});

test('a disk is copied, in its own size unless a larger one was asked for', () => {
  const draft = { ...emptyDraft, source: file('a.qcow2', 'qcow2') };
  const sizes = { ...recommended, diskBytes: 100 * GiB };
  expect(requestOf(draft, 'a', sizes, null).medium).toEqual({ file: '/isos/a.qcow2', use: 'copy-disk' });
  expect(requestOf({ ...draft, keepDiskSize: false }, 'a', sizes, null).medium).toEqual({
    file: '/isos/a.qcow2',
    use: 'copy-disk',
    diskSize: 100 * GiB,
  });
});

test('only what a VMM can write is used in place', () => {
  expect(useOf({ ...emptyDraft, inPlace: true, source: file('a.raw', 'raw') })).toBe('use-disk');
  expect(useOf({ ...emptyDraft, inPlace: true, source: file('a.vmdk', 'vmdk') })).toBe('copy-disk');
});

test.each([
  ['debian-13.0.0-amd64-netinst.iso', 'debian-13.0.0-amd64-netinst'],
  ['Win11_24H2.ISO', 'Win11 24H2'],
  ['-odd-.qcow2', 'odd-'],
  ['.iso', 'machine'],
  [`${'é'.repeat(200)}.iso`, 'é'.repeat(60)],
  ['\u202Etxt.iso', 'txt'],
])('%s suggests a name that can be used', (name, suggestion) => {
  expect(suggestedName(file(name, 'iso'))).toBe(suggestion);
  expect(nameProblem(suggestion)).toBe(null);
});

test('an error leads to the step that caused it', () => {
  expect(stepOfError('medium-unsuitable')).toBe('what');
  expect(stepOfError('name-taken')).toBe('size');
  expect(stepOfError('internal-error')).toBe('review');
});
