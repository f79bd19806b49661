// SPDX-License-Identifier: Apache-2.0
//
// Nothing gets lost, in the page: snapshots of a real guest by the keyboard alone, the way back, a clone, the bin.
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
  await light.show(`/machines/${machine.id}/snapshots`);
  await light.page.getByText('No snapshots yet').waitFor();
  await look(`/machines/${machine.id}/snapshots`, 'snapshots-empty');
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
  await dialog.waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'before the upgrade', exact: true }).waitFor();
  expect((await tree()).snapshots).toMatchObject([
    { name: 'before the upgrade', note: 'Everything worked.', memory: true, picture: true },
  ]);
});

test('going back keeps how it is now, and is a branch in the tree', async () => {
  const { page } = light;
  await page.getByRole('button', { name: 'Go back to before the upgrade' }).focus();
  await press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Go back to before the upgrade?' });
  await dialog
    .getByRole('radio', { name: 'Keep how it is now as a snapshot first', checked: true })
    .waitFor();
  await light.picture('snapshot-go-back-light');
  expect(await light.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: 'Go Back' }).focus();
  await press('Enter');
  await dialog.waitFor({ state: 'detached', timeout: 60_000 });
  await page.getByText('Before going back').first().waitFor();
  const { current, snapshots } = await tree();
  expect(snapshots.map(({ automatic }) => automatic)).toEqual([null, 'before-revert']);
  expect(current).toBe(snapshots[0]?.id);
  await look(`/machines/${machine.id}/snapshots`, 'snapshots');
});

test('arrow keys go through the tree, Enter shows one with its picture', async () => {
  const { page } = light;
  await page.getByRole('list', { name: 'Snapshots, the newest first' }).getByRole('button').first().focus();
  await press('ArrowDown', 'Enter');
  await page.getByRole('dialog', { name: 'before the upgrade' }).waitFor();
  await page.getByRole('img', { name: 'The screen at before the upgrade' }).waitFor();
  await light.picture('snapshot-facts-light');
  expect(await light.barriers()).toEqual([]);
  await press('Escape');
});

test('one is deleted, the others stay', async () => {
  const { page } = light;
  const [first, second] = (await tree()).snapshots;
  await page.getByRole('button', { name: `More for ${second?.name ?? ''}` }).focus();
  await press('Enter');
  await page.getByRole('menuitem', { name: 'Name and Note…' }).waitFor();
  await press('End', 'Enter');
  const dialog = page.getByRole('dialog', { name: /^Delete the snapshot/ });
  await light.picture('snapshot-delete-light');
  await dialog.getByRole('button', { name: 'Delete' }).focus();
  await press('Enter');
  await dialog.waitFor({ state: 'detached' });
  expect(await names()).toEqual([first?.name]);
});

test('no script failed and nothing was blocked', () => {
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});
