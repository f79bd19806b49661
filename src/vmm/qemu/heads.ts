// SPDX-License-Identifier: Apache-2.0
//
// New heads under a running guest, with the transaction of QEMU that changes all disks at once:
// https://www.qemu.org/docs/master/interop/qemu-qmp-ref.html (blockdev-snapshot). Needs no memory of earlier changes:
// QEMU is asked which image of a disk its device has.
import { PhyllomeError } from '../../contract/errors.ts';
import type { Heads } from '../driver.ts';
import { imageNode } from './disks.ts';
import { isRecord, type Qmp } from './qmp.ts';

interface Head {
  /** Its name in QEMU */
  node: string;
  file: string;
}

interface Nodes {
  /** null: no device of this disk has one of ours */
  head: Head | null;
  /** A name that no node has */
  next: string;
  /** Opened by a service that was killed before they became heads; the guest has nothing to do with them */
  strays: string[];
}

/**
 * Nodes of a disk: `disk0` and `disk0-file` from the plan, then `disk0-2` and `disk0-2-file`, ... The head is the one that
 * the device has: QEMU 7.2 keeps layers open for writing, and a newer one may have been opened and not used.
 */
async function headsOf(qmp: Qmp, disk: number): Promise<Nodes> {
  const [nodes, devices] = [
    await qmp.execute('query-named-block-nodes', { flat: true }),
    await qmp.execute('query-block'),
  ].map((entries) => (Array.isArray(entries) ? entries.filter(isRecord) : []));
  const inUse = new Set(
    devices?.map(({ inserted }) => (isRecord(inserted) ? inserted['node-name'] : undefined)),
  );
  const pattern = new RegExp(`^(disk${disk}(?:-(\\d+))?)-file$`);
  const found = (nodes ?? []).flatMap((entry) => {
    const [, node, number] = pattern.exec(String(entry['node-name'])) ?? [];
    return node === undefined ? [] : [{ node, number: Number(number ?? 1), file: String(entry['file']) }];
  });
  const head = found.find(({ node }) => inUse.has(node)) ?? null;
  const last = Math.max(1, ...found.map(({ number }) => number));
  const strays = found.filter(({ number }) => head !== null && number > head.number).map(({ node }) => node);
  return { head, next: `disk${disk}-${last + 1}`, strays };
}

export function createHeads(qmp: Qmp, name: string): Heads {
  return {
    current: async (disk) => (await headsOf(qmp, disk)).head?.file ?? null,
    async replace(heads) {
      await using undo = new AsyncDisposableStack();
      const actions: object[] = [];
      for (const { disk, image, file } of heads) {
        const { head, next, strays } = await headsOf(qmp, disk);
        if (head === null) {
          const reason = `it has no disk ${disk} that is written to`;
          throw new PhyllomeError('vmm-refused', { name, command: 'blockdev-snapshot', reason });
        }
        for (const stray of strays) await qmp.execute('blockdev-del', { 'node-name': stray });
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
