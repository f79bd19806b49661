// SPDX-License-Identifier: Apache-2.0
//
// Who gets at the page, as a person sees it: another device over TLS with a certificate nobody knows, the lock, signing out.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../src/daemon/access/network-testing.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

const password = 'correct horse battery';

let service: TestService;
let here: TestPage;
let phone: TestPage;
let address: string;

beforeAll(async () => {
  service = await startService();
  here = await openPage(service);
  phone = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    viewport: { width: 360, height: 760 },
    ignoreHTTPSErrors: true,
  });
});
afterAll(async () => {
  await (here as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (phone as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

test('a password is set on the page, then the network is switched on', async () => {
  const { page } = here;
  await here.show('/pc/access');
  const network = page.getByRole('switch', { name: 'Page on the Network' });
  await network.waitFor();
  expect(await network.isDisabled()).toBe(true);
  await page.getByRole('button', { name: 'Set…' }).click();
  await page.getByLabel('New password', { exact: true }).fill('short');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('too easy to guess').waitFor();
  expect(await here.barriers()).toEqual([]);
  await page.getByLabel('New password', { exact: true }).fill(password);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Change…' }).waitFor();
  // The usual port may be somebody else's.
  await service.client.call('setAccessNetwork', { body: { port: await freePort() } });
  await network.check();
  await page.getByText(/^https:\/\/.+\.local:\d+$/).waitFor();
  const { network: found } = await service.client.call('accessStatus');
  address = `https://localhost:${found.port}/`;
  await here.picture('access');
  expect(await here.barriers()).toEqual([]);
  expect(here.complaints.filter((text) => !text.includes('400'))).toEqual([]);
});

test('a phone signs in with it, in its language', async () => {
  const { page } = phone;
  await page.goto(address);
  await page.getByRole('heading', { name: 'Connexion' }).waitFor();
  await phone.picture('sign-in-fr-dark');
  expect(await phone.barriers()).toEqual([]);
  await page.getByLabel('Mot de passe').fill('wrong password');
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('alert').waitFor();
  await phone.picture('sign-in-wrong-fr-dark');
  expect(await phone.barriers()).toEqual([]);
  await page.getByLabel('Mot de passe').fill(password);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').first().waitFor();
  await phone.show('/pc/access');
  await page.getByText('Ce navigateur', { exact: true }).waitFor();
  await phone.picture('access-fr-dark');
  // Nothing is wider than the phone.
  expect(await page.locator('.view').evaluate((view) => view.scrollWidth - view.clientWidth)).toBe(0);
  expect(await phone.barriers()).toEqual([]);
  // Three browsers, and all others at once. It hears of changes: the stream of events works over TLS, too.
  await service.client.call('signOut', { body: { session: await idOfHere() } });
  await page.getByText('Ce navigateur', { exact: true }).waitFor();
  await expect.poll(() => page.getByRole('button', { name: /^Déconnecter / }).count()).toBe(3);
});

test('the lock covers everything, keeps what was begun, and takes only the password', async () => {
  const { page } = phone;
  await page.getByRole('button', { name: 'Verrouiller' }).click();
  await page.getByRole('heading', { name: 'Verrouillé' }).waitFor();
  await phone.picture('lock-fr-dark');
  expect(await phone.barriers()).toEqual([]);
  for (let count = 0; count < 3; count += 1) await page.keyboard.press('Escape');
  // A browser that lets the second one through is told a moment later.
  await page.locator('dialog.lock-screen:modal').waitFor();
  await page.reload();
  await page.getByRole('heading', { name: 'Verrouillé' }).waitFor();
  await page.getByLabel('Mot de passe').fill('wrong password');
  await page.keyboard.press('Enter');
  await page.getByText('Ce n’est pas le mot de passe.').waitFor();
  await page.getByLabel('Mot de passe').fill(password);
  await page.keyboard.press('Enter');
  await page.getByText('Ce navigateur', { exact: true }).waitFor();
});

test('who is signed out is shown the way back in', async () => {
  const { page } = phone;
  await service.client.call('signOut', { body: { all: true } });
  await page.getByRole('heading', { name: 'Vous n’êtes pas connecté' }).waitFor();
  expect(await phone.barriers()).toEqual([]);
  await page.getByRole('button', { name: 'Se connecter' }).click();
  await page.getByRole('heading', { name: 'Connexion' }).waitFor();
});

test('a file leads a browser in, as the one of `phyllome open` does', async () => {
  const { url } = await service.client.call('createTicket');
  const folder = await mkdtemp(join(tmpdir(), 'phyllome-open-'));
  const file = join(folder, 'open.html');
  await writeFile(file, `<!doctype html><meta http-equiv="refresh" content="0;url=${url}">`);
  const context = await (here.page.context().browser() as Browser).newContext();
  const page = await context.newPage();
  await page.goto(`file://${file}`);
  await page.getByRole('navigation').first().waitFor();
  expect(page.url()).not.toContain('ticket');
  await context.close();
  await rm(folder, { recursive: true });
});

async function idOfHere(): Promise<string> {
  const { sessions } = await service.client.call('accessStatus');
  return sessions.find(({ network }) => !network)?.id ?? '';
}
