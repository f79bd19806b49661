// SPDX-License-Identifier: Apache-2.0
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Medium, System } from '../catalog/entry-file.ts';
import { unknownGuest } from '../catalog/profile/guest-facts.ts';
import type { CatalogSystem } from '../catalog/read-entries.ts';
import { isoBytes } from '../disk/testing.ts';
import { chooseMedium, draftOfSystem, prepareSystem } from './create-from-system.ts';
import type { FetchedMedium } from './fetch/fetch-medium.ts';
import { sandbox } from './testing.ts';

const GiB = 2 ** 30;
const medium = (id: string, more: Partial<Medium> = {}): Medium => ({
  id,
  name: id,
  kind: 'installer',
  architecture: 'x86_64',
  ...more,
});
const bring = { page: 'https://example.org/' };
const media = [
  medium('netboot', { kind: 'network-install', packages: { debian: 'installer' }, unattended: 'preseed' }),
  medium('iso'),
  medium('cloud', { kind: 'cloud-image', unattended: 'cloud-init' }),
  medium('arm', { architecture: 'aarch64' }),
  medium('mine', { bring }),
];
const system: System = {
  id: 'test1',
  name: 'Test 1',
  aliases: [],
  description: 'For tests',
  firmware: 'both',
  secureBoot: 'unsupported',
  tpm: 'supported',
  kernel: 'linux',
  lacks: [],
  minimum: { vcpus: 1, memory: GiB, disk: GiB },
  recommended: { vcpus: 8, memory: 4 * GiB, disk: 20 * GiB },
  notes: [],
  media,
};
const found = { system, family: { id: 'test' }, keys: [] } as unknown as CatalogSystem;
const request = { name: 'a', definition: { architecture: 'x86_64' } };
const unattended = { user: { name: 'ada' } };
const none = { hasPackage: async () => false };
const all = { hasPackage: async () => true };

test('the usual medium that this PC can have, for the processor that is asked for', async () => {
  const id = async (...given: [object, object]) =>
    (await chooseMedium(found, { ...request, ...given[0] }, given[1])).medium.id;
  expect(await id({}, all)).toBe('netboot');
  expect(await id({}, none)).toBe('iso');
  expect(await id({ unattended }, none)).toBe('cloud');
  expect(await id({ definition: { architecture: 'aarch64' } }, none)).toBe('arm');
  expect(await id({ media: 'netboot' }, none)).toBe('netboot');
});

test.each([
  [{ media: 'absent' }, 'medium-not-found'],
  [{ media: 'arm' }, 'medium-not-found'],
  [{ media: 'mine' }, 'medium-brought'],
  [{ media: 'iso', unattended }, 'unattended-unknown'],
  [{ definition: { architecture: 'riscv64' } }, 'medium-not-found'],
  [{ definition: { architecture: 'aarch64' }, unattended }, 'unattended-unknown'],
])('%j is refused before anything is fetched', async (more, code) => {
  await expect(chooseMedium(found, { ...request, ...more }, all)).rejects.toMatchObject({ code });
});

test('the machine has what its system recommends, as far as this PC gives that, and wishes win', async () => {
  await using box = await sandbox();
  const file = join(box.root, 'a.iso');
  await writeFile(file, isoBytes());
  const fetched: FetchedMedium = {
    kind: 'image',
    file,
    image: 'a.iso',
    from: 'x',
    verified: 'none',
    kept: true,
  };
  const parts = {
    machines: box.root,
    others: async () => [],
    recommended: () => ({ vcpus: 2, memoryBytes: GiB / 2 }),
    fetchMedium: async () => fetched,
    hostFor: async () => ({}),
    suitMedium: async () => ({ options: {}, identified: { facts: {} }, guest: unknownGuest() }) as never,
  };
  const common = { id: '7a1c2b3a-1111-4111-8111-111111111111', name: 'a' };
  const context = { signal: new AbortController().signal, progress: () => {} };
  const choice = await chooseMedium(found, request, none);
  expect(draftOfSystem(choice, request, common, parts)).toMatchObject({ guestOs: 'test1', memory: GiB });
  const { definition, job } = await prepareSystem(choice, request, common, parts, context);
  expect(job).toBe(null);
  expect(definition).toMatchObject({
    ...common,
    guestOs: 'test1',
    cpu: { vcpus: 2 },
    memory: GiB,
    disks: [{ size: 20 * GiB }],
    removable: [{ file, detach: 'after-install' }],
  });
  const wishes = { ...request, diskSize: 5 * GiB, definition: { ...request.definition, memory: '3GiB' } };
  const wished = await prepareSystem(choice, wishes, common, parts, context);
  expect(wished.definition).toMatchObject({ memory: 3 * GiB, disks: [{ size: 5 * GiB }] });
});
