// SPDX-License-Identifier: Apache-2.0
//
// VMMs that end with their guest (Firecracker, crosvm): what the engine makes of an end. The "VMM" here is a shell that
// waits for the word with which it is to end.
import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import type { PhyllomeEvent } from '../contract/event.ts';
import type { LaunchPlan } from '../contract/plan.ts';
import type { Driver, Ending, Session } from '../vmm/driver.ts';
import { createDiskKeys } from './encryption/disk-keys.ts';
import { createEventStream } from './event-stream.ts';
import { createRunning } from './running.ts';
import { openStore } from './store.ts';
import { definitionText, putMachine, sandbox, someId, type Sandbox } from './testing.ts';

const endings: Readonly<Record<number, Ending>> = { 0: 'shut-down', 32: 'reset', 34: 'panicked' };

function shellDriver(onReset: LaunchPlan['onReset'], verbs: Partial<Session> = {}): Driver {
  return {
    name: 'crosvm',
    probe: async () => ({ vmm: 'crosvm', binary: '/bin/sh', version: '1' }),
    claims: () => [],
    judge: () => ({ refusals: [], losses: [] }),
    plan: ({ id, name }, report, { run, logs }) => ({
      machine: { id, name },
      vmm: report.vmm,
      version: report.version,
      accelerator: 'kvm',
      runDirectory: run,
      directories: [],
      files: [],
      pipes: [join(run, 'word')],
      helpers: [],
      process: {
        name: 'crosvm',
        command: ['/bin/sh', '-c', 'echo begins; read word; echo "exiting with $word"; exit "$word"', run],
        log: join(logs, 'vmm.log'),
        input: join(run, 'word.in'),
        output: join(logs, 'serial.log'),
        ready: null,
      },
      ...(onReset && { onReset }),
      endpoints: { control: join(run, 'control'), serial: null, display: null, agent: null },
      serialLog: join(logs, 'serial.log'),
      decisions: [],
    }),
    attach: async () => ({
      identity: async () => someId,
      state: async () => 'running',
      agentConnected: async () => false,
      resume: async () => {},
      close() {},
      ...verbs,
    }),
    ending(exit, words) {
      const code = exit?.code ?? Number(/exiting with (\d+)/.exec(words.join(' '))?.[1] ?? NaN);
      return endings[code] ?? null;
    },
  };
}

const noCables = { plug: async () => {}, unplug: async () => {} };

interface Trial extends AsyncDisposable {
  say(word: string): Promise<void>;
  state(): string;
  events: PhyllomeEvent[];
  pid(): number | undefined;
  running: ReturnType<typeof createRunning>;
  serial(): Promise<string>;
}

async function begin(place: Sandbox, driver: Driver): Promise<Trial> {
  const { paths } = place;
  await putMachine(paths, definitionText());
  const store = await openStore(paths);
  const machine = store.find(someId);
  const stream = createEventStream();
  const events: PhyllomeEvent[] = [];
  stream.subscribe((event) => events.push(event));
  const claim = { machineId: someId, name: 'tiny', memory: 0, overhead: 0, vcpus: 1 };
  const running = createRunning({
    diskKeys: createDiskKeys([]),
    cables: noCables,
    paths,
    drivers: [driver],
    events: stream,
    bootId: 'this-boot',
    admission: {
      admit: () => ({ claim: claim as never, warning: null }),
      readmit: () => {},
      release: () => {},
    },
    place: async () => {},
    afterInstall: { before: async () => null, rested: async () => {} },
  });
  await running.start(machine);
  const run = join(paths.runtime, someId.slice(0, 8));
  return {
    running,
    events,
    say: (word) => writeFile(join(run, 'word.in'), `${word}\n`, { flag: 'r+' }),
    state: () => running.stateOf(someId).name,
    pid: () => running.get(someId)?.info?.pid,
    serial: () => readFile(join(paths.logs, someId, 'serial.log'), 'utf8'),
    async [Symbol.asyncDispose]() {
      await running.get(someId)?.cutPower();
      running.close();
    },
  };
}

const until = (condition: () => void | Promise<void>) =>
  vi.waitFor(condition, { timeout: 30_000, interval: 10 });
const resets = (events: readonly PhyllomeEvent[]) =>
  events.filter(({ type }) => type === 'machine.reset').length;

test('a guest that powers off stops its machine, in order', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  await trial.say('0');
  await until(() => expect(trial.state()).toBe('stopped'));
  expect(resets(trial.events)).toBe(0);
});

test('a guest that begins anew is started again, and its log goes on', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  const first = trial.pid();
  await trial.say('32');
  await until(() => {
    expect(trial.pid()).not.toBe(first);
    expect(trial.pid()).toBeDefined();
  });
  expect(trial.state()).toBe('running');
  expect(resets(trial.events)).toBe(1);
  expect(trial.events.some(({ type }) => type === 'machine.error')).toBe(false);
  await until(async () => expect(await trial.serial()).toMatch(/begins\nexiting with 32\nbegins\n/));
});

test('a machine for one command ends with the reset of its guest', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('end'));
  await trial.say('32');
  await until(() => expect(trial.state()).toBe('stopped'));
});

test('a reset is the answer to the power button where a VMM knows no other', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  trial.running.get(someId)?.happened('power-button');
  await trial.say('32');
  await until(() => expect(trial.state()).toBe('stopped'));
});

test('a guest that panics, and a VMM that dies of something else, are crashes', async () => {
  for (const [word, reason] of [
    ['34', 'panicked'],
    ['1', 'ended by itself with code 1'],
  ] as const) {
    await using place = await sandbox();
    await using trial = await begin(place, shellDriver('restart'));
    await trial.say(word);
    await until(() => expect(trial.state()).toBe('crashed'));
    expect(trial.running.stateOf(someId)).toMatchObject({
      reason: expect.stringContaining(reason) as string,
    });
  }
});

test('the reset button of a VMM that has none ends it and starts it again', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  const first = trial.pid();
  await trial.running.get(someId)?.reset();
  expect(trial.pid()).not.toBe(first);
  expect(trial.state()).toBe('running');
});

test('a guest that begins anew over and over is stopped, and nothing of it is left', async () => {
  let skew = 0;
  const clock = Date.now;
  const spy = vi.spyOn(Date, 'now').mockImplementation(() => clock() + skew);
  onTestFinished(() => spy.mockRestore());
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  for (let count = 0; count < 20 && trial.state() === 'running'; count += 1) {
    const before = resets(trial.events);
    await until(() => trial.say('32'));
    // Closer together, several resets would count as one.
    skew += 200;
    await until(() => expect(resets(trial.events) > before || trial.state() !== 'running').toBe(true));
    await until(() => expect(trial.pid() !== undefined || trial.state() !== 'running').toBe(true));
  }
  await until(() => expect(trial.state()).toBe('crashed'));
  expect(trial.running.stateOf(someId)).toMatchObject({
    reason: expect.stringContaining('10 times') as string,
  });
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(place.paths.runtime);
});

test('a power cut in the middle of a restart leaves nothing running', async () => {
  await using place = await sandbox();
  await using trial = await begin(place, shellDriver('restart'));
  const runner = trial.running.get(someId);
  await trial.say('32');
  await until(() => expect(resets(trial.events)).toBe(1));
  await runner?.cutPower();
  expect(trial.state()).toBe('stopped');
  expect(execFileSync('ps', ['-eo', 'args'], { encoding: 'utf8' })).not.toContain(place.paths.runtime);
});

test('a later service learns from the last words how it ended, and starts a guest again that wanted to', async () => {
  for (const [word, state] of [
    ['0', 'stopped'],
    ['32', 'running'],
    ['1', 'crashed'],
  ] as const) {
    await using place = await sandbox();
    const driver = shellDriver('restart');
    const trial = await begin(place, driver);
    trial.running.close();
    await trial.say(word);
    const pid = trial.pid() ?? 0;
    await until(() => expect(() => process.kill(pid, 0)).toThrow('ESRCH'));
    const later = createRunning({
      diskKeys: createDiskKeys([]),
      cables: noCables,
      paths: place.paths,
      drivers: [{ ...driver, ending: (_exit, _words) => endings[Number(word)] ?? null }],
      events: createEventStream(),
      bootId: 'this-boot',
      admission: {
        admit: () => ({ claim: {} as never, warning: null }),
        readmit: () => {},
        release: () => {},
      },
      place: async () => {},
      afterInstall: { before: async () => null, rested: async () => {} },
    });
    await later.adoptAll(await openStore(place.paths));
    await until(() => expect(later.stateOf(someId).name).toBe(state));
    await later.get(someId)?.cutPower();
    later.close();
  }
});
