// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import type { DiskLimits } from '../../contract/machine.ts';
import type { Runner } from '../runner.ts';
import type { StoredMachine } from '../store.ts';
import { findDisk, type FoundDisk } from './find-disk.ts';
import type { DiskParts } from './parts.ts';

/**
 * Sets the most that a guest may ask of a disk, in the definition and, when the machine runs, at once.
 * @param limits replace those from before; empty: none
 * @throws PhyllomeError `disk-not-found`, `vmm-lacks`, `machine-state`, ...
 */
export async function limitDisk(
  { definitions, running }: Pick<DiskParts, 'definitions' | 'running'>,
  machine: StoredMachine,
  ref: string,
  limits: DiskLimits,
): Promise<StoredMachine> {
  const found = findDisk(machine, ref);
  await using undo = new AsyncDisposableStack();
  const changed = await definitions.adapt(machine, async ({ disks }) => {
    const now = disks[found.index];
    if (now?.file !== found.disk.file) throw new PhyllomeError('definition-changed', { name: machine.name });
    const runner = running.get(machine.id);
    if (runner !== undefined) undo.defer(await limitLive(machine, runner, found, limits));
    const path = ['disks', found.index, 'limits'];
    return [Object.keys(limits).length === 0 ? { path } : { path, value: limits }];
  });
  undo.move();
  return changed;
}

/** @returns puts the limits from before back */
async function limitLive(
  machine: StoredMachine,
  runner: Runner,
  { disk, path }: FoundDisk,
  limits: DiskLimits,
): Promise<() => Promise<void>> {
  const { definition: started } = runner.notes;
  const index = started?.disks.findIndex(({ file }) => file === disk.file) ?? -1;
  // A disk that came into the definition since the start is not there before the next one.
  if (started !== undefined && index === -1) return async () => {};
  const live = runner.session().disks;
  if (live === undefined)
    throw new PhyllomeError('vmm-lacks', {
      vmm: runner.plan?.vmm ?? 'Its VMM',
      verb: 'change the limits of a disk',
      name: machine.name,
    });
  await live.limit(path, limits);
  if (started === undefined) return () => live.limit(path, disk.limits ?? {});
  // They are in effect: they do not wait for the next start.
  const disks = started.disks.map((one, at) => (at === index ? withLimits(one, limits) : one));
  await runner.note({ definition: { ...started, disks } });
  return async () => {
    await live.limit(path, started.disks[index]?.limits ?? {});
    await runner.note({ definition: started });
  };
}

function withLimits<D extends { limits?: DiskLimits }>({ limits: _, ...disk }: D, limits: DiskLimits): D {
  return (Object.keys(limits).length === 0 ? disk : { ...disk, limits }) as D;
}
