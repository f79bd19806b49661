// SPDX-License-Identifier: Apache-2.0
//
// One machine in the page, with a real guest: its screen, its keyboard, its console, and what can be done with it.
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Machine } from '../../src/contract/api.ts';
import { openPage, pixels, type TestPage } from '../support/browser.ts';
import { startService, type TestService } from '../support/service.ts';

// The tiny guest draws moving waves in the upper part of its screen, and its shell below.
const waves = { top: 0.12, bottom: 0.2 };
const shell = { top: 0.3, bottom: 1 };

let service: TestService;
let browser: TestPage;
let machine: Machine;

beforeAll(async () => {
  service = await startService();
  machine = await service.create('<b>&amp; "tiny" 🌱');
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref: machine.id }, body: {} });
  await events.next((event) => event.type === 'machine.ready');
  events.close();
  browser = await openPage(service);
  await browser.show(`/machines/${machine.id}`);
});
afterAll(async () => {
  await (browser as TestPage | undefined)?.[Symbol.asyncDispose]();
  await service[Symbol.asyncDispose]();
});

async function serialLog(): Promise<string> {
  const { lines } = await service.client.call('machineLogs', { params: { ref: machine.id } });
  return lines.join('\n');
}
const canvas = () => browser.page.locator('canvas');
const button = (name: string | RegExp) => browser.page.getByRole('button', { name });
const state = (name: string) => browser.page.locator('.header .pill', { hasText: name });

test('the keyboard of the guest takes what the API types', async () => {
  // Its driver and the shell on the screen come a little after the guest is ready; what is typed before is lost.
  await expect
    .poll(async () => {
      const body = { text: 'echo keyboard-$((1+1)) >/dev/ttyS0\n' };
      await service.client.call('typeText', { params: { ref: machine.id }, body });
      return serialLog();
    })
    .toContain('keyboard-2');
});

test('a name is text, whatever is in it', async () => {
  await browser.page.getByRole('heading', { level: 1, name: '<b>&amp; "tiny" 🌱' }).waitFor();
});

test('the screen moves', async () => {
  await expect.poll(() => pixels(browser.page, shell)).not.toBe(0);
  const before = await pixels(browser.page, waves);
  await expect.poll(() => pixels(browser.page, waves)).not.toBe(before);
  await browser.picture('machine-screen-light');
});

test('a key reaches the guest, and its echo the screen', async () => {
  await canvas().click();
  const before = await pixels(browser.page, shell);
  await browser.page.keyboard.type('echo seen', { delay: 30 });
  await expect.poll(() => pixels(browser.page, shell)).not.toBe(before);
  await browser.page.keyboard.press('Enter');
});

test('left Ctrl and left Alt take the keyboard back', async () => {
  await canvas().click();
  await button('Typing in the guest').waitFor();
  await browser.page.keyboard.down('ControlLeft');
  await browser.page.keyboard.down('AltLeft');
  await browser.page.keyboard.up('AltLeft');
  await browser.page.keyboard.up('ControlLeft');
  await button('Type in the guest').waitFor();
});

test('the guest is asked for the last size of a window that changes faster than it answers', async () => {
  await using other = await openPage(service);
  const asked: number[] = [];
  await other.page.routeWebSocket(/display/, (socket) => {
    const server = socket.connectToServer();
    server.onMessage((message) => setTimeout(() => socket.send(message), 1000));
    socket.onMessage((message) => {
      // SetDesktopSize, and where its width is
      if (Buffer.isBuffer(message) && message[0] === 251) asked.push(message.readUInt16BE(2));
      server.send(message);
    });
  });
  await other.page.setViewportSize({ width: 1200, height: 700 });
  await other.show(`/machines/${machine.id}`);
  await expect.poll(() => asked).not.toEqual([]);
  for (const width of [1100, 900]) {
    await other.page.setViewportSize({ width, height: 700 });
    await delay(200);
  }
  const area = await other.page.locator('.screen-area').evaluate((it) => it.clientWidth);
  await expect.poll(() => asked.at(-1)).toBe(area);
});

test('the whole screen is seen in a smaller window, as large as it allows', async () => {
  await browser.page.setViewportSize({ width: 700, height: 600 });
  const box = (selector: string) =>
    browser.page.locator(selector).evaluate((it) => it.getBoundingClientRect().toJSON());
  // A guest that has not followed yet, or cannot, is scaled.
  await expect
    .poll(async () => {
      const area: DOMRect = await box('.screen-area');
      const screen: DOMRect = await box('canvas');
      return Math.min(area.width - screen.width, area.height - screen.height);
    })
    .toBeCloseTo(0, 0);
  await browser.picture('machine-screen-narrow');
  await browser.page.setViewportSize({ width: 1280, height: 800 });
});

test('chords of the menu reach the guest', async () => {
  await button('Send keys').click();
  await browser.page.getByRole('menuitem', { name: 'Ctrl + Alt + Delete' }).waitFor();
  await browser.page.keyboard.press('Escape');
});

test('text is typed where there is no clipboard', async () => {
  await button('Copy and paste').click();
  await browser.page.getByLabel('To the guest').fill('echo typed-$((6*7)) >/dev/ttyS0\n');
  await button('Type It').click();
  await expect.poll(serialLog).toContain('typed-42');
  // The dialog cannot be closed before the last key is typed.
  await browser.page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
});

test('the serial console shows the past and takes keys', async () => {
  await browser.page.getByRole('link', { name: 'Console' }).click();
  const rows = browser.page.locator('.xterm-rows');
  await expect.poll(() => rows.textContent()).toContain('phyllome-tiny: ready');
  await browser.page.getByLabel(/Serial console/).focus();
  await browser.page.keyboard.type('echo answer-$((40+2))\n');
  await expect.poll(() => rows.textContent()).toContain('answer-42');
  await browser.picture('machine-console-light');
});

test('a reset asks first, and Escape is no', async () => {
  await button('More').click();
  await browser.page.getByRole('menuitem', { name: 'Reset' }).click();
  await browser.page.getByRole('dialog', { name: /Reset/ }).waitFor();
  await browser.page.keyboard.press('Escape');
  await browser.page.getByRole('dialog').waitFor({ state: 'detached' });
});

test('pause and resume', async () => {
  await button('Pause').click();
  await state('Paused').waitFor();
  await button('Resume').click();
  await state('Running').waitFor();
});

test('the service may be killed: the page says so, and goes on', async () => {
  const { address } = await service.client.call('service');
  const port = Number(new URL(address).port);
  await service.kill();
  const banner = browser.page.getByRole('alert').filter({ hasText: 'The service does not answer' });
  await banner.waitFor();
  await browser.picture('service-lost-light');
  await service.restart(port);
  await banner.waitFor({ state: 'detached' });
  await state('Running').waitFor();
  await browser.page.getByRole('link', { name: 'Screen' }).click();
  await expect.poll(() => pixels(browser.page, shell)).not.toBe(0);
});

test('power off, delete, take back', async () => {
  await button('Shut Down').click();
  await state('Off').waitFor();
  await button('More').click();
  await browser.page.getByRole('menuitem', { name: 'Delete' }).click();
  await browser.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await browser.page.getByRole('status').getByRole('button', { name: 'Undo' }).click();
  await expect
    .poll(async () => (await service.client.call('listMachines')).map(({ name }) => name))
    .toEqual([machine.name]);
});

test('nothing was complained about but the service that was gone', () => {
  // What the browser and noVNC say while nobody answers.
  const expected = /net::ERR_|WebSocket connection to|Connection closed \(code: 1006\)/;
  expect(browser.complaints.filter((text) => !expected.test(text))).toEqual([]);
});
