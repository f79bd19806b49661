// SPDX-License-Identifier: Apache-2.0
//
// The test unit's own script, run here by sh with a FIFO pair behind a socket instead of a virtio port.
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openAgent, type Agent } from './agent.ts';
import { agentCredentials, parseAgentLine } from './agent-unit.ts';

async function pair(): Promise<{ agent: Agent; guest: Socket; said(): string; end(): Promise<void> }> {
  const folder = await mkdtemp(join(tmpdir(), 'phlab-'));
  const server = createServer().listen(join(folder, 's'));
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const agent = await openAgent(join(folder, 's'));
  const [guest] = (await connected) as [Socket];
  let text = '';
  guest.on('data', (bytes: Buffer) => (text += bytes.toString()));
  const end = async (): Promise<void> => {
    agent.close();
    server.close();
    await rm(folder, { recursive: true });
  };
  return { agent, guest, said: () => text, end };
}

const encoded = (text: string): string => Buffer.from(text).toString('base64');

test('a script goes over, its outcome comes back', async () => {
  const { agent, guest, said, end } = await pair();
  const outcome = agent.run('echo hello; exit 3');
  await expect.poll(said).toBe(`1 ${encoded('echo hello; exit 3')}\n`);
  guest.write(`[    1.0] words of a kernel\nPHY|1|3|${encoded('hello\n')}\n`);
  expect(await outcome).toEqual({ code: 3, output: 'hello\n' });
  await end();
});

test('answers may come in any order', async () => {
  const { agent, guest, end } = await pair();
  const both = Promise.all([agent.run('a'), agent.run('b')]);
  guest.write(`PHY|2|0|${encoded('of b')}\nPHY|1|0|${encoded('of a')}\n`);
  expect((await both).map(({ output }) => output)).toEqual(['of a', 'of b']);
  await end();
});

test('a restart ends what was running, and has another boot id', async () => {
  const { agent, guest, end } = await pair();
  guest.write('PHY|hello|first\n');
  expect(await agent.boot({ seconds: 20 })).toBe('first');
  const cut = agent.run('sleep 1000').catch((error: Error) => error.message);
  const second = agent.boot({ seconds: 20, than: 'first' });
  guest.write('PHY|hello|second\n');
  expect(await cut).toContain('restarted');
  expect(await second).toBe('second');
  await end();
});

test('a PC that is switched off says no more', async () => {
  const { agent, guest, end } = await pair();
  const both = Promise.allSettled([agent.boot({ seconds: 1000 }), agent.run('sleep 1000')]);
  guest.destroy();
  for (const end of await both)
    expect(end).toMatchObject({ reason: { message: expect.stringContaining('went off') as string } });
  await expect(agent.boot({ seconds: 1000 })).rejects.toThrow(/went off/);
  await end();
});

test('silence has an end', async () => {
  const { agent, end } = await pair();
  await expect(agent.boot({ seconds: 0 })).rejects.toThrow(/did not speak/);
  await expect(agent.run('sleep 1000', { seconds: 0 })).rejects.toThrow(/no answer within 0 s to: sleep/);
  await end();
});

test('the unit is out of the way in an initrd and of a shutdown', () => {
  const unit = agentCredentials()['systemd.extra-unit.phyllome-lab.service'] ?? '';
  expect(unit).toContain('ConditionPathExists=!/etc/initrd-release');
  expect(unit).toContain('Conflicts=shutdown.target');
  const [, script = ''] = /printf %%s (\S+) \| base64/.exec(unit) ?? [];
  expect(Buffer.from(script, 'base64').toString()).toContain('/dev/virtio-ports/phyllome.lab');
});

test.each(['', 'PHY', 'hello|x', '[ 1.0] PHY|1|0|'])('is no line of the unit: %j', (line) => {
  expect(parseAgentLine(line)).toBeNull();
});
