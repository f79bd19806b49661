// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { PhyllomeError } from '../../contract/errors.ts';
import { fakeService, phyllome, someId, someMachine, someTask } from '../testing.ts';

const since = '2026-01-02T03:04:05.000Z';
const saved = someMachine({ state: { name: 'saved', since, bytes: 43 * 2 ** 20 } });
const running = someMachine({ state: { name: 'running', since, ready: true } });

test('save says what it takes; several are saved one after the other', async () => {
  await using service = await fakeService({
    'POST /machines/a/save': () => someTask({ state: 'done' }),
    'POST /machines/b/save': () => someTask({ state: 'done' }),
    'GET /machines/a': () => ({ ...saved, name: 'a' }),
    'GET /machines/b': () => ({ ...saved, name: 'b' }),
  });
  const { code, stdout } = await phyllome(service, ['save', 'a', 'b']);
  expect(code).toBe(0);
  expect(stdout.split('\n')).toMatchObject([
    expect.stringMatching(/^a is saved \(43 MiB\)/),
    expect.stringMatching(/^b is saved/),
    '',
  ]);
});

test('start says from when it goes on', async () => {
  const run = { resumedFrom: since } as never;
  await using service = await fakeService({
    'GET /machines/tiny': () => saved,
    [`POST /machines/${someId}/start`]: () => ({ ...running, run }),
  });
  const { stdout } = await phyllome(service, ['start', 'tiny']);
  expect(stdout).toMatch(/tiny is running, resumed from what was saved at 2026-01-02/);
});

const discarding = () =>
  fakeService({
    'GET /machines/tiny': () => saved,
    'DELETE /machines/tiny/saved': () => someMachine(),
    [`POST /machines/${someId}/start`]: () => running,
  });

test('a memory is not thrown away by somebody who may not mean it', async () => {
  await using service = await discarding();
  const { code, stderr } = await phyllome(service, ['start', 'tiny', '--discard-saved']);
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('--yes') });
  expect(service.requests.filter(({ line }) => !line.startsWith('GET'))).toEqual([]);
});

test('a memory is thrown away before the start', async () => {
  await using service = await discarding();
  const { code, stdout } = await phyllome(service, ['start', 'tiny', '--discard-saved', '--yes']);
  expect({ code, stdout }).toMatchObject({ code: 0, stdout: expect.stringContaining('is running.') });
  const lines = service.requests.map(({ line }) => line).filter((line) => !line.startsWith('GET'));
  expect(lines).toEqual(['DELETE /machines/tiny/saved', `POST /machines/${someId}/start`]);
});

test('down --save saves what can be saved, and leaves the service there when something cannot', async () => {
  const refusal = new PhyllomeError('save-failed', { name: 'b', reason: 'no', next: '' });
  await using service = await fakeService({
    'GET /machines': () => [
      { ...running, id: 'a' },
      { ...running, id: 'b' },
      { ...someMachine(), id: 'c' },
    ],
    'POST /machines/a/save': () => {
      throw refusal;
    },
    'POST /machines/b/save': () => someTask({ state: 'done' }),
    'GET /machines/b': () => saved,
  });
  const { code, stdout, stderr } = await phyllome(service, ['down', '--save']);
  expect({ code, stdout }).toMatchObject({ code: 1, stdout: expect.stringContaining('is saved') });
  expect(stderr).toContain('could not be saved');
  const lines = service.requests.map(({ line }) => line);
  expect(lines).not.toContain('POST /machines/c/save');
  expect(lines).not.toContain('POST /service/stop');
});
