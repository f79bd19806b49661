// SPDX-License-Identifier: Apache-2.0
import { PhyllomeError } from '../../contract/errors.ts';
import { layersOf } from '../../disk/layers.ts';
import { locate } from '../../disk/locate.ts';
import { requireDefinition } from '../running.ts';
import type { StoredMachine } from '../store.ts';
import { imagesOf } from './machine-parts.ts';

// 64 are refused at a start (disk/inspect.ts). The rest is for what people do.
const most = 48;

/**
 * Each snapshot of a running machine puts a layer on its disks, and layers are merged only while it is off. What is done by
 * itself must not go on until the machine no longer starts.
 * @throws PhyllomeError `snapshot-layers`
 */
export async function requireFewLayers(machine: StoredMachine): Promise<void> {
  for (const { disk } of imagesOf(requireDefinition(machine))) {
    const { length } = await layersOf(locate(machine.directory, disk.file), disk.format);
    if (length >= most)
      throw new PhyllomeError('snapshot-layers', { name: machine.name, file: disk.file, layers: length });
  }
}
