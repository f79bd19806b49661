// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { fakeService, phyllome, someTask } from '../testing.ts';

const answer = {
  id: '6f1c2b3a-1111-4111-8111-111111111111',
  notes: ['Port 127.0.0.1:2222 (tcp) is forwarded to web, too.'],
  guest: { text: 'In a Linux guest, as root:', commands: ['ssh-keygen -A', 'reboot'] },
};

const cloning = () => {
  const begun = someTask({ what: 'Clone web to web2' });
  const done = { ...begun, state: 'done' as const, fraction: 1 };
  return fakeService({
    'POST /machines/web/clone': () => ({ task: done, ...answer }),
    'POST /machines/big/clone': () => {
      throw new PhyllomeError('clone-not-linked', { name: 'big', reason: 'its disk lies elsewhere' });
    },
  });
};

test('a clone, and what somebody has to do in its guest', async () => {
  await using service = await cloning();
  const { stdout, code } = await phyllome(service, ['clone', 'web', 'web2']);
  expect(code).toBe(0);
  expect(stdout.split('\n')).toEqual([
    'web2 is made from web. Start it with: phyllome start web2',
    ...answer.notes,
    '',
    'In a Linux guest, as root:',
    '  ssh-keygen -A',
    '  reboot',
    '',
  ]);
  const post = service.requests.find(({ line }) => line === 'POST /machines/web/clone');
  expect(post?.body).toEqual({ name: 'web2' });
});

test('every wish reaches the service, and a program gets all of the answer', async () => {
  await using service = await cloning();
  const words = ['clone', 'web', 'web2', '--full', '--snapshot', 'before', '--new-tpm', '--json'];
  const { stdout } = await phyllome(service, words);
  expect(JSON.parse(stdout)).toMatchObject({ ...answer, task: { state: 'done' } });
  const post = service.requests.find(({ line }) => line === 'POST /machines/web/clone');
  expect(post?.body).toEqual({ name: 'web2', full: true, snapshot: 'before', newTpm: true });
});

test('a refusal says what to do instead', async () => {
  await using service = await cloning();
  const { stderr, code } = await phyllome(service, ['clone', 'big', 'big2']);
  expect(code).toBe(1);
  expect(stderr).toContain('its disk lies elsewhere');
  expect(stderr).toContain('--full');
});

test('a template, and no template', async () => {
  await using service = await fakeService({
    'PATCH /machines/web/definition': () => ({ name: 'web' }),
  });
  expect((await phyllome(service, ['template', 'web'])).stdout).toContain('phyllome clone web');
  expect((await phyllome(service, ['template', 'web', '--off'])).stdout).toContain('phyllome start web');
  expect(service.requests.map(({ body }) => body.changes)).toEqual([
    [{ path: ['template'], value: true }],
    [{ path: ['template'] }],
  ]);
});
