// SPDX-License-Identifier: Apache-2.0
//
// A machine that has the screen of this PC, and every way to get the host back from it.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openPage, pixels, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
/** The display of this PC, and a phone */
let display: TestPage;
let phone: TestPage;

beforeAll(async () => {
  service = await startService();
  await service.finish(service.client.call('createMachine', { body: { name: 'tiny', from: 'tiny' } }));
  display = await openPage(service);
  phone = await openPage(service, {
    viewport: { width: 360, height: 740 },
    colorScheme: 'dark',
    locale: 'fr-CH',
    hasTouch: true,
  });
  await display.page.goto(`${new URL(display.page.url()).origin}/?kiosk`);
  await display.page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
});
afterAll(async () => {
  await (display as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (phone as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

const full = () => display.page.getByRole('main', { name: 'tiny' });
const hostIsBack = () => display.page.getByRole('heading', { level: 1, name: 'Machines' }).waitFor();
const screen = async () => (await service.client.call('favourite')).screen.show;

async function pressHostKey(): Promise<void> {
  const { keyboard } = display.page;
  for (const key of ['ControlLeft', 'AltLeft']) await keyboard.down(key);
  for (const key of ['AltLeft', 'ControlLeft']) await keyboard.up(key);
}

test('a screen that the page fills has a clock', async () => {
  const clock = display.page.getByRole('complementary', { name: 'Screen of this PC' }).getByRole('time');
  await expect.poll(() => clock.textContent()).toMatch(/\d:\d\d/);
});

test('the phone sees the display, and gives it a machine, which starts', async () => {
  const { page } = phone;
  await phone.show('/remote');
  await page.getByText('Aucun écran').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Démarrer et afficher: tiny' }).click();
  await full().waitFor();
  await display.page.getByText('Left Ctrl + left Alt: back to the host').waitFor();
  await display.page.locator('canvas').waitFor();
  await expect.poll(() => pixels(display.page, { top: 0, bottom: 1 })).not.toBe(0);
  await page.getByRole('button', { name: 'Affichée: tiny' }).waitFor();
  await display.picture('kiosk-guest');
  await phone.picture('remote-dark-narrow-french');
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  expect(await phone.barriers()).toEqual([]);
});

test('keys are the guest’s, and the host key brings the host back', async () => {
  const { page } = display;
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('CANVAS');
  await expect
    .poll(async () => (await service.client.call('showMachine', { params: { ref: 'tiny' } })).state)
    .toMatchObject({ name: 'running', ready: true });
  // Its driver and the shell on the screen come a little after that; what is typed before is lost.
  const before = await pixels(page, { top: 0.3, bottom: 1 });
  await expect
    .poll(async () => {
      await page.keyboard.type('hello', { delay: 20 });
      return pixels(page, { top: 0.3, bottom: 1 });
    })
    .not.toBe(before);
  // Meant for the guest.
  await page.keyboard.press('Control+Alt+KeyL');
  expect(await full().count()).toBe(1);
  await pressHostKey();
  await hostIsBack();
  await expect.poll(screen).toBe('host');
  await phone.page.getByRole('button', { name: 'Afficher: tiny' }).waitFor();
});

test('a service that hangs does not keep the host away', async () => {
  const { page } = display;
  await service.client.call('showOnScreen', { body: { show: 'machine', machine: 'tiny' } });
  await full().waitFor();
  service.process.kill('SIGSTOP');
  try {
    await pressHostKey();
    await hostIsBack();
  } finally {
    service.process.kill('SIGCONT');
  }
  await expect.poll(screen).toBe('host');
  expect(await page.getByText('Machines').count()).toBeGreaterThan(0);
});

test('the corner has a menu, and the phone takes the screen back', async () => {
  const { page } = display;
  await service.client.call('showOnScreen', { body: { show: 'machine', machine: 'tiny' } });
  await full().waitFor();
  await page.mouse.move(600, 300);
  await page.mouse.move(1279, 0);
  const menu = page.getByRole('dialog', { name: 'tiny has the screen' });
  await menu.waitFor();
  await display.picture('kiosk-menu');
  expect(await display.barriers()).toEqual([]);
  await menu.getByRole('button', { name: 'Close' }).click();
  await menu.waitFor({ state: 'detached' });
  await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe('CANVAS');
  await phone.page.getByRole('button', { name: 'Afficher l’hôte' }).click();
  await hostIsBack();
});

test('the favourite that ends gives the host back; one that cannot start says why', async () => {
  const { page } = display;
  const { client } = service;
  await client.call('setFavourite', { body: { machine: 'tiny' } });
  await client.call('showOnScreen', { body: { show: 'machine' } });
  await full().waitFor();
  await service.finish(
    client.call('stopMachine', { params: { ref: 'tiny' }, body: { force: true, timeoutSeconds: 60 } }),
  );
  await hostIsBack();
  expect(await page.getByRole('alert').count()).toBe(0);
  // Nothing of the page is beyond the edge of the screen.
  expect(await page.evaluate(() => document.documentElement.scrollHeight - innerHeight)).toBe(0);

  await client.call('changeDefinition', {
    params: { ref: 'tiny' },
    body: { changes: [{ path: ['memory'], value: '60000GiB' }] },
  });
  await page.getByRole('button', { name: 'Show tiny' }).click();
  await page.getByRole('alert').getByText('tiny cannot be shown').waitFor();
  await display.picture('kiosk-cannot-start');
  expect(await display.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Dismiss' }).click();
  await page.getByRole('alert').waitFor({ state: 'detached' });
});
