// SPDX-License-Identifier: Apache-2.0
import { appendFile, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLastLine, saysOff, watchGuestOff } from './guest-off.ts';

describe('the last line', () => {
  const heard = (pieces: readonly string[]): string => {
    const line = createLastLine();
    for (const piece of pieces) line.hear(piece);
    return line.text;
  };
  const words = fc.constantFrom(
    'reboot: ',
    'System halted',
    'Power down',
    '[   1.5] ',
    '\r\n',
    '\n',
    ' ',
    'x',
  );
  const text = fc.array(words, { maxLength: 12 }).map((parts) => parts.join(''));

  test('is the same however the text is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(200), { maxLength: 8 }), (whole, cuts) => {
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)), whole.length].toSorted(
          (a, b) => a - b,
        );
        const pieces = places.map((place, index) => whole.slice(place, places[index + 1] ?? place));
        expect(pieces.join('')).toBe(whole);
        expect(heard(pieces)).toBe(heard([whole]));
        const lines = whole.split(/[\r\n]/).filter((line) => line.trim() !== '');
        expect(heard([whole])).toBe((lines.at(-1) ?? '').trim());
      }),
    );
  });

  test.for([
    ['reboot: System halted', true],
    ['[   12.345678] reboot: Power down', true],
    ['[12345.678901] reboot: System halted', true],
    ['echo reboot: System halted', false],
    ['reboot: System halted or so', false],
    ['[   12.345678] reboot: Restarting system', false],
    ['', false],
  ] as const)('%j', ([line, off]) => expect(saysOff(line)).toBe(off));

  test('a line without end is kept short', () => {
    const line = createLastLine();
    for (let piece = 0; piece < 100; piece += 1) line.hear('reboot: System halted'.repeat(100));
    expect(line.text.length).toBeLessThan(300);
  });
});

describe('watching', () => {
  let directory = '';
  let log = '';
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'ph-off-'));
    log = join(directory, 'serial.log');
    await writeFile(log, '');
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  /** A VMM that is busy until it is told to sleep. */
  const busy = () => {
    const vmm = { asleep: false, looks: 0 };
    const activity = (): number => (vmm.asleep ? -1 : (vmm.looks += 1));
    return { vmm, activity };
  };
  const last = '[    9.876543] reboot: System halted\r\n';

  test('words and sleep together mean that it is off, told once', async () => {
    const { vmm, activity } = busy();
    const onOff = vi.fn<() => void>();
    const watch = await watchGuestOff({ log, fresh: false, activity, onOff, patience: 1 });
    await appendFile(log, 'boot\r\n[    9.8765');
    await appendFile(log, '43] reboot: System halted\r\n');
    await expect.poll(() => vmm.looks).toBeGreaterThan(4);
    expect(watch.off).toBe(false);
    vmm.asleep = true;
    await expect.poll(() => watch.off).toBe(true);
    await appendFile(log, last);
    watch.close();
    expect(onOff).toHaveBeenCalledTimes(1);
  });

  test('what others print, and a sleeping guest with other words, mean nothing', async () => {
    const { vmm, activity } = busy();
    const onOff = vi.fn<() => void>();
    const watch = await watchGuestOff({ log, fresh: false, activity, onOff, patience: 1 });
    await appendFile(log, last);
    await expect.poll(() => vmm.looks).toBeGreaterThan(2);
    // It goes on talking, so it lives; and falls asleep over that.
    await appendFile(log, '/root# ');
    await vi.waitFor(async () => {
      const { looks } = vmm;
      await new Promise((resolve) => setImmediate(resolve));
      expect(vmm.looks).toBe(looks);
    });
    vmm.asleep = true;
    await appendFile(log, 'debian login: ');
    expect(watch.off).toBe(false);
    watch.close();
    expect(onOff).not.toHaveBeenCalled();
  });

  test('one that is off already is noticed, and one that is gone is not', async () => {
    await writeFile(log, `${'x'.repeat(10_000)}\r\n${last}`);
    const onOff = vi.fn<() => void>();
    const watch = await watchGuestOff({ log, fresh: false, activity: () => 7, onOff, patience: 1 });
    await expect.poll(() => onOff).toHaveBeenCalledTimes(1);
    watch.close();
    // The words of a guest before it do not count.
    const busyOne = vi.fn<() => number>(() => 7);
    const fresh = await watchGuestOff({ log, fresh: true, activity: busyOne, onOff, patience: 1 });
    expect(busyOne).not.toHaveBeenCalled();
    fresh.close();
    const gone = vi.fn<() => null>(() => null);
    const other = await watchGuestOff({ log, fresh: false, activity: gone, onOff, patience: 1 });
    await expect.poll(() => gone).toHaveBeenCalledTimes(2);
    expect(other.off).toBe(false);
    other.close();
  });
});
