// SPDX-License-Identifier: Apache-2.0
//
// New heads under a running guest, with the transaction of QEMU that changes all disks at once:
// https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html (blockdev-snapshot). Needs no memory of earlier changes:
// of all images of a disk, the head is the one that is written to.
import { PhyllomeError } from '../../contract/errors.ts';
import type { Heads } from '../driver.ts';
import { imageNode } from './disks.ts';
import { isRecord, type Qmp } from './qmp.ts';

interface Head {
  /** Its name in QEMU */
  node: string;
  file: string;
}

/** Nodes of a disk: `disk0` and `disk0-file` from the plan, then `disk0-2` and `disk0-2-file`, ... */
export async function headsOf(qmp: Qmp, disk: number): Promise<{ head: Head | null; next: string }> {
  const nodes = await qmp.execute('query-named-block-nodes', { flat: true });
  const pattern = new RegExp(`^(disk${disk}(?:-(\\d+))?)-file$`);
  let head: Head | null = null;
  let headNumber = 0;
  let last = 1;
  for (const entry of Array.isArray(nodes) ? nodes.filter(isRecord) : []) {
    const [, node, number] = pattern.exec(String(entry['node-name'])) ?? [];
    if (node === undefined) continue;
    last = Math.max(last, Number(number ?? 1));
    // QEMU 7.2 keeps files of layers open for writing, so of several it is the last one.
    if (entry['ro'] === true || Number(number ?? 1) < headNumber) continue;
    headNumber = Number(number ?? 1);
    head = { node, file: String(entry['file']) };
  }
  return { head, next: `disk${disk}-${last + 1}` };
}

export function createHeads(qmp: Qmp, name: string): Heads {
  return {
    current: async (disk) => (await headsOf(qmp, disk)).head?.file ?? null,
    async replace(heads) {
      await using undo = new AsyncDisposableStack();
      const actions: object[] = [];
      for (const { disk, image, file } of heads) {
        const { head, next } = await headsOf(qmp, disk);
        if (head === null) {
          const reason = `it has no disk ${disk} that is written to`;
          throw new PhyllomeError('vmm-refused', { name, command: 'blockdev-snapshot', reason });
        }
        // It gets what it rests on by the transaction, as the node that is open already.
        await qmp.execute('blockdev-add', { ...imageNode(image, next, file), backing: null });
        undo.defer(async () => void (await qmp.execute('blockdev-del', { 'node-name': next })));
        actions.push({ type: 'blockdev-snapshot', data: { node: head.node, overlay: next } });
      }
      await qmp.execute('transaction', { actions });
      undo.move();
    },
  };
}
