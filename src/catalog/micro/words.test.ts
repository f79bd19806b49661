// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { noConfig } from './config.ts';
import { jobArchive } from './job.ts';
import { wordsFor } from './words.ts';

const path = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const wishes = { command: [], env: [], terminal: false };
const image = { config: noConfig, shell: true };

test.each([
  ['a command', { command: ['ls', '-l', ''] }, {}, [path, 'ls', '-l', '']],
  ['a shell, when nothing is said', {}, {}, [path, '/bin/sh']],
  ['what the image says', {}, { entrypoint: ['/e'], command: ['a'] }, [path, '/e', 'a']],
  ['the entry point stays', { command: ['b'] }, { entrypoint: ['/e'], command: ['a'] }, [path, '/e', 'b']],
  [
    'the last variable wins',
    { env: ['A=2', 'B='] },
    { env: ['A=1', 'PATH=/x'] },
    ['PATH=/x', 'A=2', 'B=', '/bin/sh'],
  ],
  ['a terminal has a type', { terminal: true }, {}, [path, 'TERM=xterm', '/bin/sh']],
])('%s', (_what, wish, config, expected) => {
  expect(wordsFor({ ...wishes, ...wish }, { ...image, config: { ...noConfig, ...config } })).toEqual(
    expected,
  );
});

test.each([
  ['nothing to run', wishes, /what to run/],
  ['a command that looks like a variable', { ...wishes, command: ['A=b'] }, /"="/],
  ['too much', { ...wishes, command: ['x', 'y'.repeat(100_000)] }, /100\d{3} bytes/],
])('refuses %s', (_what, wish, reason) => {
  expect(() => wordsFor(wish, { ...image, shell: false })).toThrow(reason);
});

test('a job holds its words byte by byte, and ends where another archive may begin', () => {
  const words = ['A=ü\n', 'cmd', '"$(x)"', ''];
  const job = { words, user: '', directory: '', mark: 'm', terminal: null, network: false };
  const archive = jobArchive(job);
  expect(archive.includes(Buffer.from('A=ü\n\0cmd\0"$(x)"\0\0'))).toBe(true);
  expect(archive.length % 512).toBe(0);
  expect(archive.includes('job/network')).toBe(false);
  expect(jobArchive({ ...job, network: true }).includes('job/network')).toBe(true);
});
