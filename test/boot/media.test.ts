// SPDX-License-Identifier: Apache-2.0
//
// Media in the drives of a running machine: changed by hand, and taken out after an installation.
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { isoBytes } from '../../src/disk/testing.ts';
import { openConsole } from '../support/console.ts';
import { startService, type TestService } from '../support/service.ts';

let service: TestService;
let folder = '';
const iso = (name: string) => join(folder, name);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ph iso,'));
  for (const name of ['a.iso', 'b.iso']) {
    const content = isoBytes(2 ** 20);
    content.write(`this is ${name}`, 0);
    await writeFile(iso(name), content);
  }
  service = await startService();
});
afterAll(async () => {
  await service[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const show = (ref: string) => service.client.call('showMachine', { params: { ref } });
const yamlOf = async (ref: string) => (await service.client.call('readDefinition', { params: { ref } })).yaml;

async function start(ref: string): Promise<void> {
  const events = await service.listen();
  await service.client.call('startMachine', { params: { ref } });
  await events.next(({ type }) => type === 'machine.ready');
  events.close();
}

const off = (ref: string) =>
  service.finish(
    service.client.call('stopMachine', { params: { ref }, body: { force: true, timeoutSeconds: 1 } }),
  );

// Drives are found in the background, and a changed disc is noticed when it is read: both are waited for in the guest.
const findDrive = `modprobe -a sr_mod ahci usb_storage; until [ -b /dev/sr0 ]; do sleep 1; done; echo f''ound`;
const readDrive = `dd if=/dev/sr0 bs=16 count=1 2>/dev/null | tr -d '\\0'`;
const waitFor = (name: string) => `until ${readDrive} | grep ${name}; do sleep 1; done; echo w''aited`;

// Several restarts of a guest without KVM.
const patience = 300_000;

describe.each(['sata', 'scsi', 'usb'])('a drive on %s', (bus) => {
  const ref = `media-${bus}`;
  const insert = (file: string) =>
    service.client.call('insertMedium', { params: { ref, drive: '0' }, body: { file } });
  const eject = () => service.client.call('ejectMedium', { params: { ref, drive: '0' } });

  test('takes and gives media while the machine runs', { timeout: patience }, async () => {
    await service.create(ref, { removable: [{ type: 'cdrom', bus }], disks: [] });
    await start(ref);
    using serial = await openConsole(service.paths, ref);
    await insert(iso('a.iso'));
    expect((await show(ref)).definition?.removable[0]?.file).toBe(iso('a.iso'));
    // It is in effect already.
    expect((await show(ref)).pending).toEqual([]);
    await serial.type(findDrive, /found/);
    await serial.type(waitFor('a.iso'), /this is a\.iso[^]*waited/);

    await insert(iso('b.iso'));
    await serial.type(waitFor('b.iso'), /this is b\.iso[^]*waited/);

    // Whoever opens it locks the tray: the guest does not let go when it is asked.
    await serial.type('exec 5</dev/sr0; echo lo$((1))cked', /lo1cked/);
    await eject();
    await serial.type('exec 5<&-; echo un$((1))locked', /un1locked/);
    await insert(iso('a.iso'));
    await serial.type(waitFor('a.iso'), /this is a\.iso[^]*waited/);

    await service.client.call('pauseMachine', { params: { ref } });
    await eject();
    await service.client.call('resumeMachine', { params: { ref } });
    expect((await show(ref)).definition?.removable[0]).not.toHaveProperty('file');
    await serial.type(`while ${readDrive} | grep this; do sleep 1; done; echo e''mpty`, /empty/);
    // Nothing to do is no mistake.
    expect((await eject()).pending).toEqual([]);
    await off(ref);
  });
});

test('what cannot be inserted is refused and changes nothing', async () => {
  const ref = 'media-sata';
  await start(ref);
  const before = await yamlOf(ref);
  const insert = (drive: string, file: string) =>
    service.client.call('insertMedium', { params: { ref, drive }, body: { file } });
  await expect(insert('1', iso('a.iso'))).rejects.toMatchObject({ code: 'drive-missing' });
  await expect(insert('0', iso('none.iso'))).rejects.toMatchObject({ code: 'file-missing' });
  await expect(insert('0', folder)).rejects.toMatchObject({ code: 'file-unreadable' });
  await expect(insert('0', 'a.iso')).rejects.toMatchObject({ code: 'bad-request' });
  await writeFile(iso('text.iso'), 'hello');
  await expect(insert('0', iso('text.iso'))).rejects.toMatchObject({ code: 'medium-unsuitable' });
  expect(await yamlOf(ref)).toBe(before);
  await off(ref);
});

test(
  'what is changed while it runs waits for the next start, and a later service still knows',
  { timeout: patience },
  async () => {
    const ref = 'media-scsi';
    await start(ref);
    const changes = [
      { path: ['cpu', 'vcpus'], value: 2 },
      { path: ['name'], value: 'renamed' },
      { path: ['disks', 0], value: { file: 'disks/b.qcow2', format: 'qcow2', size: '20MiB' } },
      { path: ['removable', 1], value: { type: 'cdrom' } },
    ];
    const changed = await service.client.call('changeDefinition', { params: { ref }, body: { changes } });
    expect(changed.pending).toEqual(['cpu', 'disks', 'removable']);
    // The second drive is not there yet, so its medium waits, too.
    const params = { ref: 'renamed', drive: '1' };
    await service.client.call('insertMedium', { params, body: { file: iso('a.iso') } });
    await service.kill();
    await service.restart();
    const { pending, run } = await show('renamed');
    expect(run).not.toBeNull();
    expect(pending).toEqual(['cpu', 'disks', 'removable']);
    await off('renamed');
    await start('renamed');
    expect((await show('renamed')).pending).toEqual([]);
    using serial = await openConsole(service.paths, 'renamed');
    await serial.type('echo $(($(nproc)+40)) processors', /42 processors/);
    await off('renamed');
  },
);

describe('after an installation', () => {
  const ref = 'installer';
  // Flushed at the end, as file systems do when they are unmounted: before that, QEMU holds back where things are.
  // What an installer leaves behind: a table with an active partition, programs in both first sectors, and a system.
  const install = [
    'umount /data',
    'dd if=/dev/zero of=/dev/vda bs=1M count=80 2>/dev/null',
    `printf '\\353\\376' | dd of=/dev/vda conv=notrunc 2>/dev/null`,
    `printf '\\200\\0\\0\\0\\203\\0\\0\\0\\0\\010\\0\\0\\0\\0\\1\\0' | dd of=/dev/vda bs=1 seek=446 conv=notrunc 2>/dev/null`,
    `printf '\\125\\252' | dd of=/dev/vda bs=1 seek=510 conv=notrunc 2>/dev/null`,
    `printf '\\353\\376' | dd of=/dev/vda bs=512 seek=2048 conv=notrunc 2>/dev/null`,
    `printf '\\125\\252' | dd of=/dev/vda bs=1 seek=$((2048*512+510)) conv=notrunc,fsync 2>/dev/null`,
    'sync',
  ].join('; ');

  const liveMedium = async (name: string): Promise<string | null> => {
    using serial = await openConsole(service.paths, name, 0);
    await serial.type(findDrive, /found/);
    await serial.type(`${readDrive}; echo; echo r''ead`, /read/);
    return /this is (\S+)/.exec(serial.text())?.[1] ?? null;
  };

  async function reboot(name: string, before = 'true'): Promise<void> {
    const events = await service.listen();
    using serial = await openConsole(service.paths, name);
    await serial.type(`${before}; echo b''egun; reboot`, /begun/);
    await events.next(({ type }) => type === 'machine.reset');
    await events.next(({ type }) => type === 'machine.ready');
    events.close();
  }

  beforeAll(async () => {
    await service.create(ref, {
      removable: [{ type: 'cdrom', file: iso('a.iso'), detach: 'after-install' }],
    });
    const { yaml, revision } = await service.client.call('readDefinition', { params: { ref } });
    const commented = yaml.replace('removable:', '# to install from\nremovable:');
    await service.client.call('writeDefinition', { params: { ref }, body: { yaml: commented, revision } });
    await start(ref);
  });

  test('a guest that only begins anew keeps its medium', { timeout: patience }, async () => {
    await reboot(ref);
    await reboot(ref, 'dd if=/dev/zero of=/data/x bs=1M count=70 2>/dev/null; sync');
    expect(await liveMedium(ref)).toBe('a.iso');
    expect(await yamlOf(ref)).toContain('a.iso');
  });

  test(
    'the medium is out when a system is on the disk, in the drive and in the file',
    { timeout: patience },
    async () => {
      const events = await service.listen();
      const notice = events.next(({ type }) => type === 'machine.notice');
      await reboot(ref, install);
      expect(await notice).toMatchObject({
        machineName: ref,
        text: expect.stringMatching(/a\.iso was taken out of drive 0.*phyllome insert/),
      });
      events.close();
      const yaml = await yamlOf(ref);
      expect(yaml).not.toContain('a.iso');
      expect(yaml).toContain('# to install from');
      expect((await show(ref)).definition?.removable).toMatchObject([{ detach: 'after-install' }]);
      expect((await show(ref)).pending).toEqual([]);
      expect(await liveMedium(ref)).toBeNull();
    },
  );

  test('a medium that is put back stays', { timeout: patience }, async () => {
    await service.client.call('insertMedium', {
      params: { ref, drive: '0' },
      body: { file: iso('b.iso') },
    });
    await reboot(ref);
    expect(await liveMedium(ref)).toBe('b.iso');
    await off(ref);
    await start(ref);
    await reboot(ref, 'dd if=/dev/zero of=/dev/vda bs=1M seek=100 count=80 2>/dev/null; sync');
    expect(await yamlOf(ref)).toContain('b.iso');
    await off(ref);
  });

  test(
    'it is out also when the guest powers off at the end, whichever service notices',
    { timeout: patience },
    async () => {
      const name = 'poweroff';
      await service.create(name, {
        removable: [{ type: 'cdrom', file: iso('a.iso'), detach: 'after-install' }],
      });
      await start(name);
      await service.kill();
      await service.restart();
      const events = await service.listen();
      using serial = await openConsole(service.paths, name);
      await serial.type(`${install}; echo d''one; poweroff`, /done/);
      await events.next(({ type }) => type === 'machine.notice');
      await events.next((event) => event.type === 'machine.state' && event.state.name === 'stopped');
      events.close();
      const { directory } = await show(name);
      expect(await readFile(join(directory, 'machine.yaml'), 'utf8')).not.toContain('a.iso');
    },
  );
});
