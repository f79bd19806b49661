// SPDX-License-Identifier: Apache-2.0
//
// The guest's screen through the page in a browser, against a bare RFB viewer on the same socket, in one
// interleaved run: frames a second of a screen that changes wholly, and the time from a key to its pixels.
import { performance } from 'node:perf_hooks';
import { openPage } from '../test/support/browser.ts';
import { startService } from '../test/support/service.ts';
import { row, summary } from './figures.ts';
import { openRawViewer, type RawViewer } from './raw-viewer.ts';

const rounds = Number(process.argv[2] ?? 5);
// How long frames are counted in a round (ms).
const span = 5000;
const keys = 10;

await using service = await startService();
const machine = await service.create('bench');
const params = { ref: machine.id };
const events = await service.listen();
const { run } = await service.client.call('startMachine', { params });
await events.next((event) => event.type === 'machine.ready');
events.close();
await using browser = await openPage(service);
const { page } = browser;
// Both see the guest's own size: nobody asks it for another.
await page.evaluate(() => localStorage.setItem('phyllome-fit', 'scale'));
await browser.show(`/machines/${machine.id}/screen`);
await typed('echo up-$((1+1)) >/dev/ttyS0', 'up-2');

const raw = await openRawViewer(run?.endpoints.display ?? '');
const times = { raw: [] as number[], page: [] as number[] };
const frames = { raw: [] as number[], page: [] as number[] };
// A first update brings the whole screen.
await raw.update();
for (let round = 0; round < rounds; round += 1) {
  times.raw.push(...(await keyTimes(rawKey)));
  times.page.push(...(await keyTimes(pageKey)));
}
// Two pictures in turn, as fast as the guest can.
await typed(
  'dd if=/dev/zero of=/run/a bs=4096 count=1000; cat /run/waves /run/waves /run/waves >/run/b; ' +
    '(while :; do cat /run/a >/dev/fb0; cat /run/b >/dev/fb0; done) 2>/dev/null & echo film-$((1+1)) >/dev/ttyS0',
  'film-2',
);
for (let round = 0; round < rounds; round += 1) {
  frames.raw.push(await rawFrames(raw));
  frames.page.push(await pageFrames());
}
raw[Symbol.dispose]();

const [rawTime, pageTime] = [summary(times.raw), summary(times.page)];
const [rawFrame, pageFrame] = [summary(frames.raw), summary(frames.page)];
console.log(`the screen of the tiny guest, ${raw.width}x${raw.height}, ${rounds} rounds`);
row('key -> changed pixels, bare viewer, ms', rawTime);
row('key -> changed pixels, page, ms', pageTime);
console.log(
  `  more than the bare viewer: ${(pageTime.median - rawTime.median).toFixed(0)} ms (promise: <= 33)`,
);
row('frames a second, bare viewer', rawFrame);
row('frames a second, page', pageFrame);
console.log(`  ratio: ${(pageFrame.median / rawFrame.median).toFixed(2)} (promise: >= 0.95)`);

/** Types a line into the guest until it answers on its serial port. */
async function typed(line: string, answer: string): Promise<void> {
  for (;;) {
    await service.client.call('typeText', { params, body: { text: `\n${line}\n` } });
    const { lines } = await service.client.call('machineLogs', { params });
    if (lines.join('\n').includes(answer)) return;
  }
}

async function keyTimes(press: () => Promise<number>): Promise<number[]> {
  const found = [];
  for (let key = 0; key < keys; key += 1) found.push(await press());
  return found;
}

/** Types a letter through the socket, and waits for a change below the moving waves. */
async function rawKey(): Promise<number> {
  const began = performance.now();
  raw.press(0x78);
  for (;;) {
    const rectangles = await raw.update();
    if (rectangles.some(({ y, height }) => y + height > raw.height * 0.25)) return performance.now() - began;
  }
}

async function pageKey(): Promise<number> {
  await page.locator('canvas').focus();
  // The handle first: only then does the page listen for the key.
  const time = await page.locator('canvas').evaluateHandle((it) => {
    const canvas = it as HTMLCanvasElement;
    const look = () => {
      const first = Math.round(canvas.height * 0.25);
      const data =
        canvas.getContext('2d')?.getImageData(0, first, canvas.width, canvas.height - first).data ?? [];
      return new Uint32Array((data as Uint8ClampedArray).buffer).reduce((sum, pixel) => (sum + pixel) | 0, 0);
    };
    const before = look();
    const found = new Promise<number>((resolve) => {
      addEventListener(
        'keydown',
        () => {
          const began = performance.now();
          const wait = (): void => {
            if (look() === before) requestAnimationFrame(wait);
            else resolve(performance.now() - began);
          };
          wait();
        },
        { once: true, capture: true },
      );
    });
    return { found };
  });
  await page.keyboard.press('x');
  return time.evaluate(({ found }) => found);
}

/** Changes of a point in the middle of the screen, a second. */
async function rawFrames(viewer: RawViewer): Promise<number> {
  const [middleX, middleY] = [viewer.width >> 1, viewer.height >> 1];
  const began = performance.now();
  let changes = 0;
  let last = -1;
  while (performance.now() - began < span) {
    for (const { x, y, width, height, pixels } of await viewer.update()) {
      if (middleX < x || middleX >= x + width || middleY < y || middleY >= y + height) continue;
      const pixel = pixels.readUInt32LE(((middleY - y) * width + middleX - x) * 4);
      if (pixel !== last) changes += 1;
      last = pixel;
    }
  }
  return (changes * 1000) / (performance.now() - began);
}

function pageFrames(): Promise<number> {
  return page.locator('canvas').evaluate(async (it, milliseconds) => {
    const canvas = it as HTMLCanvasElement;
    const context = canvas.getContext('2d');
    const began = performance.now();
    let changes = 0;
    let last = -1;
    while (performance.now() - began < milliseconds) {
      await new Promise(requestAnimationFrame);
      const [pixel = 0] = context?.getImageData(canvas.width >> 1, canvas.height >> 1, 1, 1).data ?? [];
      if (pixel !== last) changes += 1;
      last = pixel;
    }
    return (changes * 1000) / (performance.now() - began);
  }, span);
}
