// SPDX-License-Identifier: Apache-2.0
//
// "run --micro" as a process, on pipes and on a terminal, with a machine that the test plays.
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { PhyllomeError } from '../../contract/errors.ts';
import type { MachineState } from '../../contract/state.ts';
import {
  fakeService,
  onTerminal,
  phyllome,
  someId,
  someMachine,
  someTask,
  type FakeService,
} from '../testing.ts';

const since = '2026-11-23T07:00:00.000Z';
const about = { machineId: someId, machineName: 'micro-x' };

/** A service that makes a machine, whose guest does what the test says. */
async function serviceWith(
  guest: (tools: { socket: WebSocket; say: (words: string) => void; gone: () => void }) => void,
  state: MachineState = { name: 'stopped', since },
): Promise<FakeService> {
  let mark = '';
  const service = await fakeService(
    {
      'POST /micro': ({ body }) => {
        mark = body.mark;
        return someTask({ state: 'done', machineId: someId });
      },
      [`POST /machines/${someId}/start`]: () =>
        someMachine({ state: { name: 'running', since, ready: false } }),
      [`POST /machines/${someId}/stop`]: () => {
        gone();
        return someTask({ state: 'running', machineId: someId });
      },
    },
    (socket) => {
      const say = (words: string): void => socket.send(Buffer.from(`\u001ephyllome-${mark} ${words}\n`));
      const end = (): void => {
        gone();
        socket.close(1000);
      };
      guest({ socket, say, gone: end });
    },
  );
  const gone = (): void => {
    service.emit({ type: 'machine.state', ...about, state });
    service.emit({ type: 'machine.erased', ...about });
  };
  return service;
}

describe('on pipes', () => {
  test('prints what is between the lines of the machine, byte by byte, and ends with the code of the command', async () => {
    await using service = await serviceWith(({ socket, say, gone }) => {
      socket.send(Buffer.from('the kernel boots\r\n'));
      say('begin');
      socket.send(Buffer.from([0, 0xff, 0x0a]));
      say('end 42');
      socket.send(Buffer.from('reboot: Power down'));
      gone();
    });
    const { code, stdout, stderr } = await phyllome(service, [
      'run',
      '--micro',
      'x',
      '-e',
      'A=1',
      '--',
      'cmd',
      '-v',
      '',
    ]);
    expect({ code, stderr }).toEqual({ code: 42, stderr: '' });
    expect(stdout).toBe(Buffer.from([0, 0xff, 0x0a]).toString());
    const { body } = await service.asked('POST /micro');
    expect(body).toMatchObject({ command: ['cmd', '-v', ''], env: ['A=1'], network: false });
    expect(body.image).toMatch(/^\/.*x$/);
    expect(body).not.toHaveProperty('terminal');
  });

  test('passes standard input on when the guest is ready for it', async () => {
    const heard: string[] = [];
    await using service = await serviceWith(({ socket, say, gone }) => {
      socket.on('message', (bytes: Buffer) => {
        heard.push(bytes.toString());
        if (bytes.toString() === 'e\n') {
          say('end 0');
          gone();
        } else say('ack 1');
      });
      say('begin');
    });
    const { code } = await phyllome(service, ['run', '--micro', '/x'], { input: 'hello' });
    expect(code).toBe(0);
    expect(heard).toEqual(['d 5\nhello', 'e\n']);
  });

  test.each<[string, (words: string) => string[], string]>([
    ['the machine ends before its command began', () => [], 'Kernel panic'],
    ['the machine ends before its command did', () => ['begin'], 'QEMU was killed'],
    ['the guest says why it cannot', () => ['begin', 'end 125 the image has no user x'], 'no user x'],
  ])('125 when %s', async (_what, lines, reason) => {
    const crashed: MachineState = { name: 'crashed', since, reason: 'QEMU was killed', log: [] };
    await using service = await serviceWith(({ socket, say, gone }) => {
      socket.send(Buffer.from('Kernel panic\r\n'));
      for (const line of lines('')) say(line);
      gone();
    }, crashed);
    const { code, stderr } = await phyllome(service, ['run', '--micro', '/x']);
    expect(code).toBe(125);
    expect(stderr).toContain(reason);
  });

  test('125 when no machine can be made, with the reason', async () => {
    await using service = await fakeService({
      'POST /micro': () => {
        throw new PhyllomeError('micro-image-invalid', { image: '/x', reason: 'it is cut off' });
      },
    });
    const { code, stderr } = await phyllome(service, ['run', '--micro', '/x', '--', 'true']);
    expect(code).toBe(125);
    expect(stderr).toContain('/x cannot become a micro machine: it is cut off.');
  });
});

test('on a terminal every key goes to the command, and Ctrl-] ends the machine', async () => {
  await using service = await serviceWith(({ socket, say }) => {
    say('begin');
    socket.on('message', (bytes: Buffer) => socket.send(`[${JSON.stringify(bytes.toString())}]`));
    socket.send(Buffer.from('# '));
  });
  const terminal = onTerminal(service, 'phyllome run --micro /x; echo "code=$?"');
  await terminal.until(/# /);
  terminal.type('\u0003');
  await terminal.until(/u0003/);
  terminal.type('\u001d');
  expect(await terminal.end()).toContain('code=130');
  expect((await service.asked(`POST /machines/${someId}/stop`)).body).toMatchObject({ force: true });
  expect((await service.asked('POST /micro')).body.terminal).toMatchObject({ rows: expect.any(Number) });
});

test.each([
  [['run', 'tiny', 'ls'], /"ls" is one word too many/],
  [['run', 'tiny', '--network'], /--network goes with --micro/],
  [['run', '--micro', '/x', '--detach'], /--detach does not go with --micro/],
  [['run', '--micro', '/x', '--memory', 'much'], /--memory must be a size/],
  [['run', '--micro', '/x', '-e', '=1'], /--env takes NAME=value/],
])('%j is not understood', async (words, reason) => {
  await using service = await fakeService();
  const { code, stderr } = await phyllome(service, words);
  expect({ code, stderr }).toEqual({ code: 2, stderr: expect.stringMatching(reason) });
});
