// SPDX-License-Identifier: Apache-2.0
//
// Disks of a machine that runs: https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html (block_resize,
// block_set_io_throttle).
import type { Disk, DiskLimits } from '../../contract/machine.ts';
import { PhyllomeError } from '../../contract/errors.ts';
import type { PlannedRequest } from '../../contract/plan.ts';
import type { LiveDisks } from '../driver.ts';
import { isRecord, type Qmp } from './qmp.ts';

const throttle = 'block_set_io_throttle';

/** What QEMU is told of the limits of disks before a guest runs: no argument of it says so for a device. */
export function planLimits(disks: readonly Pick<Disk, 'limits'>[]): PlannedRequest[] {
  return disks.flatMap(({ limits }, index) =>
    limits === undefined || Object.keys(limits).length === 0
      ? []
      : [{ method: 'QMP', path: throttle, body: { id: `disk${index}`, ...rates(limits) } }],
  );
}

/** Carries out what a plan says. */
export async function requestAll(qmp: Qmp, requests: readonly PlannedRequest[]): Promise<void> {
  for (const { path, body } of requests) {
    const wish = body as { id: string };
    const found = list(await qmp.execute('query-block')).find(({ qdev }) => isDevice(qdev, wish.id));
    await qmp.execute(path, { ...wish, id: found?.['qdev'] ?? wish.id });
  }
}

/** 0 means no limit, and what is left out is refused. */
function rates(limits: DiskLimits): Record<string, number> {
  return {
    bps: 0,
    bps_rd: limits.readBytesPerSecond ?? 0,
    bps_wr: limits.writeBytesPerSecond ?? 0,
    iops: 0,
    iops_rd: limits.readOpsPerSecond ?? 0,
    iops_wr: limits.writeOpsPerSecond ?? 0,
  };
}

export function createLiveDisks(qmp: Qmp, name: string): LiveDisks {
  /** The node of the image, and the device that shows it to the guest. */
  const find = async (file: string, command: string): Promise<{ node: string; qdev: string }> => {
    // By the node of the file: the format above it may call itself otherwise (json:{...}).
    const nodes = list(await qmp.execute('query-named-block-nodes', { flat: true }));
    const names = nodes.filter((node) => node['file'] === file).map((node) => String(node['node-name']));
    const images = names.flatMap((node) => /^(disk\d+(?:-\d+)?)-file$/.exec(node)?.[1] ?? []);
    for (const { qdev, inserted } of list(await qmp.execute('query-block'))) {
      const node = isRecord(inserted) ? inserted['node-name'] : undefined;
      if (typeof node === 'string' && typeof qdev === 'string' && images.includes(node))
        return { node, qdev };
    }
    throw new PhyllomeError('vmm-refused', { name, command, reason: `the machine runs without ${file}` });
  };
  return {
    async resize(file, bytes) {
      const { node } = await find(file, 'block_resize');
      await qmp.execute('block_resize', { 'node-name': node, size: bytes });
    },
    async limit(file, limits) {
      const { qdev } = await find(file, throttle);
      await qmp.execute(throttle, { id: qdev, ...rates(limits) });
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
