// SPDX-License-Identifier: Apache-2.0
//
// Whole block devices as disks. A guest gets one only when its owner said which one is meant, when the one that is there
// now is that one, and when this PC does nothing with it itself.
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { Disk } from '../contract/machine.ts';
import { readBlockDevice, type BlockDeviceFacts } from '../host/block-device.ts';
import { errorCode } from '../host/files.ts';
import type { Tree } from '../host/tree.ts';

/**
 * @param disk `device` is what its owner says it is
 * @param probe tries to open it as its only user; left out: really
 * @throws PhyllomeError `device-refused` with what to do
 */
export async function requireDevice(
  tree: Tree,
  { file, device, readOnly }: Pick<Disk, 'file' | 'device' | 'readOnly'>,
  probe: (path: string, readOnly: boolean) => Promise<void> = openAlone,
): Promise<BlockDeviceFacts> {
  const refuse = (reason: string, next: string): PhyllomeError =>
    new PhyllomeError('device-refused', { file, reason, next });
  const facts = readBlockDevice(tree, file);
  if (facts === null)
    throw refuse(
      'there is no such block device',
      'Plug it in. "phyllome disk devices" shows those that are there.',
    );
  if (facts.reason !== '') throw refuse(facts.reason, facts.next);
  if (device === undefined || device === '')
    throw refuse(
      'nobody has said that all that is on it may be overwritten',
      'Add it with "phyllome disk add NAME --device FILE", which shows what it is and asks.',
    );
  if (device !== facts.identity && device !== facts.serial && device !== facts.model)
    throw refuse(
      `it calls itself ${facts.identity}, not ${device}: it is another device`,
      'Plug in the one that is meant, or name this one as it calls itself.',
    );
  if (facts.readOnly && !readOnly)
    throw refuse(
      'it is read-only',
      'Look for a switch on it, or set readOnly for the disk with "phyllome edit".',
    );
  try {
    await probe(file, readOnly);
  } catch (error) {
    throw new PhyllomeError('device-refused', { file, ...explain(error, file) }, { cause: error });
  }
  return facts;
}

/** The kernel refuses this for a device that is mounted, in whatever namespace, or that a volume or RAID has. */
async function openAlone(path: string, readOnly: boolean): Promise<void> {
  const mode = readOnly ? constants.O_RDONLY : constants.O_RDWR;
  await using _handle = await open(path, mode | constants.O_EXCL | constants.O_NONBLOCK);
}

function explain(error: unknown, file: string): { reason: string; next: string } {
  const busy = {
    reason: 'something on this PC uses it',
    next: `Unmount it, and end programs that have it open: lsof ${file}`,
  };
  const forbidden = {
    reason: 'you may not read and write it',
    next: `Allow it until it is plugged out: sudo setfacl -m u:${userInfo().username}:rw ${file}`,
  };
  const known: Record<string, { reason: string; next: string }> = {
    EBUSY: busy,
    EACCES: forbidden,
    EPERM: forbidden,
    EROFS: { reason: 'it is read-only', next: 'Look for a switch on it, or set readOnly for the disk.' },
    ENOMEDIUM: { reason: 'there is no medium in it', next: 'Put one in.' },
  };
  const other = { reason: reasonOf(error), next: 'Look at "dmesg" for what the kernel says of it.' };
  return known[errorCode(error) ?? ''] ?? other;
}
