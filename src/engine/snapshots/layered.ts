// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { Running } from '../running.ts';
import type { StoredMachine } from '../store.ts';
import { writableDisks } from './heads.ts';

/**
 * Not every VMM runs disks in layers. A machine that is pinned to one that does not would no longer start.
 * @throws PhyllomeError `snapshot-vmm`
 */
export async function requireLayersRun(
  machine: StoredMachine,
  running: Pick<Running, 'judge'>,
): Promise<void> {
  const { name, definition } = machine;
  if (definition === null || definition.vmm === 'auto' || definition.vmm === 'qemu') return;
  const layered = new Set(writableDisks(name, definition).map(({ index }) => index));
  const disks = definition.disks.map((disk, index) =>
    layered.has(index) ? { ...disk, format: 'qcow2' as const } : disk,
  );
  const { verdicts } = await running.judge({ ...machine, definition: { ...definition, disks } });
  const [refusal] = verdicts.find(({ vmm }) => vmm === definition.vmm)?.refusals ?? [];
  if (refusal === undefined) return;
  throw new PhyllomeError('snapshot-vmm', { name, vmm: definition.vmm, reason: refusal.text });
}
