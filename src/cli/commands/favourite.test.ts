// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { Favourite } from '../../contract/favourite.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import { fakeService, phyllome } from '../testing.ts';

const favourite: Favourite = {
  machine: { id: 'i', name: 'desk \u001b[2J' },
  autostart: true,
  fullscreen: true,
  hostKey: 'ctrl-alt',
  blankMinutes: 15,
  lockMinutes: null,
  screen: { show: 'host' },
  displays: 1,
  problem: null,
};

test('says which one it is, what the screen shows, and why not it', async () => {
  const error = new PhyllomeError('passphrase-needed', { name: 'desk' }).report();
  const found = { ...favourite, problem: { machine: { id: 'i', name: 'desk' }, error } };
  await using service = await fakeService({ 'GET /favourite': () => found });
  const { stdout, code } = await phyllome(service, ['favourite']);
  expect(code).toBe(0);
  expect(stdout).toContain('desk \\x1b[2J is started with this PC and has its screen.');
  expect(stdout).toContain('The screen of this PC shows the host.');
  expect(stdout).toContain(error.message);
  expect(stdout).toContain('left Ctrl and left Alt');
  expect(JSON.parse((await phyllome(service, ['favourite', '--json'])).stdout)).toEqual(found);
});

test.each([
  [['desk'], { machine: 'desk' }],
  [['none'], { machine: null }],
  [['desk', '--no-autostart', '--window'], { machine: 'desk', autostart: false, fullscreen: false }],
  [['--autostart', '--full-screen'], { autostart: true, fullscreen: true }],
  [
    ['--host-key', 'right-ctrl', '--blank', 'never', '--lock', '10'],
    { hostKey: 'right-ctrl', blankMinutes: null, lockMinutes: 10 },
  ],
])('%j asks for no more than was said', async (words, body) => {
  const asked: unknown[] = [];
  await using service = await fakeService({
    'PUT /favourite': (given) => {
      asked.push(given.body);
      return favourite;
    },
  });
  expect((await phyllome(service, ['favourite', ...words])).code).toBe(0);
  expect(asked).toEqual([body]);
});

test.each([
  [['--host-key', 'escape'], 'those are ctrl-alt, right-ctrl'],
  [['--blank', '0'], 'give minutes, 1 to 1440, or never'],
  [['--blank', '2h'], 'give minutes'],
  [['--window', '--full-screen'], 'exclude each other'],
])('%j is refused', async (words, reason) => {
  await using service = await fakeService({});
  const { stderr, code } = await phyllome(service, ['favourite', ...words]);
  expect(code).toBe(2);
  expect(stderr).toContain(reason);
});

test('the screen is given and taken back', async () => {
  const asked: unknown[] = [];
  await using service = await fakeService({
    'POST /favourite/screen': (given) => {
      asked.push(given.body);
      return favourite;
    },
  });
  expect((await phyllome(service, ['favourite', 'show', 'host'])).stdout).toContain('shows the host');
  await phyllome(service, ['favourite', 'show', 'desk']);
  expect(asked).toEqual([{ show: 'host' }, { show: 'machine', machine: 'desk' }]);
});

test('a display of this PC gets its link, and when it goes dark', async () => {
  await using service = await fakeService({
    'POST /tickets': () => ({ url: 'http://127.0.0.1:7411/open?ticket=t' }),
    'GET /favourite': () => ({ ...favourite, blankMinutes: null }),
  });
  const { stdout } = await phyllome(service, ['open', '--kiosk']);
  expect(stdout).toBe('link=http://127.0.0.1:7411/open?ticket=t&kiosk\nblank=0\n');
});
