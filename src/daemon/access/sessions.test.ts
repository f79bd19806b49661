// SPDX-License-Identifier: Apache-2.0
import { mkdtempSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { createSessions, type NewSession } from './sessions.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const phone: NewSession = { name: 'Firefox on Android', from: '192.0.2.7', network: true, by: 'password' };
const desk: NewSession = { name: 'Firefox on Linux', from: 'this PC', network: false, by: 'link' };

function made(file = join(mkdtempSync(join(tmpdir(), 'ph-sessions-')), 'sessions.json')) {
  let time = 1_800_000_000_000;
  const warnings: string[] = [];
  let changes = 0;
  const sessions = createSessions({
    file,
    warn: (text) => warnings.push(text),
    changed: () => (changes += 1),
    now: () => time,
  });
  return {
    file,
    sessions,
    warnings,
    changes: () => changes,
    pass: (milliseconds: number) => void (time += milliseconds),
  };
}

test('are found by their secret, which is kept nowhere', async () => {
  const { sessions, file, changes } = made();
  const secret = await sessions.create(phone);
  expect(sessions.find(secret, true, '192.0.2.8')).toMatchObject({ name: phone.name, from: '192.0.2.8' });
  expect(sessions.find(`${secret}x`, true, '192.0.2.7')).toBeNull();
  expect(readFileSync(file, 'utf8')).not.toContain(secret);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  expect(changes()).toBe(1);
});

test('of this PC are none on the network, and the reverse', async () => {
  const { sessions } = made();
  const [here, away] = [await sessions.create(desk), await sessions.create(phone)];
  expect(sessions.find(here, true, 'x')).toBeNull();
  expect(sessions.find(away, false, 'x')).toBeNull();
  expect(sessions.find(here, false, 'this PC')).not.toBeNull();
});

test('outlive the service, locked ones included', async () => {
  const first = made();
  const [secret, other] = [await first.sessions.create(phone), await first.sessions.create(phone)];
  const id = first.sessions.find(secret, true, 'x')?.id ?? '';
  await first.sessions.lock((session) => session.id === id);
  await first.sessions.close();
  const second = made(first.file);
  expect(second.sessions.find(secret, true, 'x')).toMatchObject({ id, locked: true });
  expect(second.sessions.find(other, true, 'x')).toMatchObject({ locked: false });
  await second.sessions.unlock(id);
  expect(made(first.file).sessions.find(secret, true, 'x')).toMatchObject({ locked: false });
});

test.each(['', '{', '[{"id":1}]', '{"a":1}'])('a damaged file (%s) costs everybody a sign-in', (content) => {
  const { file } = made();
  writeFileSync(file, content);
  const { sessions, warnings } = made(file);
  expect(sessions.list()).toEqual([]);
  expect(warnings[0]).toContain('sign in again');
});

test('over the network end after a week away, and after a month in any case', async () => {
  const { sessions, pass } = made();
  const secret = await sessions.create(phone);
  pass(7 * day);
  expect(sessions.find(secret, true, 'x')).not.toBeNull();
  pass(7 * day + 1);
  expect(sessions.find(secret, true, 'x')).toBeNull();
  expect(sessions.list()).toEqual([]);
  const busy = await sessions.create(phone);
  for (let days = 0; days < 30; days += 1) {
    expect(sessions.find(busy, true, 'x')).not.toBeNull();
    pass(day);
  }
  pass(1);
  expect(sessions.find(busy, true, 'x')).toBeNull();
});

test('on this PC last as long as they are used', async () => {
  const { sessions, pass } = made();
  const secret = await sessions.create(desk);
  for (let months = 0; months < 24; months += 1) {
    pass(30 * day);
    expect(sessions.find(secret, false, 'this PC')).not.toBeNull();
  }
});

test('have a limit: the one that was away longest makes room', async () => {
  const { sessions, pass } = made();
  const first = await sessions.create(phone);
  const second = await sessions.create(phone);
  pass(1000);
  sessions.find(first, true, 'x');
  for (let count = 0; count < 199; count += 1) await sessions.create(desk);
  expect(sessions.list().length).toBe(200);
  expect(sessions.find(second, true, 'x')).toBeNull();
  expect(sessions.find(first, true, 'x')).not.toBeNull();
});

test.each(['end', 'lock'] as const)(
  '%s: what runs over their connections ends, but the one that asks',
  async (how) => {
    const { sessions } = made();
    const find = async () => {
      const session = sessions.find(await sessions.create(phone), true, 'x');
      if (session === null) throw new Error('it was just made');
      return session;
    };
    const [one, other] = [await find(), await find()];
    const [asking, stream, foreign] = [new PassThrough(), new PassThrough(), new PassThrough()];
    sessions.follow(one, asking);
    sessions.follow(one, stream);
    sessions.follow(other, foreign);
    expect(await sessions[how](({ id }) => id === one.id, asking)).toBe(1);
    expect([asking.destroyed, stream.destroyed, foreign.destroyed]).toEqual([false, true, false]);
    expect(await sessions[how](() => false)).toBe(0);
    await sessions.close();
  },
);
