// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { startFakeAgent, synced } from './fake-agent.ts';
import { startFakeQemu } from './fake-qemu.ts';
import { attach } from './session.ts';

async function press(arch: string, agent: string | null, connected = true) {
  await using qemu = await startFakeQemu({
    'query-status': { status: 'running' },
    'query-target': { arch },
    'query-chardev': [{ label: 'agent', 'frontend-open': connected }],
    system_powerdown: {},
  });
  const endpoints = { control: qemu.socket, serial: null, display: null, agent };
  const run = { machine: { id: '', name: 'tiny' }, endpoints };
  const session = await attach(run, () => {}, new AbortController().signal);
  try {
    await session.powerButton();
  } finally {
    session.close();
  }
  return qemu.commands.map(({ execute }) => execute);
}

test.for(['x86_64', 'aarch64'])('%s has a button', async (arch) => {
  expect(await press(arch, '/nonexistent')).toContain('system_powerdown');
});

test('on RISC-V the agent is asked, which says nothing when it obeys', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  await using agent = await startFakeAgent(({ execute, arguments: args }) => {
    if (execute === 'guest-shutdown') resolve();
    return execute === 'guest-sync-delimited' ? synced(args?.id) : undefined;
  });
  expect(await press('riscv64', agent.socket)).not.toContain('system_powerdown');
  await promise;
});

test('without an agent it says so, rather than press a button that is not there', async () => {
  for (const [agent, connected] of [
    [null, true],
    ['/nonexistent', false],
  ] as const) {
    await expect(press('riscv64', agent, connected)).rejects.toMatchObject({
      code: 'guest-agent-failed',
      message: expect.stringContaining('no power button') as unknown,
    });
  }
});
