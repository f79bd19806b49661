// SPDX-License-Identifier: Apache-2.0
//
// Media change in a running machine, with the commands of QEMU that take a drive apart into its steps:
// https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html (blockdev-open-tray and those beside it).
import { setTimeout as delay } from 'node:timers/promises';
import { PhyllomeError } from '../../contract/errors.ts';
import type { Drives } from '../driver.ts';
import { driveId, mediumNode } from './disks.ts';
import { readState } from './events.ts';
import { isRecord, type Qmp } from './qmp.ts';

// A guest that holds the tray (a mounted disc) gets this long to let go when it is asked (ms), as with a real drive.
const askPatience = 2000;
const askInterval = 100;

interface DriveState {
  /** Node of the medium; null: empty */
  medium: string | null;
  open: boolean;
}

export function createDrives(qmp: Qmp, name: string): Drives {
  const stateOf = async (id: string): Promise<DriveState> => {
    const found = list(await qmp.execute('query-block')).find(({ qdev }) => isDevice(qdev, id));
    if (found === undefined) {
      const reason = `it has no drive ${id}`;
      throw new PhyllomeError('vmm-refused', { name, command: 'query-block', reason });
    }
    const { inserted, tray_open: open } = found;
    const node = isRecord(inserted) ? inserted['node-name'] : undefined;
    return { medium: typeof node === 'string' ? node : null, open: open === true };
  };

  /** Opens the tray. A guest that locked it hears that somebody pressed the button, and may let go in order. */
  const open = async (id: string): Promise<void> => {
    await qmp.execute('blockdev-open-tray', { id, force: false });
    const status = await qmp.execute('query-status');
    const answers = readState(isRecord(status) ? status['status'] : undefined) === 'running';
    const patience = answers ? askPatience : 0;
    for (let waited = 0; waited < patience; waited += askInterval) {
      if ((await stateOf(id)).open) return;
      await delay(askInterval);
    }
    if (!(await stateOf(id)).open) await qmp.execute('blockdev-open-tray', { id, force: true });
  };

  const empty = async (id: string, { medium }: DriveState): Promise<void> => {
    await open(id);
    if (medium === null) return;
    await qmp.execute('blockdev-remove-medium', { id });
    await qmp.execute('blockdev-del', { 'node-name': medium });
  };

  return {
    async insert(drive, file) {
      const id = driveId(drive);
      const before = await stateOf(id);
      // The new file is opened before the old medium leaves: when that fails, nothing has happened.
      const node = before.medium === id ? `${id}-b` : id;
      await qmp.execute('blockdev-add', mediumNode(node, file));
      try {
        await empty(id, before);
        await qmp.execute('blockdev-insert-medium', { id, 'node-name': node });
      } catch (error) {
        await qmp.execute('blockdev-del', { 'node-name': node }).catch(() => {});
        throw error;
      }
      await qmp.execute('blockdev-close-tray', { id });
    },
    async eject(drive) {
      const id = driveId(drive);
      const before = await stateOf(id);
      if (before.medium === null) return;
      await empty(id, before);
      await qmp.execute('blockdev-close-tray', { id });
    },
    async bytesWritten(disk) {
      const found = list(await qmp.execute('query-blockstats')).find(({ qdev }) =>
        isDevice(qdev, `disk${disk}`),
      );
      const written = isRecord(found?.['stats']) ? found['stats']['wr_bytes'] : undefined;
      return typeof written === 'number' ? written : null;
    },
  };
}

/** Devices without a part that does the work are called by their id, the others by the path of that part. */
function isDevice(qdev: unknown, id: string): boolean {
  return qdev === id || (typeof qdev === 'string' && `${qdev}/`.startsWith(`/machine/peripheral/${id}/`));
}

function list(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}
