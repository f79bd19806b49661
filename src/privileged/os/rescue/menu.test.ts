// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { rescueMenu, type RescueActions } from './menu.ts';

async function menu(answers: string[], changed: Partial<RescueActions> = {}) {
  const done: string[] = [];
  const said: string[] = [];
  const note = (what: string) => (): Promise<void> => Promise.resolve(void done.push(what));
  const next = (): Promise<string | null> => Promise.resolve(answers.shift() ?? null);
  await rescueMenu(
    { say: (line) => void said.push(line), ask: next, askSecret: next },
    {
      checkFileSystem: note('check'),
      rollBack: () => Promise.resolve('7'),
      factoryReset: note('reset'),
      isOwner: (password) => Promise.resolve(password === 'right'),
      shell: note('shell'),
      restart: note('restart'),
      powerOff: note('off'),
      ...changed,
    },
    (ms) => Promise.resolve(void done.push(`wait ${ms}`)),
  );
  return { done, said: said.join('\n'), left: answers };
}

test('ends once this PC goes down', async () => {
  expect(await menu(['2', '1', '6'])).toMatchObject({ done: ['check', 'restart'], left: ['6'] });
});

test('what is no number of it changes nothing', async () => {
  expect((await menu(['', '0', '7', 'rm -rf /', '-1', '1.5', '6'])).done).toEqual(['off']);
});

test('nothing is erased without the words', async () => {
  expect((await menu(['4', 'yes', '4', ''])).done).toEqual([]);
  expect((await menu(['4', 'erase everything', '6'])).done).toEqual(['reset']);
});

test('a shell needs the password, and a wrong one costs time', async () => {
  expect((await menu(['5', 'wrong'])).done).toEqual(['wait 3000']);
  expect((await menu(['5', 'right'])).done).toEqual(['shell']);
});

test('where no password was set there is no shell', async () => {
  const { done, said } = await menu(['5', ''], { isOwner: () => Promise.resolve(null) });
  expect(done).toEqual(['wait 3000']);
  expect(said).toContain('no password yet');
});

test('what fails is told, and the menu goes on', async () => {
  const { done, said } = await menu(['3', '6'], {
    rollBack: () => Promise.reject(new Error('nothing before')),
  });
  expect(said).toContain('That did not work: nothing before');
  expect(done).toEqual(['off']);
});

test('says which version comes', async () => {
  expect((await menu(['3'])).said).toContain('The next start brings version 7.');
});
