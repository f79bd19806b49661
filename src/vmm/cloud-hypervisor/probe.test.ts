// SPDX-License-Identifier: Apache-2.0
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { askBinary } from './answers.ts';
import { findFirmware, firmwareHint } from './firmware.ts';
import { hasLandlock } from './probe.ts';

let root = '';
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'ph-probe-'));
});
afterEach(() => rm(root, { recursive: true, force: true }));

async function put(file: string, content: string, mode = 0o644): Promise<string> {
  const path = join(root, file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  await chmod(path, mode);
  return path;
}

const help = `Launch a cloud-hypervisor VMM.

Usage: cloud-hypervisor [OPTIONS]

Options:
      --api-socket <api-socket>
          HTTP API socket (UNIX domain socket): path=<path> or fd=<fd>.
      --landlock
          enable/disable Landlock.
  -v...
          Sets the level of debugging output
  -h, --help
          Print help
`;

/** A program that says these things of itself. */
const program = (version: string): Promise<string> =>
  put(
    'cloud-hypervisor',
    `#!/bin/sh\ncase "$*" in "-v --version") cat <<'END'\n${version}\nEND\n;; --help) cat <<'END'\n${help}END\n;; *) exit 3;; esac\n`,
    0o755,
  );

describe('what it says of itself', () => {
  test('version, features and options', async () => {
    const binary = await program(
      'cloud-hypervisor v53.0-dirty\nMigration Protocol Versions: 0\nEnabled features: ["kvm", "io_uring"]',
    );
    expect(await askBinary(binary)).toEqual({
      version: '53.0',
      features: ['io_uring', 'kvm'],
      options: ['--api-socket', '--help', '--landlock'],
    });
  });

  test('one that is too old', async () => {
    const binary = await program('cloud-hypervisor v51.2\nEnabled features: ["kvm"]');
    await expect(askBinary(binary)).rejects.toMatchObject({
      code: 'vmm-too-old',
      facts: { found: '51.2', needed: '52.0' },
    });
  });

  test('something else, and something broken', async () => {
    await expect(askBinary(await program('QEMU emulator version 7.2'))).rejects.toMatchObject({
      code: 'vmm-probe-failed',
    });
    const broken = await put('cloud-hypervisor', '#!/bin/sh\necho "no libc here" >&2; exit 1\n', 0o755);
    await expect(askBinary(broken)).rejects.toMatchObject({
      code: 'vmm-probe-failed',
      facts: { reason: 'no libc here' },
    });
  });
});

describe('firmware', () => {
  const find = (architecture: 'x86_64' | 'aarch64' | 'riscv64' = 'x86_64') =>
    findFirmware(architecture, {
      own: join(root, 'own'),
      binary: join(root, 'opt/chv/cloud-hypervisor'),
      root,
    });

  test('the complete one before the small one, our own folder before all others', async () => {
    expect(find()).toBeNull();
    const small = await put('own/hypervisor-fw', 'x');
    expect(find()).toEqual({ kind: 'rust', file: small });
    const packaged = await put('usr/share/cloudhv-efi-x86-64/CLOUDHV.fd', 'x');
    expect(find()).toEqual({ kind: 'edk2', file: packaged });
    const beside = await put('opt/chv/CLOUDHV.fd', 'x');
    expect(find()).toEqual({ kind: 'edk2', file: beside });
    const own = await put('own/CLOUDHV.fd', 'x');
    expect(find()).toEqual({ kind: 'edk2', file: own });
  });

  test('of the right architecture', async () => {
    await put('own/CLOUDHV.fd', 'x');
    expect(find('aarch64')).toBeNull();
    const arm = await put('own/CLOUDHV_EFI.fd', 'x');
    expect(find('aarch64')).toEqual({ kind: 'edk2', file: arm });
    expect(find('riscv64')).toBeNull();
  });

  test.each([
    ['Debian 14', 'x86_64', 'ID=debian\nVERSION_ID="14"\n', 'sudo apt install cloudhv-efi-x86-64'],
    ['Debian sid', 'x86_64', 'ID=debian\n', 'sudo apt install cloudhv-efi-x86-64'],
    ['Debian 13', 'x86_64', 'ID=debian\nVERSION_ID="13"\n', 'CLOUDHV.fd'],
    ['Fedora', 'x86_64', 'ID=fedora\nVERSION_ID=43\n', 'CLOUDHV.fd'],
    ['Debian 14 on ARM', 'aarch64', 'ID=debian\nVERSION_ID="14"\n', 'CLOUDHV_EFI.fd'],
  ] as const)('how to get it: %s', async (_where, architecture, release, hint) => {
    await put('etc/os-release', release);
    expect(firmwareHint(architecture, root)).toContain(hint);
  });
});

test.each([
  ['6.12.0-amd64', 'lockdown,capability,landlock,yama', true],
  ['6.1.0-amd64', 'lockdown,capability,landlock,yama', false],
  ['6.12.0-amd64', 'capability,apparmor', false],
  ['6.12.0-amd64', null, false],
])('Landlock with kernel %s and modules %s: %s', async (release, modules, found) => {
  await put('proc/sys/kernel/osrelease', `${release}\n`);
  if (modules !== null) await put('sys/kernel/security/lsm', modules);
  expect(await hasLandlock(root)).toBe(found);
});
