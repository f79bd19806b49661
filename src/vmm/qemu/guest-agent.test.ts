// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { createGuestAgent } from './guest-agent.ts';
import { startFakeAgent, synced } from './fake-agent.ts';

const failed = { code: 'guest-agent-failed' };

test('makes a fresh start once, then asks one thing after the other', async () => {
  const order: string[] = [];
  await using fake = await startFakeAgent(({ execute, arguments: args }) => {
    if (execute === 'guest-sync-delimited') return synced(args?.id);
    order.push(execute);
    return `${JSON.stringify({ return: { heard: execute } })}\n`;
  });
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket });
  expect(fake.connections).toBe(0);
  const answers = await Promise.all(['guest-a', 'guest-b', 'guest-c'].map((command) => agent.ask(command)));
  expect(answers).toEqual([{ heard: 'guest-a' }, { heard: 'guest-b' }, { heard: 'guest-c' }]);
  expect(order).toEqual(['guest-a', 'guest-b', 'guest-c']);
  expect(fake.lines[0]).toMatch(/^\xff\{"execute":"guest-sync-delimited"/);
  expect(fake.lines).toHaveLength(4);
  expect(fake.connections).toBe(1);
  agent.close();
  await expect(agent.ask('guest-a')).rejects.toMatchObject(failed);
});

test('what was left over from before is not taken for an answer', async () => {
  await using fake = await startFakeAgent(({ execute, arguments: args }) =>
    execute === 'guest-sync-delimited'
      ? `{"return": "old"}\nhalf of an{\xff{"return": 1}\n${synced(args?.id)}{"return": "unasked"}\n`
      : '{"return": "new"}\n',
  );
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket });
  expect(await agent.ask('guest-a')).toBe('new');
  agent.close();
});

test('a refusal is told in its words, and the conversation goes on', async () => {
  await using fake = await startFakeAgent(({ execute, arguments: args }) => {
    if (execute === 'guest-sync-delimited') return synced(args?.id);
    return execute === 'guest-a'
      ? '{"error": {"class": "CommandNotFound", "desc": "never heard of it"}}\n'
      : '{"return": 1}\n';
  });
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket });
  await expect(agent.ask('guest-a')).rejects.toMatchObject({
    ...failed,
    facts: { name: 'tiny', reason: 'never heard of it' },
  });
  expect(await agent.ask('guest-b')).toBe(1);
  expect(fake.connections).toBe(1);
  agent.close();
});

test.each<[string, string | undefined, RegExp]>([
  ['says nothing', undefined, /none within 0\.2 seconds/],
  ['says nonsense', 'a\nb\n[]\n', /no answer/],
  ['floods', 'x'.repeat(2 ** 20 + 1), /more than 1 MiB/],
  ['floods with lines', 'x\n'.repeat(2 ** 20), /no answer|more than 1 MiB/],
])('a guest that %s is given up, and asked afresh the next time', async (_, hostile, reason) => {
  let bad = true;
  await using fake = await startFakeAgent(({ execute, arguments: args }) => {
    if (execute === 'guest-sync-delimited') return synced(args?.id);
    return bad ? hostile : '{"return": "good"}\n';
  });
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket, timeout: 200 });
  await expect(agent.ask('guest-a')).rejects.toMatchObject({
    ...failed,
    message: expect.stringMatching(reason),
  });
  bad = false;
  const patient = createGuestAgent({ name: 'tiny', socket: fake.socket });
  expect(await patient.ask('guest-a')).toBe('good');
  patient.close();
  agent.close();
});

test('it comes back after the channel was closed, and says so when there is none', async () => {
  await using fake = await startFakeAgent(({ execute, arguments: args }) =>
    execute === 'guest-sync-delimited' ? synced(args?.id) : '{"return": 1}\n',
  );
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket });
  expect(await agent.ask('guest-a')).toBe(1);
  fake.hangUp();
  // The first question may meet the old channel; the one after it must not.
  await agent.ask('guest-a').catch(() => {});
  expect(await agent.ask('guest-a')).toBe(1);
  agent.close();
  const nowhere = createGuestAgent({ name: 'tiny', socket: '/nonexistent/agent' });
  await expect(nowhere.ask('guest-a')).rejects.toMatchObject(failed);
});

test('a conversation that is closed while it waits ends at once', async () => {
  await using fake = await startFakeAgent(({ execute, arguments: args }) =>
    execute === 'guest-sync-delimited' ? synced(args?.id) : undefined,
  );
  const agent = createGuestAgent({ name: 'tiny', socket: fake.socket, timeout: 60_000 });
  const waiting = agent.ask('guest-a');
  await expect.poll(() => fake.lines.length).toBe(2);
  agent.close();
  await expect(waiting).rejects.toMatchObject(failed);
});
