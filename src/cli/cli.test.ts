// SPDX-License-Identifier: Apache-2.0
//
// The command line as a process, against a service that says what each test wants.
import { chmod, readdir, readFile, watch, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { PhyllomeError } from '../contract/errors.ts';
import type { MachineState as State } from '../contract/state.ts';
import {
  createHome,
  fakeService,
  onTerminal,
  phyllome,
  someId,
  someMachine,
  someTask,
  type Home,
} from './testing.ts';

const since = '2026-11-23T07:00:00.000Z';
const nobody = () => {
  throw new PhyllomeError('machine-not-found', { ref: 'tiny' });
};

describe('list', () => {
  test('is an aligned table, broken machines included, that commands no terminal', async () => {
    await using service = await fakeService({
      'GET /machines': () => [
        someMachine({ name: '🦊, "quoted"', state: { name: 'running', since, ready: true } }),
        someMachine({ name: 'evil\u001b[2J', state: { name: 'paused', since, reason: 'its disk is full' } }),
        someMachine({
          name: 'x',
          state: { name: 'broken', since, problems: ['line 3: memory: found 7'] },
          vcpus: null,
          memory: null,
          guestOs: null,
        }),
      ],
    });
    expect(await phyllome(service, ['list'])).toEqual({
      code: 0,
      stderr: '',
      stdout: String.raw`NAME          STATE    VCPUS   MEMORY  SYSTEM
🦊, "quoted"  running      1  256 MiB  tiny    ready
evil\x1b[2J   paused       1  256 MiB  tiny    its disk is full
x             broken       -        -  -       line 3: memory: found 7
`,
    });
  });

  test('says how to make a first machine', async () => {
    await using service = await fakeService({ 'GET /machines': () => [] });
    expect((await phyllome(service, ['list'])).stdout).toContain('phyllome run tiny');
  });

  test('--json is what the service said', async () => {
    const machines = [someMachine()];
    await using service = await fakeService({ 'GET /machines': () => machines });
    expect(JSON.parse((await phyllome(service, ['list', '--json'])).stdout)).toEqual(machines);
  });
});

describe('errors', () => {
  test('are shown with their hint, and end with 1', async () => {
    await using service = await fakeService({ 'GET /machines/tiny': nobody });
    expect(await phyllome(service, ['show', 'tiny'])).toEqual({
      code: 1,
      stdout: '',
      stderr:
        'phyllome: There is no machine tiny.\n"phyllome list" shows all machines, "phyllome list --bin" the deleted ones.\n',
    });
  });

  test('are JSON with --json', async () => {
    await using service = await fakeService({ 'GET /machines/tiny': nobody });
    const { code, stderr } = await phyllome(service, ['show', 'tiny', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(stderr)).toMatchObject({
      error: { code: 'machine-not-found', facts: { ref: 'tiny' } },
    });
  });

  test('with lines of a log cannot pass for words of ours', async () => {
    await using service = await fakeService({
      'GET /machines/tiny': () => someMachine(),
      [`POST /machines/${someId}/start`]: () => {
        throw new PhyllomeError('vmm-start-failed', {
          vmm: 'QEMU',
          name: 'tiny',
          reason: 'see:\nphyllome: all is well\u001b[A',
        });
      },
    });
    expect((await phyllome(service, ['start', 'tiny'])).stderr).toContain(
      String.raw`phyllome: QEMU could not start tiny: see:
  | phyllome: all is well\x1b[A
`,
    );
  });

  test('a usage error ends with 2 and starts nothing', async () => {
    await using home = await createHome();
    const { code, stderr } = await phyllome(home, ['stop']);
    expect(code).toBe(2);
    expect(stderr).toContain('phyllome stop --help');
    expect(await readdir(home.paths.runtime)).toEqual([]);
  });
});

test.each([
  ['version'],
  ['--version'],
  ['help'],
  ['--help'],
  ['help', 'run'],
  ['list', '-h'],
  ['completion', 'bash'],
  ['down'],
  ['names', 'machine'],
  ['logs', '--service'],
])('%s %s needs no service and starts none', async (...words) => {
  await using home = await createHome();
  const { code, stderr } = await phyllome(
    home,
    words.filter((word) => word !== undefined),
  );
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(await readdir(home.root)).toEqual(['run']);
  expect(await readdir(home.paths.runtime)).toEqual([]);
});

describe('tasks', () => {
  const report = new PhyllomeError('no-space', { what: 'the disk', directory: '/d' }).report();

  test('are followed by events to their end', async () => {
    await using service = await fakeService({ 'POST /machines': () => someTask() });
    const ended = phyllome(service, ['create', 'tiny', '--from', 'tiny', '--json']);
    await service.asked('POST /machines');
    service.emit({ type: 'task.changed', task: someTask({ id: 'another', state: 'failed' }) });
    service.emit({ type: 'task.changed', task: someTask({ step: 'Compressing', fraction: 0.5 }) });
    const done = someTask({ state: 'done', fraction: 1, machineId: someId });
    service.emit({ type: 'task.changed', task: done });
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(JSON.parse(stdout)).toEqual(done);
    expect(service.requests[0]?.line).toBe('GET /events');
    expect(service.requests[1]?.body).toEqual({ name: 'tiny', from: 'tiny' });
  });

  test('that fail end with their error', async () => {
    await using service = await fakeService({
      'POST /machines': () => someTask({ state: 'failed', error: report }),
    });
    const { code, stderr } = await phyllome(service, ['create', 'x', '--from', 'tiny']);
    expect(code).toBe(1);
    expect(stderr).toContain(report.message);
  });

  test('that the service no longer knows are looked up', async () => {
    await using service = await fakeService({
      'POST /machines/tiny/stop': () => someTask({ what: 'Stop tiny' }),
      'GET /tasks/task-1': () => someTask({ state: 'done' }),
    });
    const ended = phyllome(service, ['stop', 'tiny']);
    await service.asked('POST /machines/tiny/stop');
    service.emit({ type: 'events.lost' });
    expect(await ended).toMatchObject({ code: 0, stdout: 'tiny is off.\n' });
  });
});

describe('create', () => {
  test('sends a definition from a file', async () => {
    await using service = await fakeService({
      'POST /machines': () => someTask({ state: 'done', machineId: someId }),
    });
    const { code } = await phyllome(service, ['create', 'x', '--file', '-'], {
      input: 'memory: 1GiB\ncpu: { vcpus: 4 } # many\n',
    });
    expect(code).toBe(0);
    expect(service.requests[1]?.body).toEqual({
      name: 'x',
      definition: { memory: '1GiB', cpu: { vcpus: 4 } },
    });
  });

  test.each([
    ['memory: [', 'is not valid YAML'],
    ['just words', 'it is not a group of keys'],
  ])('refuses %j', async (input, words) => {
    await using service = await fakeService();
    const { code, stderr } = await phyllome(service, ['create', 'x', '--file', '-'], { input });
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(service.requests).toEqual([]);
  });
});

describe('run without a terminal', () => {
  const running = someMachine({ state: { name: 'running', since, ready: false } });
  const start = `POST /machines/${someId}/start`;

  test('makes the machine, starts it and says how to reach it when the guest is ready', async () => {
    let made = false;
    await using service = await fakeService({
      'GET /machines/tiny': () => (made ? someMachine() : nobody()),
      [`GET /machines/${someId}`]: () => someMachine(),
      'POST /machines': () => {
        made = true;
        return someTask({ state: 'done', machineId: someId });
      },
      [start]: () => running,
    });
    const ended = phyllome(service, ['run', 'tiny']);
    await service.asked(start);
    service.emit({ type: 'machine.ready', machineId: someId, machineName: 'tiny' });
    const { code, stdout, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toBe(`tiny is running and ready.
  Talk to it:    phyllome console tiny
  See it:        phyllome screenshot tiny
  Power it off:  phyllome stop tiny
`);
    // The news of readiness could be missed if nobody listened before the start.
    const lines = service.requests.map((request) => request.line);
    expect(lines.lastIndexOf('GET /events')).toBeLessThan(lines.indexOf(start));
  });

  test('a machine that runs and is ready is only told about', async () => {
    await using service = await fakeService({
      'GET /machines/tiny': () => someMachine({ state: { name: 'running', since, ready: true } }),
    });
    expect((await phyllome(service, ['run', 'tiny', '--detach'])).code).toBe(0);
  });

  test('a paused machine goes on', async () => {
    await using service = await fakeService({
      'GET /machines/tiny': () => someMachine({ state: { name: 'paused', since, reason: '' } }),
      [`POST /machines/${someId}/resume`]: () =>
        someMachine({ state: { name: 'running', since, ready: true } }),
    });
    expect((await phyllome(service, ['run', 'tiny'])).code).toBe(0);
  });

  test('a guest that crashes while it boots is an error with the reason', async () => {
    await using service = await fakeService({
      'GET /machines/tiny': () => someMachine(),
      [start]: () => running,
    });
    const ended = phyllome(service, ['run', 'tiny']);
    await service.asked(start);
    const state: State = { name: 'crashed', since, reason: 'the guest panicked', log: [] };
    service.emit({ type: 'machine.state', machineId: someId, machineName: 'tiny', state });
    expect(await ended).toMatchObject({ code: 1, stderr: expect.stringContaining('the guest panicked') });
  });

  test('an unknown name is explained with what there is', async () => {
    await using service = await fakeService({
      'GET /machines/nix': nobody,
      'POST /machines': () => {
        throw new PhyllomeError('catalog-entry-not-found', { ref: 'nix', known: ['tiny'] });
      },
    });
    expect((await phyllome(service, ['run', 'nix'])).stderr).toContain('systems, such as tiny');
  });
});

const editor = async (home: Home, script: string) => {
  const file = join(home.root, 'editor');
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
  return { EDITOR: `${file} --wait` };
};

describe('edit without a terminal', () => {
  const answers = {
    'GET /machines/tiny': () => someMachine(),
    [`GET /machines/${someId}/definition`]: () => ({ yaml: 'memory: 256MiB\n', revision: 'r1' }),
  };
  test('sends what the editor left, with the revision it began from', async () => {
    await using service = await fakeService({
      ...answers,
      [`PUT /machines/${someId}/definition`]: () => someMachine(),
    });
    const env = await editor(service, 'test "$1" = --wait && sed -i s/256/512/ "$2"');
    expect(await phyllome(service, ['edit', 'tiny'], { env })).toMatchObject({
      code: 0,
      stdout: 'tiny was changed.\n',
    });
    expect(service.requests.at(-1)?.body).toEqual({ yaml: 'memory: 512MiB\n', revision: 'r1' });
    expect(await readdir(join(service.paths.state, 'edits'))).toEqual([]);
  });

  test('sends nothing when nothing was changed', async () => {
    await using service = await fakeService(answers);
    const { stdout } = await phyllome(service, ['edit', 'tiny'], { env: await editor(service, 'true') });
    expect(stdout).toBe('Nothing was changed.\n');
    expect(await readdir(join(service.paths.state, 'edits'))).toEqual([]);
  });

  test.each(['definition-invalid', 'definition-changed'] as const)(
    'keeps the text when it is refused (%s)',
    async (code) => {
      await using service = await fakeService({
        ...answers,
        [`PUT /machines/${someId}/definition`]: () => {
          throw new PhyllomeError(code, { name: 'tiny', count: 1, summary: 'line 1: memory: found 7' });
        },
      });
      const ended = await phyllome(service, ['edit', 'tiny'], {
        env: await editor(service, 'echo "memory: 7" > "$2"'),
      });
      expect(ended.code).toBe(1);
      const [, kept = ''] = /Your text is kept in (\S+)/.exec(ended.stderr) ?? [];
      expect(await readFile(kept, 'utf8')).toBe('memory: 7\n');
    },
  );

  test.each([
    ['exit 4', 'ended with 4'],
    ['kill -9 $$', 'ended with SIGKILL'],
  ])('an editor that fails (%s) changes nothing', async (script, words) => {
    await using service = await fakeService(answers);
    const { code, stderr } = await phyllome(service, ['edit', 'tiny'], {
      env: await editor(service, script),
    });
    expect(code).toBe(2);
    expect(stderr).toContain(words);
  });

  test('needs an editor', async () => {
    await using service = await fakeService(answers);
    expect((await phyllome(service, ['edit', 'tiny'])).stderr).toContain('set EDITOR');
  });
});

describe('screenshot', () => {
  const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 255]);

  test('goes to standard output when that is no terminal', async () => {
    await using service = await fakeService({ 'GET /machines/tiny/screenshot': () => Buffer.from('PNG') });
    expect(await phyllome(service, ['screenshot', 'tiny'])).toEqual({ code: 0, stdout: 'PNG', stderr: '' });
  });

  test('goes to the file that is named', async () => {
    await using service = await fakeService({ 'GET /machines/tiny/screenshot': () => png });
    const { code, stdout } = await phyllome(service, ['screenshot', 'tiny', '-o', 'a, b.png']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'The screen of tiny is in a, b.png\n' });
    expect(await readFile(join(service.root, 'a, b.png'))).toEqual(png);
  });

  test('says when it cannot be written', async () => {
    await using service = await fakeService({ 'GET /machines/tiny/screenshot': () => png });
    expect((await phyllome(service, ['screenshot', 'tiny', '-o', 'no/such/folder.png'])).stderr).toContain(
      'no/such/folder.png cannot be used',
    );
  });
});

test('delete says where the machine is and how to get it back', async () => {
  const entry = {
    id: someId,
    name: "it's",
    deletedAt: since,
    directory: '/bin/x',
    bytes: 2 ** 20,
    frees: 2 ** 20,
    eraseAt: null,
    files: [],
    stays: [],
  };
  await using service = await fakeService({ "DELETE /machines/it's": () => entry });
  expect((await phyllome(service, ['delete', "it's"])).stdout).toBe(
    String.raw`it's is in the bin with all its disks (1 MiB); nothing was erased.
Erasing it frees 1 MiB.
Bring it back with: phyllome restore 'it'\''s'
`,
  );
});

test('watch --json is one event a line; a reader that has seen enough is no error', async () => {
  await using service = await fakeService();
  const terminal = onTerminal(service, 'set -o pipefail; phyllome watch --json | head -n 2; echo "code=$?"');
  await service.asked('GET /events');
  const event = { type: 'machine.created', machineId: someId, machineName: 'tiny' } as const;
  service.emit(event);
  service.emit({ ...event, type: 'machine.deleted' });
  await terminal.until(/machine\.deleted/);
  service.emit(event);
  const lines = (await terminal.end()).split('\r\n').filter((line) => line.startsWith('{'));
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(['machine.created', 'machine.deleted']);
  expect(terminal.screen()).toContain('code=0');
});

// A service that refuses what it is given so many times.
const refusing = (refuse: { times: number }) => ({
  'GET /machines/tiny': () => someMachine(),
  [`GET /machines/${someId}/definition`]: () => ({ yaml: 'memory: 256MiB\n', revision: 'r1' }),
  [`PUT /machines/${someId}/definition`]: () => {
    refuse.times -= 1;
    if (refuse.times < 0) return someMachine();
    throw new PhyllomeError('definition-invalid', {
      count: 1,
      summary: 'x',
      problems: ['line 1: memory: found 7\u001b'],
    });
  },
});

describe('edit on a terminal', () => {
  test('shows the mistakes with their lines and lets the person edit again', async () => {
    await using service = await fakeService(refusing({ times: 1 }));
    const { EDITOR } = await editor(service, 'echo more >> "$2"');
    const terminal = onTerminal(service, `EDITOR='${EDITOR}' phyllome edit tiny; echo "code=$?"`);
    await terminal.until(/Edit it again/);
    expect(terminal.screen()).toContain(String.raw`  line 1: memory: found 7\x1b`);
    terminal.type('\r');
    expect(await terminal.end()).toContain('tiny was changed.\r\ncode=0');
    expect(service.requests.at(-1)?.body).toEqual({ yaml: 'memory: 256MiB\nmore\nmore\n', revision: 'r1' });
  });

  test.each([
    ['n and Enter', 'n\r'],
    ['Ctrl-C', '\u0003'],
    ['Ctrl-D', '\u0004'],
  ])('%s ends, and the text is kept', async (_, keys) => {
    await using service = await fakeService(refusing({ times: 9 }));
    const { EDITOR } = await editor(service, 'echo more >> "$2"');
    const terminal = onTerminal(service, `EDITOR='${EDITOR}' phyllome edit tiny; echo "code=$?"`);
    await terminal.until(/Edit it again/);
    terminal.type(keys);
    expect(await terminal.end()).toContain('code=1');
    const folder = join(service.paths.state, 'edits');
    const [file = ''] = await readdir(folder);
    expect(await readFile(join(folder, file), 'utf8')).toBe('memory: 256MiB\nmore\n');
  });
});

test('open on a desktop shows the browser a file of ours, not the link that others could read', async () => {
  const url = 'http://127.0.0.1:7411/open?ticket=secret&x="';
  await using service = await fakeService({ 'POST /tickets': () => ({ url }) });
  const seen = join(service.root, 'seen');
  await writeFile(
    join(service.root, 'xdg-open'),
    `#!/bin/sh\nstat -c %a "$1" > '${seen}'; echo "$*" >> '${seen}'; mv '${seen}' '${seen}.done'\n`,
  );
  await chmod(join(service.root, 'xdg-open'), 0o755);
  const done = (async () => {
    for await (const { filename } of watch(service.root)) if (filename === 'seen.done') return;
  })();
  await onTerminal(service, `DISPLAY=:0 PATH="${service.root}:$PATH" phyllome open`).end();
  await done;
  const file = join(service.paths.runtime, 'open.html');
  expect(await readFile(`${seen}.done`, 'utf8')).toBe(`600\n${file}\n`);
  expect(await readFile(file, 'utf8')).toContain(
    'url=http://127.0.0.1:7411/open?ticket=secret&amp;x=&quot;"',
  );
});

test('open prints the link', async () => {
  await using service = await fakeService({
    'POST /tickets': () => ({ url: 'http://127.0.0.1:7411/open?ticket=x' }),
  });
  expect((await phyllome(service, ['open'], { env: { DISPLAY: ':0' } })).stdout).toBe(
    'http://127.0.0.1:7411/open?ticket=x\n',
  );
});

test('up --port does not pretend when the service has another port', async () => {
  await using service = await fakeService({
    'GET /service': () => ({
      version: '0.1.0',
      pid: 7,
      startedAt: since,
      dataDirectory: '/d',
      address: 'http://127.0.0.1:7411',
    }),
  });
  expect((await phyllome(service, ['up', '--port', '7411'])).stdout).toContain('http://127.0.0.1:7411');
  expect(await phyllome(service, ['up', '--port', '80'])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('process 7'),
  });
});
