// SPDX-License-Identifier: Apache-2.0
import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { Refusal, silence, startFakeQemu, type FakeQemu } from './fake-qemu.ts';
import { longestLine } from './lines.ts';
import { openQmp, type QmpEvent, type QmpOptions } from './qmp.ts';

async function open(qemu: FakeQemu, options: Partial<QmpOptions> = {}) {
  const socket = connect(qemu.socket);
  await once(socket, 'connect');
  return openQmp({ input: socket, output: socket }, { name: 'trial', ...options });
}

test('commands are answered, whatever comes in between', async () => {
  const events: QmpEvent[] = [];
  await using qemu = await startFakeQemu({
    'query-status': () => {
      qemu.send({ event: 'RESUME', timestamp: { seconds: 5, microseconds: 500_000 } });
      return { status: 'running' };
    },
  });
  const qmp = await open(qemu, { onEvent: (event) => events.push(event) });
  expect(await qmp.execute('query-status')).toEqual({ status: 'running' });
  expect(events).toEqual([{ name: 'RESUME', data: {}, seconds: 5.5 }]);
});

test('many commands at once each get their own answer', async () => {
  await using qemu = await startFakeQemu({ echo: (args: unknown) => args });
  const qmp = await open(qemu);
  const answers = await Promise.all([1, 2, 3].map((value) => qmp.execute('echo', { value })));
  expect(answers).toEqual([{ value: 1 }, { value: 2 }, { value: 3 }]);
});

test('a refusal carries the words of QEMU', async () => {
  await using qemu = await startFakeQemu({ cont: new Refusal('Resetting the Virtual Machine is required') });
  const qmp = await open(qemu);
  await expect(qmp.execute('cont')).rejects.toMatchObject({
    code: 'vmm-refused',
    facts: { command: 'cont', reason: 'Resetting the Virtual Machine is required', name: 'trial' },
  });
});

test('no answer is an error of its own, and a late one disturbs nobody', async () => {
  await using qemu = await startFakeQemu({ slow: silence, fast: 1 });
  const qmp = await open(qemu, { timeoutSeconds: 0.01 });
  await expect(qmp.execute('slow')).rejects.toMatchObject({
    code: 'vmm-no-answer',
    facts: { command: 'slow' },
  });
  qemu.send({ return: 'late', id: 2 });
  expect(await qmp.execute('fast')).toBe(1);
});

test('the end of QEMU ends every waiting command, and the next ones at once', async () => {
  await using qemu = await startFakeQemu({ wait: silence });
  let closed = 0;
  const qmp = await open(qemu, { onClose: () => (closed += 1) });
  const waiting = [qmp.execute('wait'), qmp.execute('wait')];
  qemu.hangUp();
  for (const result of await Promise.allSettled(waiting))
    expect(result).toMatchObject({ reason: { code: 'vmm-gone' } });
  await expect(qmp.execute('wait')).rejects.toMatchObject({ code: 'vmm-gone' });
  qmp.close();
  expect(closed).toBe(1);
});

test('a QEMU that talks to somebody else does not greet', async () => {
  await using qemu = await startFakeQemu({}, { greet: false });
  await expect(open(qemu, { timeoutSeconds: 0.01 })).rejects.toMatchObject({
    code: 'vmm-no-answer',
    facts: { command: 'greeting' },
  });
});

test('waiting for the greeting can be given up', async () => {
  await using qemu = await startFakeQemu({}, { greet: false });
  const giveUp = new AbortController();
  const attempt = open(qemu, { signal: giveUp.signal });
  giveUp.abort();
  await expect(attempt).rejects.toMatchObject({ code: 'vmm-gone' });
  await expect(open(qemu, { signal: giveUp.signal })).rejects.toMatchObject({ code: 'vmm-gone' });
});

test.for<[string, string]>([
  ['half JSON', '{"return": {}, "id"\n'],
  ['no JSON at all', 'hello\n'],
  ['empty lines', '\n\r\n\n'],
  ['other values', '3\nnull\n[]\n"x"\n'],
  ['answers to nobody', '{"return":{},"id":99}\n{"return":{}}\n{"error":{},"id":[1]}\n'],
  ['an event that is none', '{"event":3}\n{"event":"X","data":[],"timestamp":"now"}\n'],
  ['a second greeting', '{"QMP":{}}\n'],
  ['names of the language', '{"return":1,"id":"__proto__"}\n{"event":"constructor"}\n'],
])('nonsense is ignored: %s', async ([, line]) => {
  await using qemu = await startFakeQemu({ fine: true });
  const qmp = await open(qemu, { onEvent: () => {} });
  qemu.send(line);
  expect(await qmp.execute('fine')).toBe(true);
});

test('characters cut in two by the transport are put together', async () => {
  const input = new PassThrough();
  const output = new PassThrough();
  const { promise, resolve } = Promise.withResolvers<QmpEvent>();
  const opening = openQmp({ input, output }, { name: 'trial', onEvent: resolve });
  const send = (text: string): void => {
    for (const byte of Buffer.from(text)) input.write(Buffer.from([byte]));
  };
  send('{"QMP":{}}\n');
  await once(output, 'data');
  send('{"return":{},"id":1}\n{"event":"E","data":{"name":"ü🐧"}}\n');
  const qmp = await opening;
  expect((await promise).data).toEqual({ name: 'ü🐧' });
  qmp.close();
});

test('a line without end ends the conversation instead of our memory', async () => {
  const input = new PassThrough();
  const opening = openQmp({ input, output: new PassThrough() }, { name: 'trial' });
  const chunk = 'x'.repeat(2 ** 20);
  for (let sent = 0; sent <= longestLine; sent += chunk.length) input.write(chunk);
  await expect(opening).rejects.toMatchObject({
    code: 'vmm-gone',
    facts: { reason: 'it sent a line without end' },
  });
});
