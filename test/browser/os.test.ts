// SPDX-License-Identifier: Apache-2.0
//
// The view of Phyllome OS. The service is real; what only a PC with Phyllome OS could answer, the test does.
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { OsStatus } from '../../src/contract/os.ts';
import { openPage, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

const status: OsStatus = {
  image: { edition: 'kiosk', distribution: 'debian', version: '2', architecture: 'x86-64', live: false },
  slots: [
    { name: 'A', version: '2', state: 'running', triesLeft: null, bytes: 2 ** 31 },
    { name: 'B', version: '3', state: 'bad', triesLeft: 0, bytes: 2 ** 31 },
  ],
  pending: null,
  previous: null,
  notice: { what: 'unhealthy', version: '3', runs: '2', text: '' },
  protection: { secureBoot: false, tpm2: true, verity: true },
  updates: {
    channel: 'https://updates.example.org/phyllome',
    automatic: 'check',
    lastCheck: {
      at: new Date(Date.now() - 3_600_000).toISOString(),
      from: 'https://updates.example.org/phyllome',
      version: '4',
      bytes: 450 * 2 ** 20,
      error: null,
    },
  },
  storage: { fileSystem: 'f2fs', encryption: 'fscrypt', bytes: 2 ** 38, freeBytes: 2 ** 37 },
  guests: [
    { id: 'a', name: 'Desk', hindrance: null },
    { id: 'b', name: 'Bank', hindrance: 'its disks are encrypted, and its memory would be written as it is' },
  ],
};

let service: TestService;
let light: TestPage;
let dark: TestPage;
const sent: unknown[] = [];

beforeAll(async () => {
  service = await startService();
  light = await openPage(service);
  dark = await openPage(service, {
    colorScheme: 'dark',
    locale: 'fr-CH',
    viewport: { width: 360, height: 800 },
  });
  for (const { page } of [light, dark]) {
    await page.route('**/api/v1/os', (route) => route.fulfill({ json: status }));
    await page.route('**/api/v1/os/power', async (route) => {
      sent.push(route.request().postDataJSON());
      await route.fulfill({
        status: 409,
        json: {
          code: 'os-guests-unsaved',
          message: 'Not saved before this PC goes down: Bank (stuck)',
          hint: '',
          facts: { reasons: 'Bank (stuck)' },
        },
      });
    });
    // What was asked before the routes were there is asked anew.
    await page.reload();
  }
});
afterAll(async () => {
  await (light as TestPage | undefined)?.[Symbol.asyncDispose]();
  await (dark as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function fine(page: TestPage, name: string): Promise<void> {
  await page.picture(`os-${name}`);
  expect(await page.barriers()).toEqual([]);
  const { scrollWidth, clientWidth } = await page.page.evaluate(() => ({
    scrollWidth: document.documentElement.scrollWidth,
    clientWidth: document.documentElement.clientWidth,
  }));
  expect(scrollWidth).toBeLessThanOrEqual(clientWidth);
}

test('versions, what went wrong, and a restart that says what becomes of each machine', async () => {
  const { page } = light;
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByText('Version 3 did not come up healthy. Version 2 runs again.').waitFor();
  await page.getByText('Version 4 can be installed').waitFor();
  await fine(light, 'status');
  await page.getByRole('button', { name: 'Restart…' }).click();
  const restart = page.getByRole('dialog').getByRole('button', { name: 'Restart' });
  expect(await restart.getAttribute('aria-disabled')).toBe('true');
  await page.getByLabel('Shut them down').check();
  await fine(light, 'restart');
  await restart.click();
  await page.getByText('Bank (stuck)').waitFor();
  expect(sent).toEqual([{ action: 'restart', stop: true }]);
});

test('in French, dark, on a small screen', async () => {
  const { page } = dark;
  await dark.show('/os');
  await page.getByText('La version 4 peut être installée').waitFor();
  await fine(dark, 'small');
});
