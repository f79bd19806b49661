// SPDX-License-Identifier: Apache-2.0
//
// Micro machines as their users run them: the command line, a real service, a real guest under whatever accelerator there is.
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer, text } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { someTar, writeLayout } from '../../src/catalog/micro/testing.ts';
import { busyboxPaths, findStaticBusybox } from '../../src/catalog/tiny/busybox.ts';
import { hostArchitecture } from '../../src/host/architecture.ts';
import { startService, type TestService } from '../support/service.ts';

const main = join(import.meta.dirname, '../../src/cli/main.ts');
const applets = ['sh', 'cat', 'id', 'env', 'ls', 'stat', 'sleep', 'echo', 'true', 'tty', 'od'];
let service: TestService;
let images = '';
let busybox = '';

beforeAll(async () => {
  service = await startService();
  images = await mkdtemp(join(tmpdir(), 'images-'));
  const found = await findStaticBusybox(busyboxPaths, hostArchitecture() ?? 'x86_64');
  if (found === null) throw new Error('the package busybox-static is needed');
  busybox = found;
  await makeFolder(join(images, 'folder'));
  // Made by the tar of this PC, which knows the owners only by what it is told.
  await promisify(execFile)('tar', [
    '-C',
    join(images, 'folder'),
    '--owner=4711',
    '--group=815',
    '-czf',
    join(images, 'root.tar.gz'),
    '.',
  ]);
  await makeImage(join(images, 'layout'));
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(images, { recursive: true, force: true });
});

async function makeFolder(folder: string): Promise<void> {
  await mkdir(join(folder, 'bin'), { recursive: true });
  await mkdir(join(folder, 'etc'));
  await copyFile(busybox, join(folder, 'bin/busybox'));
  await chmod(join(folder, 'bin/busybox'), 0o755);
  for (const name of applets) await symlink('busybox', join(folder, 'bin', name));
  await writeFile(
    join(folder, 'etc/passwd'),
    'root:x:0:0::/root:/bin/sh\nann:x:1000:1001::/home/ann:/bin/sh\n',
  );
}

async function makeImage(folder: string): Promise<void> {
  const lower = someTar([
    { path: 'bin/busybox', content: await readFile(busybox), mode: 0o755 },
    ...applets.map((name) => ({ path: `bin/${name}`, type: 'link' as const, target: 'busybox' })),
    { path: 'etc/passwd', content: 'ann:x:1000:1001::/home/ann:/bin/sh\n' },
    { path: 'etc/gone', content: 'x' },
    { path: 'etc/kept', content: 'lower', uid: 1000, gid: 7 },
  ]);
  const upper = someTar([
    { path: 'etc/.wh.gone' },
    { path: 'etc/new', content: 'upper' },
    { path: 'var/work', type: 'directory', uid: 1000 },
    { path: 'run', type: 'link', target: '/var/work' },
  ]);
  await writeLayout(folder, {
    layers: [gzipSync(lower), upper],
    architecture: hostArchitecture() === 'aarch64' ? 'arm64' : 'amd64',
    config: {
      Entrypoint: [
        'sh',
        '-c',
        'echo "$0" "$@"; id -u; id -g; pwd; echo "$GREETING $HOME"; ls /etc; stat -c %u:%g /etc/kept',
      ],
      Cmd: ['default words'],
      Env: ['GREETING=good day'],
      // Through a link that only makes sense in the image.
      WorkingDir: '/run',
      User: 'ann',
    },
    // What the layers are when unpacked; the first is packed.
    spoil: ({ config }) => (config.rootfs.diff_ids = []),
  });
}

const micro = (image: string, ...words: string[]) =>
  spawn(process.execPath, [main, 'run', '--micro', join(images, image), ...words], {
    env: service.env,
    stdio: ['pipe', 'pipe', 'pipe'],
  });

async function run(image: string, words: string[], input: Buffer | string = '') {
  const child = micro(image, ...words);
  child.stdin.on('error', () => undefined).end(input);
  const [stdout, stderr, [code]] = await Promise.all([
    buffer(child.stdout),
    text(child.stderr),
    once(child, 'exit'),
  ]);
  return { code: code as number, stdout, out: stdout.toString(), stderr };
}

async function expectNothingLeft(): Promise<void> {
  expect(await service.client.call('listMachines')).toEqual([]);
  expect(await service.client.call('listBin')).toEqual([]);
  await expect.poll(() => service.processes(), { timeout: 10_000 }).toEqual([]);
  const { machines, bin, logs, runtime } = service.paths;
  for (const folder of [machines, bin, logs])
    expect(existsSync(folder) ? await readdir(folder) : []).toEqual([]);
  expect((await readdir(runtime)).filter((name) => /^[0-9a-f]{8}$/.test(name))).toEqual([]);
}
afterEach(expectNothingLeft);

describe('a folder', () => {
  test('input, words, variables and exit code arrive as they are', async () => {
    const script = 'cat; for word; do echo "[$word]"; done; echo "$V"; echo oops >&2; exit 7';
    const words = ['-e', 'V=a  b', '--', 'sh', '-c', script, 'sh', 'one  two', '', '$(x) "\'\n*', 'ü'];
    const { code, out, stderr } = await run('folder', words, 'typed\n');
    expect({ code, out, stderr }).toEqual({
      code: 7,
      out: 'typed\n[one  two]\n[]\n[$(x) "\'\n*]\n[ü]\na  b\noops\n',
      stderr: '',
    });
  });

  test('every byte passes both ways', async () => {
    const bytes = Buffer.from(
      Array.from({ length: 100_000 }, (_, index) => (index * 7 + (index >> 8)) % 256),
    );
    const { code, stdout } = await run('folder', ['--', 'cat'], bytes);
    expect(code).toBe(0);
    expect(stdout.equals(bytes)).toBe(true);
  });

  test('what the command leaves running does not hold it up, and its input need not be read', async () => {
    const { code, out } = await run(
      'folder',
      ['--', 'sh', '-c', 'sleep 1000 & echo done'],
      Buffer.alloc(200_000),
    );
    expect({ code, out }).toEqual({ code: 0, out: 'done\n' });
  });

  test.each([
    [127, ['nosuch'], /nosuch/],
    [137, ['sh', '-c', 'kill -9 $$'], /^/],
  ])('%i for %j', async (expected, words, says) => {
    const { code, out } = await run('folder', ['--', ...words]);
    expect(code).toBe(expected);
    expect(out).toMatch(says);
  });

  test('Ctrl-C reaches the command, which may end in order', async () => {
    const child = micro(
      'folder',
      '--',
      'sh',
      '-c',
      'trap "echo caught; exit 3" INT; echo up; sleep 100 & wait',
    );
    let out = '';
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      out += piece;
      if (out === 'up\n') child.kill('SIGINT');
    });
    const [code] = await once(child, 'exit');
    expect({ code, out }).toEqual({ code: 3, out: 'up\ncaught\n' });
  });

  test('SIGTERM ends the machine', async () => {
    const child = micro('folder', '--', 'sh', '-c', 'echo up; sleep 1000');
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect((await once(child, 'exit'))[0]).toBe(143);
  });
});

test('a tar archive keeps its owners', async () => {
  const { code, out } = await run('root.tar.gz', [
    '--',
    'stat',
    '-c',
    '%u:%g %n',
    '/bin/busybox',
    '/etc/passwd',
  ]);
  expect({ code, out }).toEqual({ code: 0, out: '4711:815 /bin/busybox\n4711:815 /etc/passwd\n' });
});

test('an OCI image of two layers runs what it says, as who it says, where it says', async () => {
  const { code, out } = await run('layout', []);
  const expected = [
    'default words',
    '1000',
    '1001',
    '/var/work',
    'good day /home/ann',
    'kept',
    'new',
    'passwd',
    '1000:7',
  ];
  expect({ code, out }).toEqual({ code: 0, out: `${expected.join('\n')}\n` });
});

test('kill -9 of the service in the middle: its next start leaves nothing', async () => {
  const child = micro('folder', '--', 'sh', '-c', 'echo up; sleep 1000');
  const exit = once(child, 'exit');
  await once(child.stdout, 'data');
  await service.kill();
  await service.restart();
  await expect.poll(() => service.client.call('listMachines'), { timeout: 20_000 }).toEqual([]);
  expect((await exit)[0]).toBe(125);
});

test('kill -9 of the command line: the machine ends with its command', async () => {
  const child = micro('folder', '--', 'sh', '-c', 'echo up; sleep 2');
  await once(child.stdout, 'data');
  child.kill('SIGKILL');
  await expect.poll(() => service.client.call('listMachines'), { timeout: 60_000 }).toEqual([]);
});
