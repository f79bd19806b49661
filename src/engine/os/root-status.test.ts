// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import type { OsRootStatus } from '../../contract/os.ts';
import type { Root } from './root.ts';
import { rememberStatus } from './root-status.ts';

const running = (triesLeft: number | null): OsRootStatus => ({
  slots: [{ name: 'A', version: '2', state: 'running', triesLeft, bytes: 2 ** 31 }],
  failed: [],
  pending: null,
  previous: null,
  foldersEncrypted: false,
});

/** Root that answers with these, one after the other. */
function rootWith(...answers: readonly (OsRootStatus | Error)[]) {
  let asked = 0;
  const ask: Root['ask'] = async () => {
    const answer = answers[asked];
    asked += 1;
    if (answer instanceof Error) throw answer;
    return answer as never;
  };
  return { ask, asked: () => asked };
}

test('root is asked once for all who want to know, and again after something was done', async () => {
  const root = rootWith(running(null), { ...running(null), pending: '3' });
  const status = rememberStatus(root);
  await Promise.all([status.ask(), status.ask()]);
  expect((await status.ask()).pending).toBeNull();
  expect(root.asked()).toBe(1);
  status.forget();
  expect((await status.ask()).pending).toBe('3');
});

test('while the version that runs is on trial, and after a failure, root is asked each time', async () => {
  const root = rootWith(new Error('gone'), running(2), running(null));
  const status = rememberStatus(root);
  await expect(status.ask()).rejects.toThrow('gone');
  expect((await status.ask()).slots[0]?.triesLeft).toBe(2);
  expect((await status.ask()).slots[0]?.triesLeft).toBeNull();
  await status.ask();
  expect(root.asked()).toBe(3);
});

test('what was asked before something was done is not what is remembered after it', async () => {
  const root = rootWith(running(2), running(null), running(null));
  const status = rememberStatus(root);
  const before = status.ask();
  status.forget();
  const after = status.ask();
  await Promise.all([before, after]);
  await status.ask();
  expect(root.asked()).toBe(2);
});
