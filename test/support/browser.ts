// SPDX-License-Identifier: Apache-2.0
//
// The real page of a real service in a real Chromium.
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium, type BrowserContextOptions, type Page } from 'playwright-core';
import { findBinary } from '../../src/host/binaries.ts';
import type { TestService } from './service.ts';

const output = join(import.meta.dirname, '../../test-output/browser');

export interface TestPage extends AsyncDisposable {
  page: Page;
  /** What the browser complained about: errors of scripts, and everything the Content-Security-Policy stopped */
  complaints: string[];
  /** Shows a view, e.g. "/tasks" */
  show(view: string): Promise<void>;
  /** Keeps a picture in test-output/browser, to be looked at */
  picture(name: string): Promise<void>;
  /** Rules of axe that the page breaks, each with the first element that does */
  barriers(): Promise<string[]>;
}

/** Opens a browser that is signed in through a link, as a person is. */
export async function openPage(service: TestService, options: BrowserContextOptions = {}): Promise<TestPage> {
  const executablePath = findBinary('chromium');
  if (executablePath === null) throw new Error('chromium is not installed: run ./phyllome setup --tests');
  const browser = await chromium.launch({
    executablePath,
    // Chromium's own sandbox does not work for root; nothing but our page is shown. The rest keeps it offline.
    args: '--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'.split(
      ' ',
    ),
  });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(`${message.text()} (${message.location().url})`);
  });
  const { url } = await service.client.call('createTicket');
  await page.goto(url);
  await page.getByRole('navigation').first().waitFor();
  // What is still fading in has too little contrast. Spinners never end.
  const atRest = (): Promise<unknown> =>
    page.evaluate(() =>
      Promise.allSettled(
        document
          .getAnimations()
          .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity)
          .map(({ finished }) => finished),
      ),
    );
  return {
    page,
    complaints,
    async show(view) {
      await page.evaluate((hash) => {
        location.hash = hash;
      }, view);
      await page.getByRole('heading', { level: 1 }).first().waitFor();
    },
    async picture(name) {
      await mkdir(output, { recursive: true });
      await atRest();
      await page.screenshot({ path: join(output, `${name}.png`) });
    },
    async barriers() {
      await atRest();
      const { violations } = await new AxeBuilder({ page }).analyze();
      return violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.target.join(' ') ?? ''}`);
    },
    async [Symbol.asyncDispose]() {
      await browser.close();
    },
  };
}

/** A number that changes with the pixels of a part of the guest's screen (0 to 1, from the top left). */
export function pixels(page: Page, part: { top: number; bottom: number }): Promise<number> {
  return page.locator('canvas').evaluate((canvas, { top, bottom }) => {
    const { width, height } = canvas as HTMLCanvasElement;
    const context = (canvas as HTMLCanvasElement).getContext('2d');
    if (context === null || width === 0) return 0;
    const first = Math.round(height * top);
    const { data } = context.getImageData(0, first, width, Math.round(height * bottom) - first);
    let sum = 0;
    for (let index = 0; index < data.length; index += 1)
      sum = (sum * 31 + (data[index] ?? 0)) % 2_147_483_647;
    return sum;
  }, part);
}
