// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { askBinary, takesBzImage } from './answers.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph-fc-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A program that answers like Firecracker, its log line included. */
async function program(about: string, help = '  --enable-pci   Enables PCIe support.', exit = 0) {
  const file = join(folder, 'firecracker');
  const log = '2026-11-25T14:12:36 [anonymous-instance:main] Firecracker exiting successfully. exit_code=0';
  const text = `#!/bin/sh\ncase $1 in\n--version) echo '${about}' ;;\n--help) echo '${about}'; echo; echo '${help}' ;;\nesac\necho '${log}'\nexit ${exit}\n`;
  await writeFile(file, text);
  await chmod(file, 0o755);
  return file;
}

test('it is asked for its version and its options', async () => {
  const help =
    'optional arguments:\n  --api-sock <api-sock>  Path [default: "--x"]\n  --enable-pci           Enables';
  expect(await askBinary(await program('Firecracker v1.16.1', help))).toEqual({
    version: '1.16.1',
    options: ['--api-sock', '--enable-pci'],
  });
  expect((await askBinary(await program('Firecracker v1.17.0-dev'))).version).toBe('1.17.0');
});

test.for<[string, string, string, number, string]>([
  ['too old', 'Firecracker v1.12.1', '  --enable-pci', 0, 'vmm-too-old'],
  ['without PCI', 'Firecracker v1.13.0', '  --api-sock', 0, 'vmm-too-old'],
  ['another program', 'hello', '', 0, 'vmm-probe-failed'],
  ['one that fails', 'Firecracker v1.16.1', '  --enable-pci', 3, 'vmm-probe-failed'],
])('%s', async ([, about, help, exit, code]) => {
  await expect(askBinary(await program(about, help, exit))).rejects.toMatchObject({ code });
});

test('packed kernels are for newer ones', () => {
  expect(takesBzImage({ version: '1.16.1' })).toBe(false);
  expect(takesBzImage({ version: '1.17.0' })).toBe(true);
});
