// SPDX-License-Identifier: Apache-2.0
//
// From "I want Debian" to the last look before it is made, with the keyboard alone; and from a file that somebody has to
// a machine. Nothing is downloaded.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { makeIso } from '../../src/disk/medium/testing.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let light: TestPage;
let dark: TestPage;

const password = 'pä$$ "w\'ord';
const iso = makeIso({
  volume: 'Debian 13.2.0 amd64 n',
  system: 'LINUX',
  boot: [0, 0xef],
  files: { '.disk/info': 'Debian GNU/Linux 13.2.0 "Trixie" - Official amd64 NETINST\n' },
  rockRidge: true,
});

beforeAll(async () => {
  service = await startService();
  light = await openPage(service);
  dark = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    timezoneId: 'Europe/Zurich',
    reducedMotion: 'reduce',
    viewport: { width: 360, height: 760 },
  });
});
afterAll(async () => {
  await (light as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (dark as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

test('the systems are tiles, the popular ones first', async () => {
  const { page } = light;
  await light.show('/new');
  const popular = page.getByRole('region', { name: 'Popular' });
  await popular.getByRole('button', { name: 'Debian' }).waitFor();
  expect(await popular.getByRole('button').first().textContent()).toContain('Tiny Linux');
  // The field to search in has the keyboard.
  await page.getByRole('textbox', { name: 'Search systems' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowRight');
  await page.getByRole('button', { name: 'Debian' }).and(page.locator(':focus')).waitFor();
  await light.picture('catalog-light');
  expect(await light.barriers()).toEqual([]);
  await dark.show('/new');
  await dark.page.getByRole('button', { name: 'Debian' }).waitFor();
  await dark.picture('catalog-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
  // Nothing is cut off to the right, however narrow.
  expect(await dark.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('from "debian" to the last look, with the keyboard alone', async () => {
  const { page } = light;
  const press = (key: string) => page.keyboard.press(key);
  await afresh(light);
  await page.getByRole('textbox', { name: 'Search systems' }).and(page.locator(':focus')).waitFor();
  await page.keyboard.type('debian');
  await page
    .getByRole('status')
    .getByText(/systems?$/)
    .waitFor();
  await light.picture('catalog-search-light');
  expect(await light.barriers()).toEqual([]);
  await press('Enter');
  await page.getByRole('heading', { level: 2, name: 'Debian' }).and(page.locator(':focus')).waitFor();
  await light.picture('catalog-debian-light');
  expect(await light.barriers()).toEqual([]);
  await tabTo(light, /^Next$/);
  await press('Enter');
  await page.getByRole('heading', { name: 'How big should it be?' }).waitFor();
  await tabTo(light, /^Next$/);
  await press('Enter');
  await page.getByRole('heading', { name: 'Should it set itself up?' }).waitFor();

  // Going on with nothing filled in says what is missing, and leads there.
  await tabTo(light, /^Next$/);
  await press('Enter');
  await page.getByRole('textbox', { name: 'User name' }).and(page.locator(':focus')).waitFor();
  await page.getByText('It needs a user name.').waitFor();
  await press('Shift+Tab');
  await page.keyboard.type('Ada Lovelace');
  await press('Tab');
  expect(await page.getByRole('textbox', { name: 'User name' }).inputValue()).toBe('ada');
  await press('Tab');
  await page.keyboard.type(password);
  await press('Tab');
  await press('Tab');
  await page.keyboard.type('something else');
  await page.getByText('The two are not the same.').waitFor();
  await light.picture('setup-light');
  expect(await light.barriers()).toEqual([]);
  await press('Control+A');
  await page.keyboard.type(password);
  await page.getByText('The two are not the same.').waitFor({ state: 'detached' });
  await tabTo(light, /^Next$/);
  await press('Enter');
  await page.getByRole('heading', { name: 'This will be made' }).waitFor();
  await page.getByText(/By itself, for ada on debian13/).waitFor();
  await light.picture('setup-review-light');
  expect(await light.barriers()).toEqual([]);
  // The password is neither shown nor kept anywhere that outlives the view.
  expect(await page.locator('main').innerText()).not.toContain(password);
  expect(await kept(light)).not.toContain(JSON.stringify(password).slice(1, -1));
});

test('what the browser knows is filled in', async () => {
  const { page } = dark;
  await page.getByRole('button', { name: 'Debian' }).click();
  await page.getByRole('button', { name: 'Suivant' }).click();
  await page.getByRole('button', { name: 'Suivant' }).click();
  await page.getByRole('switch', { name: 'L’installer pour moi' }).waitFor();
  expect(await page.getByRole('combobox', { name: 'Langue' }).inputValue()).toBe('fr_CH');
  expect(await page.getByRole('combobox', { name: 'Fuseau horaire' }).inputValue()).toBe('Europe/Zurich');
  await page.getByRole('switch', { name: 'Chiffrer son disque' }).click();
  await page.getByRole('textbox', { name: 'Votre nom' }).scrollIntoViewIfNeeded();
  await dark.picture('setup-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(360);
});

test('Windows is brought: the page of its makers, and a place for the file', async () => {
  const { page } = dark;
  await afresh(dark);
  await page.getByRole('button', { name: 'Windows' }).click();
  await page.getByText('Déposez le fichier ici').waitFor();
  expect(await page.getByRole('link', { name: /Ouvrir la page des auteurs/ }).getAttribute('href')).toMatch(
    /^https:\/\/www\.microsoft\.com\//,
  );
  await page.getByRole('button', { name: 'Suivant' }).click();
  await page
    .getByRole('alert')
    .getByText(/Il faut un fichier/)
    .waitFor();
  await dark.picture('bring-dark-narrow-french');
  expect(await dark.barriers()).toEqual([]);
});

test('a file that somebody has is recognised, and made into a machine', async () => {
  const { page } = light;
  await afresh(light);
  await page.getByText('A File of Mine').click();
  await page
    .locator('input[type=file]')
    .first()
    .setInputFiles({ name: 'mystery.iso', mimeType: 'application/octet-stream', buffer: iso });
  await page.getByText(/^Recognised as Debian 13/).click();
  await page
    .getByText(/^Its label is/)
    .first()
    .waitFor();
  await light.picture('identified-light');
  expect(await light.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('from a file');
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('switch', { name: 'Set it up for me' }).click();
  await page.getByRole('button', { name: 'Next' }).click();
  await page.getByRole('switch', { name: 'Start it now' }).click();
  await page.getByRole('button', { name: 'Create' }).click();
  await page.getByRole('heading', { level: 1, name: 'from a file' }).waitFor();
  const { definition } = await service.client.call('showMachine', { params: { ref: 'from a file' } });
  expect(definition?.removable[0]?.file).toMatch(/\/mystery\.iso$/);
});

test('no script failed and nothing was blocked', () => {
  expect([...light.complaints, ...dark.complaints]).toEqual([]);
});

/** The view as somebody sees it who comes from elsewhere. */
async function afresh({ page, show }: TestPage): Promise<void> {
  await show('/');
  await page.getByRole('heading', { level: 1, name: 'Machines', exact: true }).waitFor();
  await show('/new');
}

/** Everything a browser keeps beyond a view, as text. */
async function kept({ page }: TestPage): Promise<string> {
  const stored = await page.evaluate(() =>
    JSON.stringify([
      location.href,
      Object.entries(localStorage),
      Object.entries(sessionStorage),
      document.cookie,
      history.state,
    ]),
  );
  return stored;
}

/** Presses Tab until something with that name has the focus, as somebody without a mouse does. */
async function tabTo({ page }: TestPage, name: RegExp): Promise<void> {
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
