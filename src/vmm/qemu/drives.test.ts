// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest';
import { connect } from 'node:net';
import { createDrives } from './drives.ts';
import { Refusal, startFakeQemu, type Answers, type FakeQemu } from './fake-qemu.ts';
import { openQmp } from './qmp.ts';

interface Drive {
  medium: string | null;
  locked: boolean;
  open: boolean;
}

/** A QEMU with one drive that behaves as the real one: see test/boot/drives.test.ts. */
function driveAnswers(drive: Drive, status = 'running'): Answers {
  const nodes = new Set(drive.medium === null ? [] : [drive.medium]);
  return {
    'query-status': { status },
    'query-block': () => [
      { qdev: '/machine/peripheral/disk0/virtio-backend', inserted: { 'node-name': 'disk0' } },
      {
        qdev: 'removable0',
        tray_open: drive.open,
        ...(drive.medium !== null && { inserted: { 'node-name': drive.medium } }),
      },
    ],
    'query-blockstats': [
      { qdev: 'disk1', stats: { wr_bytes: 7 } },
      { qdev: '/machine/peripheral/disk10/virtio-backend', stats: { wr_bytes: 10 } },
      { qdev: '/machine/peripheral/disk0/virtio-backend', stats: { wr_bytes: 512 } },
    ],
    'blockdev-add': ({ 'node-name': node, file }: { 'node-name': string; file: { filename: string } }) => {
      if (file.filename === '/missing') return new Refusal('Could not open it');
      nodes.add(node);
      return {};
    },
    'blockdev-del': ({ 'node-name': node }: { 'node-name': string }) =>
      drive.medium === node || !nodes.delete(node) ? new Refusal('in use') : {},
    'blockdev-open-tray': ({ force }: { force: boolean }) => {
      drive.open ||= force || !drive.locked;
      return {};
    },
    'blockdev-remove-medium': () => {
      if (!drive.open) return new Refusal('Tray of the device is not open');
      drive.medium = null;
      return {};
    },
    'blockdev-insert-medium': ({ 'node-name': node }: { 'node-name': string }) => {
      if (!drive.open || !nodes.has(node)) return new Refusal('no');
      drive.medium = node;
      return {};
    },
    'blockdev-close-tray': () => {
      drive.open = false;
      return {};
    },
  };
}

async function drivesOf(qemu: FakeQemu) {
  const socket = connect(qemu.socket);
  return createDrives(await openQmp({ input: socket, output: socket }, { name: 'tiny' }), 'tiny');
}

const names = ({ commands }: FakeQemu) =>
  commands.map(({ execute }) => execute).filter((name) => !name.startsWith('query'));

test('a medium goes in, is changed and comes out', async () => {
  const drive: Drive = { medium: null, locked: false, open: false };
  await using qemu = await startFakeQemu(driveAnswers(drive));
  const drives = await drivesOf(qemu);
  await drives.insert(0, '/a, "b".iso');
  expect(drive).toMatchObject({ medium: 'removable0', open: false });
  await drives.insert(0, '/c.iso');
  expect(drive).toMatchObject({ medium: 'removable0-b', open: false });
  await drives.insert(0, '/d.iso');
  expect(drive).toMatchObject({ medium: 'removable0', open: false });
  await drives.eject(0);
  expect(drive).toMatchObject({ medium: null, open: false });
  const added = qemu.commands.filter(({ execute }) => execute === 'blockdev-add');
  expect(added[0]?.arguments).toMatchObject({
    driver: 'raw',
    'read-only': true,
    file: { driver: 'file', filename: '/a, "b".iso', 'read-only': true },
  });
});

test('an empty drive is left alone', async () => {
  await using qemu = await startFakeQemu(driveAnswers({ medium: null, locked: true, open: false }));
  await (await drivesOf(qemu)).eject(0);
  expect(names(qemu)).toEqual([]);
});

test('a file that cannot be opened changes nothing', async () => {
  const drive: Drive = { medium: 'removable0', locked: false, open: false };
  await using qemu = await startFakeQemu(driveAnswers(drive));
  await expect((await drivesOf(qemu)).insert(0, '/missing')).rejects.toMatchObject({ code: 'vmm-refused' });
  expect(drive.medium).toBe('removable0');
  expect(names(qemu)).toEqual(['blockdev-add']);
});

test('a paused guest cannot let go of the tray, so it is not waited for', async () => {
  const drive: Drive = { medium: 'removable0', locked: true, open: false };
  await using qemu = await startFakeQemu(driveAnswers(drive, 'paused'));
  await (await drivesOf(qemu)).eject(0);
  expect(drive).toMatchObject({ medium: null, open: false });
  const trays = qemu.commands.filter(({ execute }) => execute === 'blockdev-open-tray');
  expect(trays.map((command) => command.arguments)).toEqual([
    { id: 'removable0', force: false },
    { id: 'removable0', force: true },
  ]);
});

test('a guest that lets go when it is asked is not overruled', async () => {
  const drive: Drive = { medium: 'removable0', locked: true, open: false };
  const answers = driveAnswers(drive);
  let looks = 0;
  const block = answers['query-block'] as () => unknown;
  answers['query-block'] = () => {
    // Its answer comes a moment after it was asked.
    if (++looks === 3) drive.open = true;
    return block();
  };
  await using qemu = await startFakeQemu(answers);
  await (await drivesOf(qemu)).eject(0);
  expect(drive.medium).toBeNull();
  expect(qemu.commands.filter((command) => JSON.stringify(command).includes('"force":true'))).toEqual([]);
});

test('a drive that the machine does not have', async () => {
  await using qemu = await startFakeQemu(driveAnswers({ medium: null, locked: false, open: false }));
  await expect((await drivesOf(qemu)).eject(1)).rejects.toMatchObject({ code: 'vmm-refused' });
});

test('what was written is told of the disk that is meant', async () => {
  await using qemu = await startFakeQemu(driveAnswers({ medium: null, locked: false, open: false }));
  const drives = await drivesOf(qemu);
  expect(await Promise.all([0, 1, 10, 2].map((disk) => drives.bytesWritten(disk)))).toEqual([
    512,
    7,
    10,
    null,
  ]);
});
