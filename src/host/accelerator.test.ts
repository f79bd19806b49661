// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { accelerator, probeAccelerator, type ProbeOptions } from './accelerator.ts';

// A PC whose /dev/kvm opens, and a VMM that writes down that it ran.
let directory = '';
let options: ProbeOptions & { cacheDirectory: string };
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
  const root = join(directory, 'root');
  await mkdir(join(root, 'proc/sys/kernel/random'), { recursive: true });
  await mkdir(join(root, 'dev'));
  await writeFile(join(root, 'dev/kvm'), '');
  await boot('eb53c8ff-dba7-4dc8-b9a8-c4dd2d3f6ae9');
  await writeFile(join(root, 'proc/sys/kernel/osrelease'), '6.1.0\n');
  options = {
    binary: join(directory, 'qemu'),
    architecture: 'x86_64',
    host: 'x86_64',
    root,
    cacheDirectory: join(directory, 'cache'),
  };
  await installVmm('printf 123456789; exit 85');
});
afterEach(() => rm(directory, { recursive: true }));

const boot = (id: string) => writeFile(join(directory, 'root/proc/sys/kernel/random/boot_id'), `${id}\n`);
const runs = async (): Promise<number> =>
  (await readFile(join(directory, 'runs'), 'utf8').catch(() => '')).length;
async function installVmm(script: string): Promise<void> {
  await writeFile(options.binary, `#!/bin/sh\nprintf x >> '${directory}/runs'\n${script}\n`);
  await chmod(options.binary, 0o755);
}

describe('what a look decides', () => {
  test('a guest for another processor needs TCG, and no trial', async () => {
    const verdict = await probeAccelerator({ ...options, architecture: 'aarch64' });
    expect(verdict).toMatchObject({
      accelerator: 'tcg',
      reason: 'foreign-architecture',
      architecture: 'aarch64',
    });
    expect(await runs()).toBe(0);
  });

  test('a missing /dev/kvm is not remembered: it may be there a moment later', async () => {
    await rm(join(directory, 'root/dev/kvm'));
    expect(await accelerator(options)).toMatchObject({ accelerator: 'tcg', reason: 'kvm-absent' });
    expect(await runs()).toBe(0);
    await writeFile(join(directory, 'root/dev/kvm'), '');
    expect(await accelerator(options)).toMatchObject({ accelerator: 'kvm' });
  });

  test('an architecture without a test guest gets no benefit of the doubt', async () => {
    const verdict = await probeAccelerator({ ...options, architecture: 'riscv64', host: 'riscv64' });
    expect(verdict).toMatchObject({ accelerator: 'tcg', reason: 'kvm-unproven' });
  });
});

describe('the memory for verdicts', () => {
  test('one trial serves all who ask, at once and later', async () => {
    const [first, second] = await Promise.all([accelerator(options), accelerator(options)]);
    expect(first).toMatchObject({ accelerator: 'kvm', reason: 'kvm-works' });
    expect(second).toEqual(first);
    expect(await accelerator(options)).toEqual(first);
    expect(await runs()).toBe(1);
  });

  test('another boot, another kernel and another VMM are tried again', async () => {
    await accelerator(options);
    await boot('11111111-dba7-4dc8-b9a8-c4dd2d3f6ae9');
    await accelerator(options);
    expect(await runs()).toBe(2);
    await writeFile(join(directory, 'root/proc/sys/kernel/osrelease'), '6.12.0\n');
    await accelerator(options);
    expect(await runs()).toBe(3);
    await installVmm('printf 123456789; printf ""; exit 85');
    await accelerator(options);
    expect(await runs()).toBe(4);
  });

  test('is a file of our own only, and leaves no other behind', async () => {
    await accelerator(options);
    expect(await readdir(options.cacheDirectory)).toEqual(['accelerator-x86_64.json']);
    const { mode } = await stat(join(options.cacheDirectory, 'accelerator-x86_64.json'));
    expect(mode & 0o777).toBe(0o600);
  });

  test.each([
    ['not JSON', 'kvm-works {'],
    ['not an object', '"kvm"'],
    ['without a verdict', '{"key":"x"}'],
    ['of another shape', '{"key":"x","verdict":{"accelerator":"kvm"}}'],
  ])('a damaged file is found out anew: %s', async (_, content) => {
    await mkdir(options.cacheDirectory);
    await writeFile(join(options.cacheDirectory, 'accelerator-x86_64.json'), content);
    expect(await accelerator(options)).toMatchObject({ accelerator: 'kvm' });
    expect(await runs()).toBe(1);
  });

  test('a file is believed by a process that did no trial itself', async () => {
    await accelerator(options);
    const file = join(options.cacheDirectory, 'accelerator-x86_64.json');
    const elsewhere = { ...options, cacheDirectory: join(directory, 'elsewhere') };
    await mkdir(elsewhere.cacheDirectory);
    await writeFile(join(elsewhere.cacheDirectory, 'accelerator-x86_64.json'), await readFile(file));
    expect(await accelerator(elsewhere)).toMatchObject({ accelerator: 'kvm' });
    expect(await runs()).toBe(1);
  });

  test('what may pass is not kept: another hypervisor in the way', async () => {
    await installVmm('echo "ioctl(KVM_CREATE_VM) failed: 16 Device or resource busy" >&2; exit 1');
    expect(await accelerator(options)).toMatchObject({ accelerator: 'tcg', reason: 'kvm-start-failed' });
    await installVmm('printf 123456789; exit 85');
    expect(await accelerator(options)).toMatchObject({ accelerator: 'kvm' });
    expect(await runs()).toBe(2);
  });

  test('a cache that cannot be written costs nothing but time', async () => {
    await writeFile(options.cacheDirectory, 'a file where the folder should be');
    expect(await accelerator(options)).toMatchObject({ accelerator: 'kvm' });
    expect(await accelerator(options)).toMatchObject({ accelerator: 'kvm' });
    expect(await runs()).toBe(1);
  });
});
