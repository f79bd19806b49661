// SPDX-License-Identifier: Apache-2.0
//
// From an empty page to running machines and back: what somebody does who never opens a terminal.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, pixels, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let light: TestPage;
let dark: TestPage;

beforeAll(async () => {
  service = await startService();
  light = await openPage(service);
  dark = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    viewport: { width: 420, height: 860 },
  });
});
afterAll(async () => {
  await (light as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (dark as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const names = async () => (await service.client.call('listMachines')).map(({ name }) => name).toSorted();

/** Presses Tab until something with that name has the focus, as somebody without a mouse does. */
async function tabTo(name: RegExp): Promise<void> {
  const { page } = light;
  for (let presses = 0; presses < 80; presses += 1) {
    await page.keyboard.press('Tab');
    const focused = await page.evaluate(() => {
      const element = document.activeElement;
      return element?.getAttribute('aria-label') ?? element?.textContent ?? '';
    });
    if (name.test(focused.trim())) return;
  }
  throw new Error(`Tab never came to ${String(name)}`);
}

test('an empty page offers a first machine, and makes and starts it', async () => {
  const { page } = light;
  await page.getByRole('heading', { name: 'No machines yet' }).waitFor();
  await light.picture('home-empty-light');
  await dark.picture('home-empty-dark-narrow-french');
  await page.getByRole('button', { name: 'Try the Tiny Linux' }).click();
  await expect.poll(names).toEqual(['tiny']);
  await page.locator('canvas').first().waitFor();
  await expect.poll(() => pixels(page, { top: 0, bottom: 1 })).not.toBe(0);
});

test('another one is made with the keyboard alone', async () => {
  const { page } = light;
  await light.show('/');
  await tabTo(/^New Machine$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'New Machine' }).waitFor();
  await tabTo(/Tiny Linux$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Tiny Linux' }).waitFor();
  await tabTo(/^Next$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'How big should it be?' }).waitFor();
  await light.picture('new-machine-size-light');
  await tabTo(/^Next$/);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'This will be made' }).waitFor();
  await light.picture('new-machine-review-light');
  await tabTo(/^Create$/);
  await page.keyboard.press('Enter');
  await expect.poll(async () => (await names()).length).toBe(2);
});

test('the cards show live pictures of both', async () => {
  const { page } = light;
  await light.show('/');
  await expect.poll(() => page.getByRole('img', { name: /^Screen of/ }).count()).toBe(2);
  await light.picture('home-light');
  await dark.show('/');
  await dark.picture('home-dark-narrow-french');
});

test('one goes into the bin and comes back', async () => {
  const { page } = light;
  await service.finish(
    service.client.call('stopMachine', {
      params: { ref: 'tiny' },
      body: { force: true, timeoutSeconds: 60 },
    }),
  );
  const { id } = await service.client.call('showMachine', { params: { ref: 'tiny' } });
  await light.show(`/machines/${id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  // A machine that is gone has no view.
  await page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
  await light.show('/bin');
  await page.getByRole('button', { name: 'Restore tiny' }).waitFor();
  await light.picture('bin-light');
  await page.getByRole('button', { name: 'Restore tiny' }).click();
  await expect.poll(names).toContain('tiny');
});

test('what VMMs can do is a table whose lines open by the keyboard', async () => {
  const { page } = light;
  await light.show('/pc/software');
  await page.getByRole('columnheader', { name: 'QEMU' }).first().waitFor();
  await tabTo(/^Secure Boot$/);
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Secure Boot', expanded: true }).waitFor();
  await page.getByText('Found out on this PC').waitFor();
  await light.picture('vmms-light');
  expect(await light.barriers()).toEqual([]);
});

test('a VMM is pinned with the keyboard, and its verdict is there before', async () => {
  const { page } = light;
  const { id } = await service.client.call('showMachine', { params: { ref: 'tiny' } });
  await light.show(`/machines/${id}/settings`);
  const choices = page.getByRole('radiogroup', { name: 'Runs on' });
  await choices.getByText(/Now that is QEMU/).waitFor();
  await choices.getByRole('radio', { name: 'Automatic' }).focus();
  await page.keyboard.press('ArrowDown');
  for (const summary of await choices.locator('summary').all()) {
    await summary.focus();
    await page.keyboard.press('Enter');
  }
  await choices.scrollIntoViewIfNeeded();
  await light.picture('runs-on-light');
  expect(await light.barriers()).toEqual([]);
  await tabTo(/^Save$/);
  await page.keyboard.press('Enter');
  const pinned = async () => (await service.client.call('showMachine', { params: { ref: id } })).definition;
  await expect.poll(async () => (await pinned())?.vmm).toBe('qemu');
  await dark.show(`/machines/${id}/settings`);
  const french = dark.page.getByRole('radiogroup', { name: 'Tourne sur' });
  await french.getByRole('radio', { name: 'QEMU', checked: true }).waitFor();
  for (const summary of await french.locator('summary').all()) await summary.click();
  await french.scrollIntoViewIfNeeded();
  await dark.picture('runs-on-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
});

test('a move to another VMM shows what it would change, and what keeps it, before anything is done', async () => {
  const { page } = light;
  await light.show('/');
  const { id } = await service.client.call('showMachine', { params: { ref: 'tiny' } });
  await light.show(`/machines/${id}/settings`);
  await page.getByRole('button', { name: 'Move To…' }).focus();
  await page.keyboard.press('Enter');
  await page.getByRole('menuitem', { name: 'Firecracker' }).waitFor();
  // Its keys count once it has the focus, a moment after it is seen.
  await page.locator('[role=menuitem]:focus').waitFor();
  await page.keyboard.press('End');
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Move tiny to Firecracker?' });
  await dialog.getByText('It cannot be moved as it is:').waitFor();
  expect(await dialog.getByRole('button', { name: 'Move', exact: true }).isDisabled()).toBe(true);
  await light.picture('move-refused-light');
  expect(await light.barriers()).toEqual([]);
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
});

test('a machine that is pinned to what is not here is moved to what is, and runs', async () => {
  const { page } = dark;
  const changes = [{ path: ['vmm'], value: 'crosvm' }];
  const { id } = await service.client.call('changeDefinition', {
    params: { ref: 'tiny' },
    body: { changes },
  });
  await dark.show(`/machines/${id}/settings`);
  await page.getByRole('radio', { name: 'crosvm', checked: true }).waitFor();
  await page.getByRole('button', { name: 'Déplacer vers…' }).click();
  await page.getByRole('menuitem', { name: 'QEMU' }).click();
  const dialog = page.getByRole('dialog', { name: /Faire passer tiny à QEMU/ });
  await dialog.getByText('crosvm → qemu').waitFor();
  await dark.picture('move-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
  await dialog.getByRole('button', { name: 'Déplacer', exact: true }).click();
  await dialog.getByText(/Elle a été déplacée et tourne/).waitFor();
  await dialog.getByRole('button', { name: 'Fermer' }).last().click();
  const moved = await service.client.call('showMachine', { params: { ref: id } });
  expect(moved).toMatchObject({ state: { name: 'running' }, definition: { vmm: 'qemu' } });
});

test.each(['screen', 'console', 'activity', 'settings', 'log'])(
  'no barrier in the %s of a machine',
  async (tab) => {
    const running = (await service.client.call('listMachines')).find(({ state }) => state.name === 'running');
    await noBarriers(`/machines/${running?.id ?? ''}/${tab}`, `machine-${tab}`);
  },
);

test.each(['', 'new', 'tasks', 'bin', 'pc', 'pc/software', 'nowhere'])(
  'no barrier at "/%s"',
  async (view) => {
    await noBarriers(`/${view}`, view === '' ? 'home' : view.replace('/', '-'));
  },
);

async function noBarriers(view: string, name: string): Promise<void> {
  for (const [look, one] of [
    ['light', light],
    ['dark-narrow-french', dark],
  ] as const) {
    await one.show(view);
    // Whatever is loaded later belongs to the view as well.
    await one.page
      .getByText(/^(Loading…|Chargement…)$/)
      .first()
      .waitFor({ state: 'detached' });
    await one.picture(`view-${name}-${look}`);
    expect(await one.barriers()).toEqual([]);
  }
}

test('no script failed and nothing was blocked', () => {
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});
