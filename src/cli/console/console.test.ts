// SPDX-License-Identifier: Apache-2.0
//
// The serial console as a process, on a real terminal (of util-linux "script") and on pipes.
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import type { MachineState as State } from '../../contract/state.ts';
import { fakeService, onTerminal, phyllome, someId, someMachine, someTask } from '../testing.ts';

const since = '2026-11-23T07:00:00.000Z';
const running: State = { name: 'running', since, ready: true };

/** A guest that repeats what it hears. */
const echo = (socket: WebSocket) => {
  socket.send(Buffer.from('old output\u001b[6n\r\nroot# '));
  socket.on('message', (bytes: Buffer) => socket.send(`[${bytes.toString()}]`));
};

const answers = (state: () => State = () => running) => ({
  'GET /machines/tiny': () => someMachine({ state: state() }),
  [`GET /machines/${someId}`]: () => someMachine({ state: state() }),
});

const childOf = (pid: number): number =>
  Number(readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')[0]);

// "stty -g" prints all settings of the terminal in one line.
const line = (command: string) => `stty -g; phyllome ${command}; echo "code=$?"; stty -g`;
const settings = (screen: string) => screen.match(/^[0-9a-f]+(?::[0-9a-f]+){10,}/gm);

describe('on a terminal', () => {
  test('shows the past, passes every key on, and Ctrl-] leaves with the terminal as it was', async () => {
    await using service = await fakeService(answers(), echo);
    const terminal = onTerminal(service, line('console tiny'));
    await terminal.until(/root# /);
    terminal.type('a\u0003\u001b[A');
    await terminal.until(/\[a/);
    terminal.type('b\u001dnever sent');
    const screen = await terminal.end();
    expect(screen).toContain('tiny keeps running');
    expect(screen).toContain('code=0');
    expect(screen).toContain('\u0003\u001b[A');
    expect(screen).not.toContain('[never');
    // The question of old output would have been answered into the guest.
    expect(screen).not.toContain('\u001b[6n');
    const [before, after] = settings(screen) ?? [];
    expect(after).toBe(before);
  });

  test('ends when the guest powers off, and says so', async () => {
    let state: State = running;
    await using service = await fakeService(
      answers(() => state),
      (socket) => {
        socket.on('message', () => {
          state = { name: 'stopped', since };
          socket.close(1000);
        });
      },
    );
    const terminal = onTerminal(service, line('console tiny'));
    await terminal.until(/Console of tiny/);
    terminal.type('p');
    const screen = await terminal.end();
    expect(screen).toMatch(/tiny is off\.\r\ncode=0/);
    const [before, after] = settings(screen) ?? [];
    expect(after).toBe(before);
  });

  test('waits for the final state when the console closes a moment earlier', async () => {
    await using service = await fakeService(answers(), (socket) => socket.close(1000));
    const terminal = onTerminal(service, line('console tiny'));
    await service.asked(`GET /machines/${someId}`);
    const state: State = { name: 'crashed', since, reason: 'QEMU was killed by SIGKILL', log: [] };
    service.emit({ type: 'machine.state', machineId: someId, machineName: 'tiny', state });
    const screen = await terminal.end();
    expect(screen).toContain('QEMU was killed by SIGKILL');
    expect(screen).toContain('code=1');
  });

  test('a service that dies is an error, and the terminal is as it was', async () => {
    await using service = await fakeService(answers(), echo);
    const terminal = onTerminal(service, line('console tiny'));
    await terminal.until(/root# /);
    await service[Symbol.asyncDispose]();
    const screen = await terminal.end();
    expect(screen).toContain('code=3');
    const [before, after] = settings(screen) ?? [];
    expect(after).toBe(before);
  });

  test.each(['SIGTERM', 'SIGHUP'] as const)('%s leaves the terminal as it was', async (signal) => {
    await using service = await fakeService(answers(), echo);
    const terminal = onTerminal(service, line('console tiny'));
    await terminal.until(/root# /);
    // script -> shell -> phyllome
    process.kill(childOf(childOf(terminal.pid)), signal);
    const screen = await terminal.end();
    expect(screen).toContain(signal === 'SIGTERM' ? 'code=143' : 'code=129');
    const [before, after] = settings(screen) ?? [];
    expect(after).toBe(before);
  });

  test('run attaches at once, without waiting for the guest', async () => {
    await using service = await fakeService(
      {
        ...answers(() => ({ name: 'stopped', since })),
        [`POST /machines/${someId}/start`]: () =>
          someMachine({ state: { name: 'running', since, ready: false } }),
      },
      echo,
    );
    const terminal = onTerminal(service, 'phyllome run tiny');
    await terminal.until(/root# /);
    terminal.type('\u001d');
    expect(await terminal.end()).toContain('Come back: phyllome console tiny');
  });
});

describe('on pipes', () => {
  test('types what is piped in and ends when the guest has been silent', async () => {
    await using service = await fakeService(answers(), echo);
    const { code, stdout, stderr } = await phyllome(service, ['console', 'tiny'], { input: 'uptime\n' });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    // Nobody answers questions here, so the bytes are those of the guest.
    expect(stdout).toBe('old output\u001b[6n\r\nroot# [uptime\n]');
  });

  test('is refused in the words of the service', async () => {
    await using service = await fakeService(answers());
    const { code, stderr } = await phyllome(service, ['console', 'tiny']);
    expect(code).toBe(1);
    expect(stderr).toBe('phyllome: tiny is stopped, so it cannot open its console now.\nStart it first.\n');
  });
});

describe('a task on a terminal', () => {
  test('has a progress bar, and Ctrl-C aborts it', async () => {
    await using service = await fakeService({
      'POST /machines': () => someTask({ step: 'Compressing', fraction: 0.5 }),
      'DELETE /tasks/task-1': () => someTask({ state: 'aborted' }),
    });
    const terminal = onTerminal(service, 'phyllome create tiny --from tiny; echo "code=$?"');
    await terminal.until(/Create tiny {2}\[#{10}-{10}\] {2}50 % {2}Compressing/);
    // As the terminal does it: to the program in the foreground, not to the shell that waits for it.
    terminal.type('\u0003');
    await service.asked('DELETE /tasks/task-1');
    service.emit({ type: 'task.changed', task: someTask({ state: 'aborted' }) });
    expect(await terminal.end()).toContain('Stopped. tiny was not made, and nothing of it is left.');
  });
});
