// SPDX-License-Identifier: Apache-2.0
//
// The verbs on a PC made of files: lsblk, sfdisk and systemd-sysupdate are played, keys, lists and signatures are real.
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OsProgress, OsRootStatus } from '../../../contract/os.ts';
import { createKeys, makeFolder, namesOf, type Keys } from '../../../host/os-update/testing.ts';
import { rollback } from '../rollback.ts';
import { status } from '../status.ts';
import { createUpdate } from '../update.ts';

let keys: Keys;
beforeEach(() => {
  keys = createKeys();
  mkdirSync(join(keys.root, 'usr/sbin'));
  mkdirSync(join(keys.root, 'efi/EFI/Linux'), { recursive: true });
  mkdirSync(join(keys.root, 'proc'));
  writeFileSync(join(keys.root, 'proc/cmdline'), 'quiet');
  pc({ runs: '1', slots: ['1', null], kernels: ['phyllome_1.efi'] });
  program('usr/bin/udevadm', '');
  program('usr/bin/sync', '');
  program('usr/sbin/veritysetup', `echo "$@" > ${keys.root}/verified`);
});
afterEach(() => keys[Symbol.dispose]());

const usr = '8484680C-9521-48C6-9C11-B0720656F69E';

function program(path: string, body: string): void {
  const file = join(keys.root, path);
  writeFileSync(file, `#!/bin/sh\n${body}\n`);
  chmodSync(file, 0o755);
}

function pc({ runs, slots, kernels }: { runs: string; slots: (string | null)[]; kernels: string[] }): void {
  writeFileSync(
    join(keys.root, 'usr/lib/os-release'),
    `ID=debian\nIMAGE_ID=phyllome\nIMAGE_VERSION=${runs}\nVARIANT_ID=kiosk\n`,
  );
  const node = { size: 1, fstype: null, label: null, mountpoints: [null] };
  const parts = slots.map((version, index) => ({
    ...node,
    path: `/dev/sda${index + 2}`,
    type: 'part',
    parttype: usr.toLowerCase(),
    mountpoints: [version === runs ? '/usr' : null],
  }));
  const disk = { ...node, path: '/dev/sda', type: 'disk', rm: false, hotplug: false, children: parts };
  program('usr/bin/lsblk', `echo '${JSON.stringify({ blockdevices: [disk] })}'`);
  const partitions = slots.map((version, index) => ({
    node: `/dev/sda${index + 2}`,
    size: 4_194_304,
    type: usr,
    name: version === null ? '_empty' : `phyllome_${version}`,
  }));
  program('usr/sbin/sfdisk', `echo '${JSON.stringify({ partitiontable: { partitions } })}'`);
  for (const name of kernels) writeFileSync(join(keys.root, 'efi/EFI/Linux', name), 'kernel');
}

const told: OsProgress[] = [];
const context = () => ({
  root: keys.root,
  signal: AbortSignal.timeout(20_000),
  progress: (one: OsProgress) => void told.push(one),
});
const look = async () => (await status.run({}, context())) as OsRootStatus;
const kernelNames = () => readdirSync(join(keys.root, 'efi/EFI/Linux')).toSorted();
const update = (url: string) => createUpdate().run({ source: 'channel', url, install: true }, context());

test('what is there, by partitions and the names of kernels', async () => {
  pc({ runs: '2', slots: ['1', '2'], kernels: ['phyllome_1.efi', 'phyllome_2+2-1.efi', 'other.efi'] });
  expect(await look()).toEqual({
    slots: [
      { name: 'A', version: '1', state: 'ready', triesLeft: null, bytes: 2 ** 31 },
      { name: 'B', version: '2', state: 'running', triesLeft: 2, bytes: 2 ** 31 },
    ],
    failed: [],
    pending: null,
    previous: '1',
    foldersEncrypted: false,
  });
});

test.each([
  ['phyllome_2+0-3.efi', 'unhealthy'],
  ['phyllome_2+0-0.efi', 'put-aside'],
  ['phyllome_2+0-900.efi', 'damaged'],
])('%s says why it does not run: %s', async (name, why) => {
  pc({ runs: '1', slots: ['1', '2'], kernels: [name] });
  expect(await look()).toMatchObject({ failed: [{ version: '2', why }], pending: null, previous: null });
});

test('a kernel without its system, and a system without its kernel, are nothing', async () => {
  pc({ runs: '1', slots: ['1', '3'], kernels: ['phyllome_2+3-0.efi'] });
  const { slots, pending } = await look();
  expect([slots[1]?.version, slots[1]?.state, pending]).toEqual([null, 'empty', null]);
});

describe('going back', () => {
  test('what runs is put aside, and what waits as well', async () => {
    pc({ runs: '2', slots: ['1', '2'], kernels: ['phyllome_2.efi'] });
    await rollback.run({}, context());
    expect(kernelNames()).toEqual(['phyllome_1.efi', 'phyllome_2+0-0.efi']);
    expect(await look()).toMatchObject({ pending: '1', failed: [{ version: '2', why: 'put-aside' }] });
  });

  test('not to what is not there, nor to what failed', async () => {
    await expect(rollback.run({}, context())).rejects.toMatchObject({ code: 'os-rollback-none' });
    pc({ runs: '3', slots: ['2', '3'], kernels: ['phyllome_2+0-3.efi', 'phyllome_3.efi'] });
    await expect(rollback.run({}, context())).rejects.toMatchObject({ code: 'os-rollback-none' });
    expect(kernelNames()).toContain('phyllome_3.efi');
  });
});

describe('installing', () => {
  // Says what it was asked, and keeps the definitions, which are gone afterwards.
  const played = (end: string): void =>
    program(
      'usr/lib/systemd/systemd-sysupdate',
      `echo "$@" > ${keys.root}/asked\nfor one in "$@"; do case $one in --definitions=*) cp "\${one#*=}"/* ${keys.root}/;; esac; done\n${end}`,
    );

  test('the one version that was found is asked for, sealed by the signed list', async () => {
    const { url } = makeFolder(keys, [...namesOf('2'), ...namesOf('3')]);
    played(`echo "Got 50% of ${url}/x.usr.raw.gz. 12s left at 10M/s." >&2`);
    told.length = 0;
    expect(await update(url)).toMatchObject({ version: '3', newest: '3', bytes: 18 });
    expect(readFileSync(join(keys.root, 'asked'), 'utf8')).toMatch(/--verify=yes update 3\n$/);
    const kernel = readFileSync(join(keys.root, '30-kernel.transfer'), 'utf8');
    expect(kernel).toContain('ProtectVersion=1\nVerify=yes\n');
    expect(kernel).toContain('MatchPattern=phyllome-kiosk-debian-x86-64_@v.efi\n');
    expect(kernel).toContain('TriesLeft=3\n');
    expect(told.map(({ fraction }) => fraction)).toEqual([null, 0, 0.02 + 0.85 / 2, null]);
    // By the identifiers in the names, which are the halves of the seal.
    expect(readFileSync(join(keys.root, 'verified'), 'utf8')).toMatch(
      /^verify \/dev\/disk\/by-partuuid\/\S{36} \/dev\/disk\/by-partuuid\/\S{36} [0-9a-f]{64}\n$/,
    );
    expect(readdirSync(join(keys.root, 'run/phyllome-update'))).toEqual([]);
  });

  test('what is on the disk afterwards and not what was loaded is not started', async () => {
    const { url } = makeFolder(keys, namesOf('2'));
    const kernels = join(keys.root, 'efi/EFI/Linux');
    played(`touch ${kernels}/phyllome_2+3-0.efi`);
    program('usr/sbin/veritysetup', 'echo "Verification of data area failed." >&2; exit 1');
    await expect(update(url)).rejects.toMatchObject({
      code: 'os-update-damaged',
      message: expect.stringContaining('Verification of data area failed'),
    });
    expect(kernelNames()).toEqual(['phyllome_1.efi']);
  });

  test('nothing is run when nobody vouches, or the disk has one place only', async () => {
    played('');
    const { url, write, text } = makeFolder(keys, namesOf('2'));
    write(text(), 'stranger');
    await expect(update(url)).rejects.toMatchObject({ code: 'os-update-unsigned' });
    write(text());
    pc({ runs: '1', slots: ['1'], kernels: [] });
    await expect(update(url)).rejects.toMatchObject({ code: 'os-update-too-large' });
    expect(existsSync(join(keys.root, 'asked'))).toBe(false);
  });

  test('a kernel that a power cut left without content is no version, and goes before the next try', async () => {
    const { url } = makeFolder(keys, namesOf('2'));
    const kernels = join(keys.root, 'efi/EFI/Linux');
    played(`ls ${kernels} >${keys.root}/seen; echo kernel >${kernels}/phyllome_2+3-0.efi`);
    pc({ runs: '1', slots: ['1', '2'], kernels: ['phyllome_1.efi'] });
    writeFileSync(join(kernels, 'phyllome_2+3-0.efi'), '');
    expect(await look()).toMatchObject({ pending: null, failed: [] });
    expect(await update(url)).toMatchObject({ version: '2' });
    expect(readFileSync(join(keys.root, 'seen'), 'utf8')).toBe('phyllome_1.efi\n');
    expect(await look()).toMatchObject({ pending: '2' });
  });

  test('what waits already is not loaded again', async () => {
    played('');
    pc({ runs: '1', slots: ['1', '2'], kernels: ['phyllome_2+3-0.efi'] });
    const { url } = makeFolder(keys, namesOf('2'));
    await expect(update(url)).rejects.toMatchObject({ code: 'os-update-none' });
  });

  test('a file that is not what the list says', async () => {
    played(
      'echo "DOWNLOAD INVALID: Checksum of file:///a/b.efi file did not check out, file has been tampered with." >&2; exit 1',
    );
    const { url } = makeFolder(keys, namesOf('2'));
    await expect(update(url)).rejects.toMatchObject({
      code: 'os-update-unusable',
      message: expect.stringContaining('b.efi is not what the signed list says'),
    });
  });
});

test('another system, and a medium, have nothing to update', async () => {
  writeFileSync(join(keys.root, 'proc/cmdline'), 'root=tmpfs phyllome.live');
  await expect(update('http://127.0.0.1:1/')).rejects.toMatchObject({ code: 'os-runs-live' });
  await expect(rollback.run({}, context())).rejects.toMatchObject({ code: 'os-runs-live' });
  writeFileSync(join(keys.root, 'usr/lib/os-release'), 'ID=debian\n');
  await expect(look()).rejects.toMatchObject({ code: 'os-only' });
});
