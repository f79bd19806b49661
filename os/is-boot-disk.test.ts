// SPDX-License-Identifier: Apache-2.0
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const script = join(import.meta.dirname, 'mkosi.images/initrd/mkosi.extra/usr/lib/phyllome-os/is-boot-disk');

/** A disk with one partition (MBR), whose identifier is `id` and -01; a variable as systemd-boot sets it. */
async function set({ id = 0x1234abcd, variable }: { id?: number; variable?: string }) {
  const root = await mkdtemp(join(tmpdir(), 'ph-boot-disk-'));
  const disk = join(root, 'disk.raw');
  const bytes = Buffer.alloc(2 ** 20);
  bytes.writeUInt32LE(id, 440);
  // Linux, from sector 8, 1000 sectors.
  bytes.writeUInt8(0x83, 450);
  bytes.writeUInt32LE(8, 454);
  bytes.writeUInt32LE(1000, 458);
  bytes.writeUInt16LE(0xaa55, 510);
  await writeFile(disk, bytes);
  const variables = join(root, 'sys/firmware/efi/efivars');
  await mkdir(variables, { recursive: true });
  if (variable !== undefined) {
    const text = Buffer.concat([Buffer.from([6, 0, 0, 0]), Buffer.from(`${variable}\0`, 'utf16le')]);
    await writeFile(join(variables, 'LoaderDevicePartUUID-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f'), text);
  }
  return promisify(execFile)('sh', [script, disk, root]).then(
    () => true,
    () => false,
  );
}

test('the disk of the boot loader is told from its copies', async () => {
  expect(await set({ variable: '1234ABCD-01' })).toBe(true);
  expect(await set({ variable: '1234ABCD-01', id: 0x1234abce })).toBe(false);
  expect(await set({ variable: '234ABCD-01' })).toBe(false);
});

test('where nobody says which disk that is, each will do', async () => {
  expect(await set({})).toBe(true);
});
