// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { findBinary } from './binaries.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'phyllome-test-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

async function addFile(path: string, mode: number): Promise<void> {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), '');
  await chmod(join(root, path), mode);
}

test('PATH comes first, the usual places after it', async () => {
  vi.stubEnv('PATH', '/opt/mine/bin:/usr/bin');
  await addFile('usr/libexec/virtiofsd', 0o755);
  expect(findBinary('virtiofsd', root)).toBe(join(root, 'usr/libexec/virtiofsd'));
  await addFile('opt/mine/bin/virtiofsd', 0o755);
  expect(findBinary('virtiofsd', root)).toBe(join(root, 'opt/mine/bin/virtiofsd'));
});

test('a folder or a file that cannot be executed is no program', async () => {
  await mkdir(join(root, 'usr/bin/qemu-img'), { recursive: true });
  await addFile('usr/bin/swtpm', 0o644);
  expect(findBinary('qemu-img', root)).toBeNull();
  expect(findBinary('swtpm', root)).toBeNull();
});

test('relative parts of PATH are no places to run programs from', async () => {
  vi.stubEnv('PATH', ':.:evil');
  await addFile('qemu-img', 0o755);
  await addFile('evil/qemu-img', 0o755);
  expect(findBinary('qemu-img', root)).toBeNull();
});
