// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { hostArchitecture } from '../../host/architecture.ts';
import { askBinary } from './answers.ts';
import { probe } from './probe.ts';
import { fakePc, type FakePc } from './testing.ts';

const directoriesOf = ({ directory }: FakePc) => ({
  cacheDirectory: join(directory, 'cache'),
  runtimeDirectory: directory,
  vmmDirectory: () => directory,
});

async function script(file: string, body: string): Promise<void> {
  await writeFile(file, `#!/bin/sh\n${body}\n`);
  await chmod(file, 0o755);
}

test('what it says about itself', async () => {
  await using pc = await fakePc();
  const { version, options, commands } = await askBinary(pc.binary);
  expect(version).toBe('0.1.0-fake');
  expect(options).toEqual(
    expect.arrayContaining(['--block', '--pivot-root', '--suspended-vcpus', '--vhost-user']),
  );
  expect(options).not.toContain('--gpu');
  expect(commands).toEqual(expect.arrayContaining(['create_qcow2', 'powerbtn', 'stop']));
});

test('the help of a real crosvm, as argh writes it', async () => {
  await using pc = await fakePc();
  const run = [
    'Usage: crosvm run <options> KERNEL',
    '',
    'Options:',
    '  -b, --block       parameters for setting up a block device.',
    '                    Valid keys:',
    '                        path=PATH - Path to the disk image, see --disk',
    '  --pivot-root      path to empty directory to use for sandbox pivot root',
  ].join('\n');
  await script(
    pc.binary,
    `case "$1" in version) echo crosvm 1;; run) cat <<'E'\n${run}\nE\n;; *) echo;; esac`,
  );
  await expect(askBinary(pc.binary)).rejects.toMatchObject({
    code: 'vmm-too-old',
    // Neither what only a text names, nor what it has.
    message: expect.not.stringMatching(/--block|--pivot-root/),
  });
});

test.for<[string, string, string, RegExp]>([
  ['that is something else', 'echo "QEMU 7.2"', 'vmm-probe-failed', /does not say which version/],
  [
    'that fails',
    'echo "error while loading shared libraries" >&2; exit 127',
    'vmm-probe-failed',
    /shared libraries/,
  ],
  ['that lacks what we need', 'echo "crosvm 0.1.0"', 'vmm-too-old', /--block.*suspend/],
])('a program %s', async ([, body, code, message]) => {
  await using pc = await fakePc();
  await script(pc.binary, body);
  await expect(askBinary(pc.binary)).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test('another build is asked anew, the same one is not', async () => {
  await using pc = await fakePc();
  const directories = directoriesOf(pc);
  const architecture = hostArchitecture() ?? 'x86_64';
  const first = await probe(architecture, directories);
  expect(first).toMatchObject({ vmm: 'crosvm', binary: pc.binary, version: '0.1.0-fake' });
  expect((await probe(architecture, directories)).answers).toEqual(first.answers);
  await script(`${pc.binary}.new`, 'echo "crosvm 0.2.0"');
  await rename(`${pc.binary}.new`, pc.binary);
  await expect(probe(architecture, directories)).rejects.toMatchObject({ code: 'vmm-too-old' });
});

test('guests of another architecture need KVM of that architecture', async () => {
  await using pc = await fakePc();
  const { kvm } = await probe('riscv64', directoriesOf(pc));
  expect(kvm).toMatchObject({ usable: false, explanation: expect.stringContaining('riscv64') });
});

test('where there is none', async () => {
  await using pc = await fakePc();
  const empty = join(pc.directory, 'empty');
  await mkdir(empty);
  await expect(probe('x86_64', { ...directoriesOf(pc), vmmDirectory: () => empty })).rejects.toMatchObject({
    code: 'vmm-not-found',
    message: expect.stringContaining(empty),
  });
});
