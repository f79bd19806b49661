// SPDX-License-Identifier: Apache-2.0
import { createSocket } from 'node:dgram';
import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { sep } from 'node:path';
import { PhyllomeError, reasonOf } from '../contract/errors.ts';
import type { Forward, MachineDefinition } from '../contract/machine.ts';
import { isBlockDevice } from '../contract/block-device.ts';
import { inspectImage } from '../disk/inspect.ts';
import { locate } from '../disk/locate.ts';
import { errorCode } from '../host/files.ts';
import { openTree } from '../host/tree.ts';
import { requireDevice } from './block-devices.ts';

/**
 * Finds out, before anything is started, what would make the VMM fail: it would only say so in its own words.
 * @throws PhyllomeError `file-missing`, `file-unreadable`, `disk-format-mismatch`, `disk-damaged`,
 *   `disk-outside`, `disk-base-missing`, `device-refused`, `host-port-taken`
 */
export async function preflight(definition: MachineDefinition, directory: string): Promise<void> {
  const { boot, disks, removable, nics, shares } = definition;
  const resolve = (file: string): string => locate(directory, file);

  for (const disk of disks) {
    if (isBlockDevice(disk.file)) {
      await requireDevice(openTree('/'), disk);
      continue;
    }
    const file = resolve(disk.file);
    await requireFile('disk', file, disk.readOnly ? constants.R_OK : constants.R_OK | constants.W_OK);
    await inspectImage({ file, format: disk.format, directory });
    if (!disk.readOnly) await requireUnshared(file, directory);
  }
  for (const drive of removable)
    if (drive.file !== undefined) await requireFile('ISO image', resolve(drive.file));
  if (boot.type === 'kernel') {
    await requireFile('kernel', resolve(boot.kernel));
    if (boot.initrd !== undefined) await requireFile('initrd', resolve(boot.initrd));
  }
  for (const share of shares) await requireFolder(share.path);
  for (const nic of nics) {
    if (nic.type !== 'user') continue;
    for (const forward of nic.forwards) await requireFreePort(definition.name, forward);
  }
}

async function requireFile(what: string, file: string, mode: number = constants.R_OK): Promise<void> {
  try {
    await access(file, mode);
    const { size } = await stat(file);
    if (size === 0) throw new PhyllomeError('file-unreadable', { what, file, reason: 'it is empty' });
  } catch (error) {
    throw explain(what, file, error);
  }
}

/**
 * Layers that several machines share are one file with a name in each folder. Nobody writes to such a file, not even
 * when a definition names it by mistake.
 * @throws PhyllomeError `disk-shared`
 */
async function requireUnshared(file: string, directory: string): Promise<void> {
  const { nlink } = await stat(file);
  if (nlink > 1 && file.startsWith(directory + sep))
    throw new PhyllomeError('disk-shared', { file, links: nlink });
}

async function requireFolder(path: string): Promise<void> {
  try {
    if ((await stat(path)).isDirectory()) return;
  } catch (error) {
    throw explain('shared folder', path, error);
  }
  throw new PhyllomeError('file-unreadable', {
    what: 'shared folder',
    file: path,
    reason: 'it is not a folder',
  });
}

function explain(what: string, file: string, error: unknown): PhyllomeError {
  if (error instanceof PhyllomeError) return error;
  if (errorCode(error) === 'ENOENT')
    return new PhyllomeError('file-missing', { what, file }, { cause: error });
  const reason = errorCode(error) === 'EACCES' ? 'you may not read or write it' : reasonOf(error);
  return new PhyllomeError('file-unreadable', { what, file, reason }, { cause: error });
}

/** Listens for a moment where the forward will listen. */
async function requireFreePort(name: string, { protocol, hostAddress, hostPort }: Forward): Promise<void> {
  try {
    if (protocol === 'tcp') {
      const server = createServer();
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once('error', reject).listen({ host: hostAddress, port: hostPort, exclusive: true }, resolve);
      await promise;
      await new Promise((closed) => server.close(closed));
    } else {
      const socket = createSocket('udp4');
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      socket.once('error', reject).bind({ address: hostAddress, port: hostPort, exclusive: true }, resolve);
      await promise;
      await new Promise<void>((closed) => socket.close(closed));
    }
  } catch (error) {
    throw new PhyllomeError(
      'host-port-taken',
      { port: hostPort, protocol, name, reason: reasonOf(error) },
      { cause: error },
    );
  }
}
