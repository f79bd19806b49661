// SPDX-License-Identifier: Apache-2.0
//
// The installer of a live system in the page, by the keyboard. The service is real; what only a PC with Phyllome OS could
// answer, the test does, from recorded disks.
import { readFileSync } from 'node:fs';
import type { Page, Route } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Task } from '../../src/contract/task.ts';
import type { InstallOffer } from '../../src/contract/os-install.ts';
import { judgeDisks, runningDisk } from '../../src/privileged/os/disks/judge.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

const recorded = (name: string): InstallOffer => {
  const file = new URL(`../../src/privileged/os/disks/fixtures/${name}.json`, import.meta.url);
  const { blockdevices: devices } = JSON.parse(readFileSync(file, 'utf8'));
  const facts = { devices, plugs: new Map(), failing: new Map(), backing: new Map() };
  return {
    live: true,
    edition: 'headless',
    version: '1',
    runsFrom: runningDisk(facts),
    tpm: true,
    secureBoot: false,
    smallest: 2 ** 33,
    disks: judgeDisks(facts),
  };
};
const offer = recorded('two-identical-nvme');
const key = `${'cbdefghi-'.repeat(7)}jklnrtuv`;
const task: Task = {
  id: 'installation',
  what: 'Install Phyllome OS',
  state: 'done',
  step: 'Copying the system',
  fraction: 1,
  bytes: null,
  secondsLeft: null,
  startedAt: '2026-01-01T00:00:00.000Z',
  endedAt: '2026-01-01T00:01:00.000Z',
  machineId: null,
  error: null,
};

let service: TestService;
let light: TestPage;
let dark: TestPage;
const sent: unknown[] = [];
let forgotten = false;

async function answer(page: Page): Promise<void> {
  const json = (value: unknown) => (route: Route) => route.fulfill({ json: value });
  await page.route('**/api/v1/os/disks', json(offer));
  await page.route('**/api/v1/os/settings/choices', (route) =>
    route.fulfill({
      json: { timeZones: ['Europe/Paris'], keyboards: ['us', 'fr'], locales: ['C.UTF-8', 'fr_FR.UTF-8'] },
    }),
  );
  await page.route('**/api/v1/os/install', async (route) => {
    sent.push(route.request().postDataJSON());
    await route.fulfill({ json: task });
  });
  await page.route('**/api/v1/tasks/installation', json(task));
  await page.route('**/api/v1/os/install/recovery-key', async (route) => {
    forgotten ||= route.request().method() === 'DELETE';
    await route.fulfill({ json: { recoveryKey: forgotten ? null : key } });
  });
}

beforeAll(async () => {
  service = await startService();
  light = await openPage(service);
  dark = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    viewport: { width: 360, height: 800 },
  });
  await answer(light.page);
  await answer(dark.page);
});
afterAll(async () => {
  await (light as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (dark as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function fine(page: TestPage, name: string): Promise<void> {
  await page.picture(`install-${name}`);
  expect(await page.barriers()).toEqual([]);
  const { scrollWidth, clientWidth } = await page.page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

test('one of two equal disks is chosen, its name typed, and the recovery key shown once', async () => {
  const { page } = light;
  await light.show('/install');
  const next = page.getByRole('button', { name: 'Next' });
  expect(await next.isDisabled()).toBe(true);
  expect(await page.getByRole('radio', { name: 'SanDisk Ultra' }).isDisabled()).toBe(true);
  await fine(light, 'disk');
  await page.getByRole('radio', { name: 'Samsung SSD 980 PRO 1TB 711A' }).focus();
  await page.keyboard.press('Space');
  await next.focus();
  await page.keyboard.press('Enter');

  await page.getByLabel('User name').fill('ada');
  await page.getByLabel('Password', { exact: true }).fill('correct horse');
  await page.getByLabel('Repeat the password', { exact: true }).fill('correct hose');
  await page.getByText('The two are not the same').waitFor();
  expect(await next.isDisabled()).toBe(true);
  await page.getByLabel('Repeat the password', { exact: true }).fill('correct horse');
  await page.getByLabel('Time zone').selectOption('Europe/Paris');
  await fine(light, 'you');
  await next.click();

  await page.getByRole('radio', { name: 'Everything is encrypted' }).check();
  await fine(light, 'protection');
  await next.click();

  const erase = page.getByRole('button', { name: 'Erase and Install' });
  await page.getByText('Windows, with all its files').waitFor();
  await page.getByLabel('Name of the disk').fill('Samsung SSD 980 PRO 1TB 712B');
  expect(await erase.isDisabled()).toBe(true);
  await page.getByLabel('Name of the disk').fill('samsung ssd 980 pro 1tb 711a');
  await fine(light, 'confirm');
  await page.keyboard.press('Enter');

  await page.getByText(key).waitFor();
  await fine(light, 'done');
  expect(sent).toEqual([
    {
      disk: { id: 'wwn:eui.002538b111b2c3d4', confirmation: 'samsung ssd 980 pro 1tb 711a' },
      hostname: 'phyllome',
      user: { name: 'ada', password: 'correct horse' },
      keyboard: 'us',
      timezone: 'Europe/Paris',
      locale: 'C.UTF-8',
      encryption: { kind: 'disk', tpm: true },
      afterwards: 'nothing',
    },
  ]);
  await page.getByRole('button', { name: 'I have written it down' }).click();
  await expect.poll(() => page.getByText(key).count()).toBe(0);
  expect(forgotten).toBe(true);
  expect(light.complaints).toEqual([]);
});

test('in French, dark and narrow it has the same, and no barrier', async () => {
  const { page } = dark;
  await dark.show('/install');
  await fine(dark, 'disk-dark-narrow-french');
  await page.getByRole('radio', { name: 'Samsung SSD 980 PRO 1TB 711A' }).check();
  const next = page.getByRole('button', { name: 'Suivant' });
  await next.click();
  await page.getByLabel('Nom d’utilisateur').fill('Ada');
  await page.getByText('une lettre d’abord').waitFor();
  await fine(dark, 'you-dark-narrow-french');
  await page.getByLabel('Nom d’utilisateur').fill('ada');
  await page.getByLabel('Mot de passe', { exact: true }).fill('correct horse');
  await page.getByLabel('Répétez le mot de passe', { exact: true }).fill('correct horse');
  await next.click();
  await page.getByRole('radio', { name: 'Les machines sont chiffrées' }).check();
  await fine(dark, 'protection-dark-narrow-french');
  await next.click();
  await fine(dark, 'confirm-dark-narrow-french');
  expect(dark.complaints).toEqual([]);
});
