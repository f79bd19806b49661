// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { CatalogEntry, CatalogMedium } from '../../../contract/catalog.ts';
import { arrangeFamilies, familiesOf, tileName } from './families.ts';
import { findSystems } from './find-systems.ts';
import { hasEnded, mediaFor, usualMedium } from './media.ts';

const entry = (id: string, name: string, family: string, more: Partial<CatalogEntry> = {}) =>
  ({
    id,
    name,
    description: '',
    aliases: [],
    family: { id: family, name: family, colour: '#000000' },
    origin: 'ours',
    ends: null,
    media: [],
    ...more,
  }) as unknown as CatalogEntry;

const entries = [
  entry('zeta1', 'Zeta 1', 'zeta'),
  entry('debian13', 'Debian 13', 'debian', { aliases: ['debian'] }),
  entry('debian12', 'Debian 12', 'debian'),
  entry('alpha1', 'Álpha 1', 'alpha', { description: 'Like Debian, but not' }),
  entry('tiny', 'Tiny Linux', 'phyllome'),
  entry('debian4', 'Debian 4', 'debian', { origin: 'osinfo' }),
];
const compare = (a: string, b: string) => a.localeCompare(b);

test('tiles: what most people want, then the others by name; nothing of osinfo-db', () => {
  const { popular, others } = arrangeFamilies(familiesOf(entries), compare);
  expect(popular.map(({ systems }) => tileName(systems[0]))).toEqual(['Tiny Linux', 'debian']);
  expect(popular[1]?.systems.map(({ id }) => id)).toEqual(['debian13', 'debian12']);
  expect(others.map(({ systems }) => tileName(systems[0]))).toEqual(['alpha', 'zeta']);
});

test('a search finds every word, the best first, osinfo-db last', () => {
  const found = (search: string) => findSystems(entries, search).map(({ id }) => id);
  expect(found('debian')).toEqual(['debian13', 'debian12', 'alpha1', 'debian4']);
  expect(found('12 DEB')).toEqual(['debian12']);
  expect(found('alp')).toEqual(['alpha1']);
  expect(found('nothing')).toEqual([]);
});

test('the usual medium is one for this PC where there is one', () => {
  const medium = (id: string, architecture: CatalogMedium['architecture']) =>
    ({ id, architecture }) as CatalogMedium;
  const both = entry('a', 'A', 'a', { media: [medium('arm', 'aarch64'), medium('pc', 'x86_64')] });
  expect(usualMedium(both, 'x86_64')?.id).toBe('pc');
  expect(usualMedium(both, 'riscv64')?.id).toBe('arm');
  expect(mediaFor(both, 'x86_64').elsewhere.map(({ id }) => id)).toEqual(['arm']);
  expect(mediaFor(both, null).here).toHaveLength(2);
  expect(usualMedium(entry('b', 'B', 'b'), 'x86_64')).toBe(null);
});

test('support has ended on the day after', () => {
  const today = new Date('2026-11-25T12:00:00Z');
  expect(hasEnded(entry('a', 'A', 'a', { ends: '2026-06-30' }), today)).toBe(true);
  expect(hasEnded(entry('a', 'A', 'a', { ends: '2030-06-30' }), today)).toBe(false);
  expect(hasEnded(entry('a', 'A', 'a'), today)).toBe(false);
});
