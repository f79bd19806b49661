// SPDX-License-Identifier: Apache-2.0
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createHome, fakeService, type Home } from '../testing.ts';
import { ensureService, isRunning, serviceEnv } from './start.ts';

/** A program in place of the service. It lives until its socket is removed. */
async function program({ root, paths }: Home, text: string): Promise<string> {
  const file = join(root, 'service.mjs');
  const listen = `const listen = () => net.createServer().listen(${JSON.stringify(paths.serviceSocket)});
    fs.watch(${JSON.stringify(paths.runtime)}, () => fs.existsSync(${JSON.stringify(paths.serviceSocket)}) || process.exit());`;
  await writeFile(file, `import fs from 'node:fs'; import net from 'node:net'; ${listen}\n${text}\n`);
  return file;
}

test('starts the service and waits until it answers', async () => {
  await using home = await createHome();
  const service = await program(home, 'console.log(process.argv.slice(2).join(), process.cwd()); listen();');
  expect(await isRunning(home.paths)).toBe(false);
  expect(await ensureService(home.paths, home.env, ['--port', '80'], service)).toBe(true);
  expect(await isRunning(home.paths)).toBe(true);
  expect(await readFile(home.paths.serviceLog, 'utf8')).toBe('--port,80 /\n');
  expect(await ensureService(home.paths, home.env, [], service)).toBe(false);
  await rm(home.paths.serviceSocket);
});

test('of two at once both get the one service', async () => {
  await using home = await createHome();
  // The lock of the service: whoever makes the folder first.
  const service = await program(
    home,
    `try { fs.mkdirSync(${JSON.stringify(join(home.root, 'lock'))}); listen(); } catch { process.exit(3); }`,
  );
  const start = () => ensureService(home.paths, home.env, [], service);
  expect(await Promise.all([start(), start(), start()])).toEqual([true, true, true]);
  await rm(home.paths.serviceSocket);
});

test('says why it ended, from the lines of this start', async () => {
  await using home = await createHome();
  const service = await program(
    home,
    `console.error('{"level":60}\\nThe address 127.0.0.1:7411 is taken.\\nChoose another.'); process.exit(1);`,
  );
  for (const _ of ['once', 'and again: the first words must not be shown twice']) {
    await expect(ensureService(home.paths, home.env, [], service)).rejects.toMatchObject({
      code: 'service-start-failed',
      facts: { reason: 'The address 127.0.0.1:7411 is taken.\nChoose another.', log: home.paths.serviceLog },
    });
  }
});

test('says how it ended when it said nothing itself', async () => {
  await using home = await createHome();
  const service = await program(home, 'process.kill(process.pid, "SIGKILL");');
  await expect(ensureService(home.paths, home.env, [], service)).rejects.toMatchObject({
    facts: { reason: 'it ended with SIGKILL.' },
  });
});

test('where systemd starts the service, it is waited for and none is started', async () => {
  await using home = await createHome();
  const service = await program(home, 'fs.writeFileSync(process.argv[2], ""); listen();');
  const ours = join(home.root, 'started');
  const waiting = ensureService(home.paths, { ...home.env, PHYLLOME_SERVICE: 'systemd' }, [ours], service);
  const { createServer } = await import('node:net');
  const theirs = createServer().listen(home.paths.serviceSocket);
  expect(await waiting).toBe(false);
  await expect(readFile(ours)).rejects.toMatchObject({ code: 'ENOENT' });
  theirs.close();
});

test('a service that runs is left alone', async () => {
  await using service = await fakeService();
  expect(await ensureService(service.paths, service.env, [], '/nonexistent')).toBe(false);
});

test('the service gets what it works with, and no secrets of the session', () => {
  const env = {
    HOME: '/h',
    PATH: '/bin',
    XDG_DATA_HOME: '/d',
    XDG_RUNTIME_DIR: '/r',
    LC_ALL: 'C',
    https_proxy: 'p',
    HTTPS_PROXY: 'p',
    SSH_AUTH_SOCK: 's',
    AWS_SECRET_ACCESS_KEY: 'k',
    NODE_OPTIONS: '--inspect',
    TERM: 'xterm',
    XDG_SESSION_ID: '1',
  };
  expect(Object.keys(serviceEnv(env))).toEqual([
    'HOME',
    'PATH',
    'XDG_DATA_HOME',
    'XDG_RUNTIME_DIR',
    'LC_ALL',
    'https_proxy',
    'HTTPS_PROXY',
  ]);
});
