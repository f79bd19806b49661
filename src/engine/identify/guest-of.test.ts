// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { OsinfoFacts } from '../../catalog/osinfo/facts.ts';
import { entriesFolder, readEntries } from '../../catalog/read-entries.ts';
import { guestOf } from './guest-of.ts';

const warnings: string[] = [];
const ours = () => readEntries(entriesFolder, (text) => warnings.push(text));
const none = { facts: async () => null };
const seen = (guestOs: string, more = {}) => ({ guestOs, name: guestOs, osinfo: null, entry: null, ...more });

test('by our own entry, under the name of what was recognised', async () => {
  const guest = await guestOf(seen('freebsd14.2', { entry: 'freebsd14' }), { ours, osinfo: none });
  expect(guest).toMatchObject({ id: 'freebsd14.2', name: 'freebsd14.2', kernel: 'freebsd' });
  expect(guest.minimum?.memoryBytes).toBeGreaterThan(2 ** 28);
  expect(warnings).toEqual([]);
});

test('by osinfo-db, where we have none', async () => {
  const fedora30 = { shortId: 'fedora30', name: 'Fedora 30', family: 'linux', released: '2019-04-29' };
  const facts = {
    ...fedora30,
    devices: ['virtio-net'],
    firmware: [],
    minimum: null,
  } as unknown as OsinfoFacts;
  const osinfo = {
    facts: async (ref: string) => (ref === 'http://fedoraproject.org/fedora/30' ? facts : null),
  };
  const found = seen('fedora30', { osinfo: 'http://fedoraproject.org/fedora/30' });
  expect(await guestOf(found, { ours, osinfo })).toMatchObject({
    id: 'fedora30',
    kernel: 'linux',
    released: '2019-04-29',
  });
});

test.each([
  ['generic', 'other'],
  ['mx99', 'linux'],
  ['opnsense31.1', 'freebsd'],
  ['reactos0.4', 'other'],
  ['haikur1beta9', 'other'],
  ['smartos', 'illumos'],
  ['win', 'windows'],
])('by its family: %s is %s', async (id, kernel) => {
  expect(await guestOf(seen(id), { ours, osinfo: none })).toMatchObject({ id, kernel });
});

test('Windows before 8 starts from a BIOS and without what came later', async () => {
  const of = (id: string) => guestOf(seen(id), { ours, osinfo: none });
  expect(await of('winxp')).toMatchObject({
    firmware: 'bios',
    secureBoot: 'unsupported',
    tpm: 'unsupported',
  });
  expect((await of('winxp')).lacks).toContain('usb');
  expect(await of('win7')).toMatchObject({ firmware: 'bios' });
  expect((await of('win7')).lacks).not.toContain('usb');
  expect(await of('win8.1')).toMatchObject({ firmware: 'both', secureBoot: 'unsupported' });
  expect(await of('win2k16')).toMatchObject({ firmware: 'both', secureBoot: 'supported' });
});
