// SPDX-License-Identifier: Apache-2.0
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { routes, type Route } from '../contract/api.ts';
import { errorCatalogue, PhyllomeError } from '../contract/errors.ts';
import { apiPrefix, operations } from '../contract/operations.ts';
import type { Engine } from '../engine/engine.ts';
import { serve, someTask, until, type Question } from './testing.ts';

const machines = `${apiPrefix}/machines`;

describe('operations', () => {
  test('each calls the function of the engine that has its name', async () => {
    const calls: unknown[] = [];
    const record =
      (name: string) =>
      (...given: unknown[]) => {
        calls.push([name, ...given]);
        return { from: name };
      };
    const ours = new Set([
      'service',
      'stopService',
      'createTicket',
      'accessStatus',
      'setPassword',
      'setAccessNetwork',
      'signOut',
      'lockSession',
      'unlockSession',
    ]);
    const names = Object.keys(routes).filter((id) => !ours.has(id));
    const engine = Object.fromEntries(names.map((id) => [id, record(id)])) as Partial<Engine>;
    await using server = await serve(engine);
    const bodies: Record<string, unknown> = {
      createMachine: { name: 'a,b', definition: { memory: '1GiB', disks: [] } },
      renameMachine: { name: 'c' },
      writeDefinition: { yaml: 'x: 1\n', revision: 'r1' },
      stopMachine: { force: true },
      startMachine: { passphrase: 'p' },
      encryptMachine: { passphrase: 'p', key: 'tpm' },
      decryptMachine: {},
      changePassphrase: { newPassphrase: 'q' },
      setReserve: { vcpus: 1 },
      setVmmDirectory: { directory: '/opt/vmms' },
      createMicro: { image: '/srv/alpine', command: ['true'], mark: 'a'.repeat(32) },
      planSwitch: { vmm: 'firecracker' },
      switchMachine: { back: true, start: false },
      takeSnapshot: { name: 'clean', memory: false },
      changeSnapshot: { note: 'x' },
      revertSnapshot: { discard: true },
      addDisk: { size: 2 ** 30 },
      removeDisk: { erase: true },
      growDisk: { by: 2 ** 30 },
      checkDisk: {},
      trimDisks: { disk: 'a.raw' },
      convertDisk: { format: 'raw' },
      exportDisk: { file: '/a.vmdk', format: 'vmdk' },
      limitDisk: { readOpsPerSecond: 100 },
      makeBackup: { folder: '/b' },
      verifyBackups: {},
      restoreBackup: { machine: 'm', folder: '/b' },
      downloadImage: { url: 'https://example.org/a.iso' },
      fetchMedium: { entry: 'debian' },
      checkCatalog: {},
      changeDefinition: { changes: [{ path: ['memory'], value: '1GiB' }] },
      insertMedium: { file: '/a.iso' },
      pressKeys: { keys: ['a'] },
      typeText: { text: 'a' },
      cloneMachine: { name: 'd', full: true },
      setBinKeep: { keepDays: 30 },
      setOsSettings: { ssh: true },
      factoryReset: { hostName: 'a' },
      connectWifi: { ssid: '61', passphrase: 'p' },
      setAddresses: { addresses: 'dhcp' },
      makeBridge: { name: 'br0', device: 'eth0' },
      emptyBin: { refs: ['a'] },
      osCheck: { from: 'stick' },
      osUpdate: {},
      osPower: { action: 'restart', stop: true },
      setChannel: { url: 'https://example.org/os' },
      saveGuests: {},
      setFavourite: { machine: 'tiny' },
      showOnScreen: { show: 'host' },
      osInstall: {
        disk: { id: 'wwn:1', confirmation: 'Disk' },
        hostname: 'pc',
        user: { name: 'ada', password: 'correct horse' },
      },
    };
    const expected = {
      createMachine: [bodies['createMachine']],
      renameMachine: ['ä/b', 'c'],
      writeDefinition: ['ä/b', bodies['writeDefinition']],
      stopMachine: ['ä/b', { force: true, timeoutSeconds: 60 }],
      startMachine: ['ä/b', bodies['startMachine']],
      encryptMachine: ['ä/b', bodies['encryptMachine']],
      decryptMachine: ['ä/b', {}],
      changePassphrase: ['ä/b', bodies['changePassphrase']],
      machineLogs: ['ä/b', { source: 'serial', lines: 100 }],
      setReserve: [bodies['setReserve']],
      setVmmDirectory: ['/opt/vmms'],
      createMicro: [bodies['createMicro']],
      planSwitch: ['ä/b', { vmm: 'firecracker', start: true }],
      switchMachine: ['ä/b', bodies['switchMachine']],
      takeSnapshot: ['ä/b', bodies['takeSnapshot']],
      changeSnapshot: ['ä/b', 'a b', bodies['changeSnapshot']],
      revertSnapshot: ['ä/b', 'a b', bodies['revertSnapshot']],
      deleteSnapshot: ['ä/b', 'a b'],
      addDisk: ['ä/b', bodies['addDisk']],
      removeDisk: ['ä/b', '1', bodies['removeDisk']],
      growDisk: ['ä/b', '1', bodies['growDisk']],
      checkDisk: ['ä/b', '1', { repair: false }],
      trimDisks: ['ä/b', bodies['trimDisks']],
      convertDisk: ['ä/b', '1', bodies['convertDisk']],
      exportDisk: ['ä/b', '1', bodies['exportDisk']],
      limitDisk: ['ä/b', '1', bodies['limitDisk']],
      listBackups: ['ä/b', {}],
      deleteBackup: ['ä/b', ':backup', {}],
      listBackupFolder: ['/b'],
      makeBackup: ['ä/b', bodies['makeBackup']],
      verifyBackups: ['ä/b', {}],
      restoreBackup: [bodies['restoreBackup']],
      catalog: [{}],
      fetchMedium: [bodies['fetchMedium']],
      checkCatalog: [{}],
      listFiles: [{}],
      identifyImage: ['/a.iso'],
      guestProfile: [{ guest: 'win11', install: 'by-hand' }],
      downloadImage: [bodies['downloadImage']],
      changeDefinition: ['ä/b', bodies['changeDefinition']],
      insertMedium: ['ä/b', 2, '/a.iso'],
      ejectMedium: ['ä/b', 2],
      pressKeys: ['ä/b', ['a']],
      typeText: ['ä/b', 'a'],
      machineEvents: ['ä/b', { limit: 100 }],
      cloneMachine: ['ä/b', bodies['cloneMachine']],
      setBinKeep: [bodies['setBinKeep']],
      setOsSettings: [bodies['setOsSettings']],
      factoryReset: [{ hostName: 'a', stopRunning: false }],
      connectWifi: [{ ssid: '61', passphrase: 'p', hidden: false }],
      setAddresses: ['ä/b', bodies['setAddresses']],
      makeBridge: [bodies['makeBridge']],
      emptyBin: [bodies['emptyBin']],
      osCheck: [bodies['osCheck']],
      osUpdate: [{}],
      osPower: [bodies['osPower']],
      setChannel: [bodies['setChannel']],
      saveGuests: [{ patienceSeconds: 120 }],
      setFavourite: [bodies['setFavourite']],
      showOnScreen: [bodies['showOnScreen']],
      osInstall: [
        {
          ...(bodies['osInstall'] as object),
          keyboard: 'us',
          timezone: 'UTC',
          locale: 'C.UTF-8',
          afterwards: 'nothing',
        },
      ],
      machineLoad: ['ä/b', { seconds: 3600, points: 300 }],
    } as Record<string, unknown[]>;
    // What the engine gives back as a bare value, or not at all, becomes an object on its way.
    const replies: Record<string, unknown> = {
      deleteImage: {},
      pressKeys: {},
      typeText: { typed: { from: 'typeText' } },
    };
    for (const id of names) {
      const { method, path } = routes[id as keyof typeof routes] as Route;
      const address =
        apiPrefix +
        path
          .replace(/:ref|:id|:name/, encodeURIComponent('ä/b'))
          .replace(':drive', '2')
          .replace(':disk', '1')
          .replace(':snapshot', 'a%20b');
      const body = bodies[id];
      const query =
        { listBackupFolder: '?folder=%2Fb', identifyImage: '?file=%2Fa.iso', guestProfile: '?guest=win11' }[
          id
        ] ?? '';
      const answer = await server.local(address + query, { method, ...(body !== undefined && { body }) });
      expect([answer.status, answer.json]).toEqual([200, replies[id] ?? { from: id }]);
      expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
      expect(calls.pop()).toEqual([id, ...(expected[id] ?? (path.includes(':') ? ['ä/b'] : []))]);
    }
    expect(names.length).toBe(Object.keys(operations).length - ours.size);
  });

  test('the service is asked to end after it answered', async () => {
    await using server = await serve();
    const answer = await server.local(`${apiPrefix}/service/stop`, { method: 'POST' });
    expect(answer.json).toEqual({});
    await until(() => server.stops === 1);
  });

  test('a screenshot is a picture', async () => {
    const png = new Uint8Array(new TextEncoder().encode('xxPNGxx').buffer, 2, 3);
    await using server = await serve({ screenshot: async () => png });
    const answer = await server.local(`${machines}/tiny/screenshot`);
    expect(answer.text).toBe('PNG');
    expect(answer.headers).toMatchObject({ 'content-type': 'image/png', 'cache-control': 'no-store' });
  });

  test('the description of the API is served', async () => {
    await using server = await serve();
    const answer = await server.local(`${apiPrefix}/openapi.json`);
    expect(answer.json.openapi).toBe('3.1.0');
  });
});

describe('what is wrong with a request is said', () => {
  const post = { method: 'POST' };
  const cases: [what: string, path: string, question: Question, reason: string][] = [
    [
      'missing key',
      machines,
      { ...post, body: {} },
      'body.name: found nothing; allowed: a text of at most 1000 characters',
    ],
    [
      'no body at all',
      machines,
      post,
      'body.name: found nothing; allowed: a text of at most 1000 characters',
    ],
    [
      'unknown key',
      machines,
      { ...post, body: { name: 'a', nmae: 'b' } },
      'body.nmae: found an unknown key; allowed: only name, from, media, diskSize, unattended, encrypt, medium, definition',
    ],
    [
      'wrong type',
      machines,
      { ...post, body: { name: 5 } },
      'body.name: found 5; allowed: a text of at most 1000 characters',
    ],
    [
      'too long',
      machines,
      { ...post, body: { name: 'x'.repeat(1001) } },
      `body.name: found "${'x'.repeat(76)}...; allowed: a text of at most 1000 characters`,
    ],
    [
      'not a group',
      machines,
      { ...post, body: { name: 'a', definition: [] } },
      'body.definition: found []; allowed: a group of keys',
    ],
    ['body is a list', machines, { ...post, body: [] }, 'body: found []; allowed: a group of keys'],
    ['body is a text', machines, { ...post, body: '"x"' }, 'body: found "x"; allowed: a group of keys'],
    [
      'unknown key beside defaults',
      `${machines}/a/definition`,
      { method: 'PUT', body: { yaml: '', revision: '', x: 1 } },
      'body.x: found an unknown key; allowed: only yaml, revision',
    ],
    [
      'number as text in a body',
      `${machines}/a/stop`,
      { ...post, body: { timeoutSeconds: '5' } },
      'body.timeoutSeconds: found "5"; allowed: a whole number from 1 to 3600',
    ],
    [
      'text as truth in a body',
      `${machines}/a/stop`,
      { ...post, body: { force: 'true' } },
      'body.force: found "true"; allowed: true or false',
    ],
    [
      'two mistakes',
      `${machines}/a/stop`,
      { ...post, body: { force: 1, timeoutSeconds: 0 } },
      'body.force: found 1; allowed: true or false. body.timeoutSeconds: found 0; allowed: a whole number from 1 to 3600',
    ],
    [
      'body where none is due',
      `${machines}/a/pause`,
      { ...post, body: { force: true } },
      'its body must be empty',
    ],
    ['query where none is due', `${machines}?all=1`, {}, 'its query must be empty'],
    [
      'query out of range',
      `${machines}/a/logs?lines=0`,
      {},
      'query.lines: found 0; allowed: a whole number from 1 to 10000',
    ],
    [
      'query not a number',
      `${machines}/a/logs?lines=1e3`,
      {},
      'query.lines: found "1e3"; allowed: a whole number from 1 to 10000',
    ],
    [
      'query twice',
      `${machines}/a/logs?lines=1&lines=2`,
      {},
      'query.lines: found ["1","2"]; allowed: a whole number from 1 to 10000',
    ],
    [
      'unknown query',
      `${machines}/a/logs?line=1`,
      {},
      'query.line: found an unknown key; allowed: only source, lines',
    ],
    [
      'way out of the folder',
      `${machines}/a/logs?source=..%2Fx`,
      {},
      'query.source: found "../x"; allowed: a text (serial, vmm, or the name of a helper (swtpm, passt-0)) of the form ^[a-z0-9-]{1,40}$',
    ],
    [
      'too long a name',
      `${machines}/${'x'.repeat(201)}`,
      {},
      `path.ref: found "${'x'.repeat(76)}...; allowed: a text (A machine's name or id) of at most 200 characters`,
    ],
    [
      'no name',
      `${machines}/`,
      {},
      `path.ref: found ""; allowed: a text (A machine's name or id) of at most 200 characters`,
    ],
    [
      'half a character',
      `${machines}/%ff`,
      {},
      'a "%" in its address does not begin the code of a character',
    ],
    ['lonely percent', `${machines}/100%`, {}, 'a "%" in its address does not begin the code of a character'],
    ['broken JSON', machines, { ...post, body: '{"name":' }, 'its body is not valid JSON'],
    ['empty JSON', machines, { ...post, body: '' }, 'it announces JSON, but its body is empty'],
    [
      'form',
      machines,
      { ...post, body: 'name=a', headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      'its body must be sent as application/json',
    ],
    [
      'plain text',
      machines,
      { ...post, body: '{"name":"a"}', headers: { 'content-type': 'text/plain' } },
      'its body must be sent as application/json',
    ],
    [
      'too large',
      machines,
      { ...post, body: JSON.stringify({ name: 'x'.repeat(2 ** 20) }) },
      'its body is larger than 1 MiB',
    ],
    [
      'poisoned prototype',
      machines,
      { ...post, body: '{"name":"a","__proto__":{"from":"x"}}' },
      'its body is not valid JSON',
    ],
    [
      'no event id',
      `${apiPrefix}/events`,
      { headers: { 'last-event-id': 'x' } },
      'its Last-Event-ID is not the id of an event',
    ],
    [
      'no event id in the query',
      `${apiPrefix}/events?lastEventId=x`,
      {},
      'query.lastEventId: found "x"; allowed: a whole number from 0 to 9007199254740991',
    ],
  ];
  test.each(cases)('%s', async (_, path, question, reason) => {
    await using server = await serve();
    const answer = await server.local(path, question);
    expect(answer.json).toEqual(new PhyllomeError('bad-request', { reason }).report());
    expect(answer.status).toBe(400);
    expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
  });

  test.each([
    ['GET', '/nothing', '/nothing'],
    ['GET', `${apiPrefix}/nothing?secret`, `${apiPrefix}/nothing`],
    ['PATCH', machines, machines],
    ['DELETE', machines, machines],
    ['PROPFIND', machines, machines],
    ['GET', `${machines}/a/start`, `${machines}/a/start`],
    ['GET', `${machines}/a/b/c`, `${machines}/a/b/c`],
  ])('%s %s: nothing there', async (method, path, shown) => {
    await using server = await serve();
    const answer = await server.local(path, { method });
    expect(answer.json).toEqual(new PhyllomeError('not-found', { path: `${method} ${shown}` }).report());
    expect(answer.status).toBe(404);
  });

  test('what is not HTTP', async () => {
    await using server = await serve();
    const talk = async (words: string): Promise<string> => {
      const socket = connect(server.socketPath);
      socket.write(words);
      return text(socket);
    };
    expect(await talk('RFB 003.008\n\r\n\r\n')).toMatch(
      /^HTTP\/1\.1 400 Bad Request\r\n[\s\S]*"code":"bad-request"/,
    );
    const long = await talk(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`);
    expect(long).toContain('its headers are larger than 16 KiB');
  });
});

describe('what goes wrong behind it', () => {
  test('every error of the catalogue arrives as it is', async () => {
    let thrown: unknown;
    const showMachine = () => {
      throw thrown;
    };
    await using server = await serve({ showMachine });
    for (const code of Object.keys(errorCatalogue) as (keyof typeof errorCatalogue)[]) {
      thrown = new PhyllomeError(code, { name: 'tiny', reason: 'so', list: ['a'] });
      const answer = await server.local(`${machines}/tiny`);
      expect(answer.status).toBe(errorCatalogue[code].status);
      expect(answer.json).toEqual((thrown as PhyllomeError).report());
    }
  });

  test.each([
    ['an exception', new TypeError('x is not a function')],
    [
      'an exception with a status of its own',
      Object.assign(new Error('x is not a function'), { statusCode: 503 }),
    ],
    ['a text', 'x is not a function'],
  ])('%s is a defect of ours, and the log says where', async (_, thrown) => {
    await using server = await serve({
      listTasks() {
        throw thrown;
      },
    });
    const answer = await server.local(`${apiPrefix}/tasks`);
    expect(answer.json).toEqual(
      new PhyllomeError('internal-error', { reason: 'x is not a function' }).report(),
    );
    expect(answer.status).toBe(500);
    const line = JSON.parse(
      server
        .log()
        .split('\n')
        .find((entry) => entry.includes('"level":50')) ?? '{}',
    );
    expect(line).toMatchObject({
      method: 'GET',
      path: `${apiPrefix}/tasks`,
      err: { code: 'internal-error' },
    });
    if (thrown instanceof Error) expect(line.err.stack).toContain('app.test.ts');
    expect(answer.text).not.toContain('app.test.ts');
  });

  test('a task is passed on', async () => {
    await using server = await serve({ abortTask: async () => someTask });
    expect((await server.local(`${apiPrefix}/tasks/task-1`, { method: 'DELETE' })).json).toEqual(someTask);
  });
});
