// SPDX-License-Identifier: Apache-2.0
//
// Nothing gets lost, in the page: snapshots of a real guest by the keyboard alone, the way back, a clone, the bin.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Machine } from '../../src/contract/api.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let light: TestPage;
let dark: TestPage;
let machine: Machine;

beforeAll(async () => {
  service = await startService();
  await mkdir(join(service.env['HOME'] ?? '', 'backups'));
  machine = await service.create('tiny');
  light = await openPage(service);
  dark = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    viewport: { width: 420, height: 860 },
  });
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: machine.id }, body: {} });
  await events.next((event) => event.type === 'machine.ready');
  events.close();
});
afterAll(async () => {
  await (light as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (dark as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const tree = () => service.client.call('listSnapshots', { params: { ref: machine.id } });
const names = async () => (await tree()).snapshots.map(({ name }) => name);
const press = async (...pressed: string[]): Promise<void> => {
  for (const key of pressed) await light.page.keyboard.press(key);
};

/** Waits until a dialog has done what it was asked; when it failed, the test says why. */
async function closed(dialog: Locator): Promise<void> {
  const alert = dialog.getByRole('alert');
  const now = async () =>
    (await dialog.count()) === 0
      ? 'closed'
      : (await alert.count()) > 0
        ? alert.first().textContent()
        : 'open';
  await expect.poll(now, { timeout: 60_000 }).toBe('closed');
}

/** Shows a view in both looks, keeps pictures of it, and looks for barriers. */
async function look(view: string, name: string): Promise<void> {
  for (const [suffix, one] of [
    ['light', light],
    ['dark-narrow-french', dark],
  ] as const) {
    await one.show(view);
    await one.page
      .getByText(/^(Loading…|Chargement…)$/)
      .first()
      .waitFor({ state: 'detached' });
    await one.picture(`${name}-${suffix}`);
    expect(await one.barriers()).toEqual([]);
  }
}

test('a machine without snapshots says what they are for', async () => {
  await look(`/machines/${machine.id}/snapshots`, 'snapshots-empty');
  await light.page.getByRole('heading', { name: 'No snapshots yet' }).waitFor();
});

test('one is taken by the keyboard alone, with the memory of the guest', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'Take Snapshot…' }).focus();
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Take a Snapshot' });
  await dialog.waitFor();
  await page.getByLabel('Name').focus();
  await page.keyboard.type('before the upgrade');
  await press('Tab');
  await page.keyboard.type('Everything worked.');
  await light.picture('snapshot-take-light');
  expect(await light.barriers()).toEqual([]);
  await page.getByLabel('Name').focus();
  await press('Enter');
  await closed(dialog);
  await page.getByRole('button', { name: 'before the upgrade', exact: true }).waitFor();
  expect((await tree()).snapshots).toMatchObject([
    { name: 'before the upgrade', note: 'Everything worked.', memory: true, picture: true },
  ]);
});

test('going back keeps how it is now, and is a branch in the tree', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'Go back to before the upgrade' }).focus();
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Go Back to “before the upgrade”?' });
  await dialog
    .getByRole('radio', { name: 'Keep how it is now as a snapshot first', checked: true })
    .waitFor();
  await light.picture('snapshot-go-back-light');
  expect(await light.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: 'Go Back', exact: true }).focus();
  await press('Enter');
  await closed(dialog);
  const automatic = page.getByRole('button', {
    name: 'Before going back to before the upgrade',
    exact: true,
  });
  await automatic.waitFor();
  const { current, snapshots } = await tree();
  expect(snapshots.map((snapshot) => snapshot.automatic)).toEqual([null, 'before-revert']);
  expect(current).toBe(snapshots[0]?.id);
  await look(`/machines/${machine.id}/snapshots`, 'snapshots');
});

test('arrow keys go through the tree, Enter shows one with its picture', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'Before going back to before the upgrade', exact: true }).focus();
  await press('ArrowDown', 'Enter');
  await page.getByRole('dialog', { name: 'before the upgrade', exact: true }).waitFor();
  const picture = page.getByRole('img', { name: 'The screen at before the upgrade' });
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(0);
  await light.picture('snapshot-facts-light');
  expect(await light.barriers()).toEqual([]);
  await press('Escape');
});

test('one is deleted, the other stays', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'More for Before going back to before the upgrade' }).focus();
  await press('Enter');
  await page.getByRole('menuitem', { name: 'Name and Note…' }).waitFor();
  // Its keys count once it has the focus, a moment after it is seen.
  await page.locator('[role=menuitem]:focus').waitFor();
  await press('End', 'Enter');
  const dialog = page.getByRole('dialog', { name: /^Delete the snapshot/ });
  await dialog.getByText('all its other snapshots stay').waitFor();
  await light.picture('snapshot-delete-light');
  await dialog.getByRole('button', { name: 'Delete', exact: true }).focus();
  await press('Enter');
  await closed(dialog);
  await expect.poll(names).toEqual(['before the upgrade']);
});

test('it is saved with its memory, and resumed', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'Save to Disk' }).click();
  await page.locator('.header .pill', { hasText: 'Saved' }).waitFor({ timeout: 60_000 });
  await light.picture('saved-light');
  // The menu of the whole machine comes first, those of its snapshots after it.
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Discard Saved State…' }).click();
  await page.getByRole('dialog', { name: 'Discard the saved state of tiny?' }).waitFor();
  expect(await light.barriers()).toEqual([]);
  await press('Escape');
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.locator('.header .pill', { hasText: 'Running' }).waitFor();
});

test('a machine that runs is cloned from its snapshot', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Clone…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Clone tiny' });
  await dialog.getByRole('radio', { name: 'Linked', checked: true }).waitFor();
  const from = dialog.getByRole('combobox', { name: 'Begin with' });
  await expect
    .poll(() => from.evaluate((select) => (select as HTMLSelectElement).selectedOptions[0]?.text))
    .toBe('before the upgrade');
  await light.picture('clone-light');
  expect(await light.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: 'Clone', exact: true }).click();
  await dialog.getByText('tiny 2 is ready.').waitFor();
  await light.picture('clone-done-light');
  await dialog.getByRole('link', { name: 'Open tiny 2' }).click();
  await page.getByRole('heading', { level: 1, name: 'tiny 2' }).waitFor();
});

test('a template says so, and does not start', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Make a Template' }).click();
  await page.locator('.header .pill', { hasText: 'Template' }).waitFor();
  expect(await page.getByRole('button', { name: 'Start' }).count()).toBe(0);
  await page.getByRole('button', { name: 'Clone…' }).waitFor();
  await light.picture('template-light');
  await dark.show('/');
  await dark.page.getByText('Modèle', { exact: true }).waitFor();
  await dark.page.locator('.machine-card [aria-haspopup=menu]').last().click();
  await dark.page.getByRole('menuitem', { name: 'Ne plus être un modèle' }).waitFor();
  await dark.picture('home-menu-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
  await dark.page.keyboard.press('Escape');
});

test('a deletion shows its files, and the bin what erasing frees and when', async () => {
  const { page } = light;
  const { id } = await service.client.call('showMachine', { params: { ref: 'tiny 2' } });
  await light.show(`/machines/${id}`);
  await page.getByRole('button', { name: 'More', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  const dialog = page.getByRole('dialog', { name: 'Delete tiny 2?' });
  await dialog.locator('summary').click();
  await dialog.getByText('machine.yaml').waitFor();
  await light.picture('delete-light');
  expect(await light.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
  await light.show('/bin');
  await page.getByRole('combobox', { name: 'Erase deleted machines' }).selectOption('30');
  await page.getByText(/will be erased on/).waitFor();
  expect(await service.client.call('binStatus')).toMatchObject({ keepDays: 30, count: 1 });
  await look('/bin', 'bin-keep');
  await page.getByRole('button', { name: 'Empty Bin…' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Erase All' }).click();
  await page.getByRole('heading', { name: 'The bin is empty' }).waitFor();
});

test('a disk shows what it takes, and grows while the guest runs', async () => {
  const { page } = light;
  await light.show(`/machines/${machine.id}/settings`);
  await page.locator('summary', { hasText: 'Disk 1' }).click();
  const grow = page.getByRole('button', { name: 'Grow…' });
  await grow.scrollIntoViewIfNeeded();
  await light.picture('disk-light');
  expect(await light.barriers()).toEqual([]);
  // What cannot be done now says why, and can be reached.
  expect(await page.getByRole('button', { name: 'Check…' }).getAttribute('title')).toBe(
    'Shut it down first.',
  );
  await grow.click();
  const dialog = page.getByRole('dialog', { name: /^Grow disks\// });
  await dialog.getByLabel('New size').fill('1');
  await dialog.getByText('A larger size, such as “40 GiB”.').waitFor();
  await dialog.getByLabel('New size').fill('3 GiB');
  await press('Enter');
  await dialog.getByText('What is left to do in the guest').waitFor();
  const { disks } = await service.client.call('machineDisks', { params: { ref: machine.id } });
  expect(disks[0]?.virtualSize).toBe(3 * 2 ** 30);
  await press('Escape');
  await dark.show(`/machines/${machine.id}/settings`);
  await dark.page.locator('summary', { hasText: 'Disque 1' }).click();
  await dark.page.getByRole('button', { name: 'Agrandir…' }).scrollIntoViewIfNeeded();
  await dark.picture('disk-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
});

test('a backup is made to a folder that is chosen, and more are made by themselves', async () => {
  const { page } = light;
  await light.show(`/machines/${machine.id}/snapshots`);
  await page.getByText('Backups', { exact: true }).click();
  await page.getByRole('heading', { name: 'No backups yet' }).waitFor();
  await page.getByRole('button', { name: 'Choose a Folder…' }).click();
  const chooser = page.getByRole('dialog', { name: 'Choose a Folder' });
  await chooser.getByRole('option', { name: /^backups/ }).click();
  await chooser.getByRole('button', { name: 'Choose', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Back Up Now' }).click();
  await page.getByRole('button', { name: /^Restore the backup of/ }).waitFor({ timeout: 60_000 });
  await page.getByLabel('Every day').fill('7');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  const schedule = async () =>
    (await service.client.call('showMachine', { params: { ref: machine.id } })).definition?.schedule;
  await expect
    .poll(schedule)
    .toEqual({ backups: { folder: join(service.env['HOME'] ?? '', 'backups'), daily: 7 } });
  await light.picture('backups-light');
  expect(await light.barriers()).toEqual([]);
});

test('no script failed and nothing was blocked', () => {
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});
