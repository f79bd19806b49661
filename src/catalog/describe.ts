// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../contract/api.ts';
import { parseDefinition } from '../contract/definition.ts';
import { formatVersion, type Architecture } from '../contract/machine.ts';
import type { CatalogItem } from './item.ts';

// Only read for its sizes; no machine has this id.
const nobody = { formatVersion, id: '00000000-0000-4000-8000-000000000000', name: 'nobody' };

/**
 * What clients are told of an item: enough to choose it, and the size its machines have on their own.
 * @param architecture of this PC; null when there are no guests for it
 */
export function describeItem(item: CatalogItem, architecture: Architecture | null): CatalogEntry {
  const { id, name, description } = item;
  if (architecture === null) return { id, name, description };
  const { cpu, memory } = parseDefinition({ ...item.draft(architecture), ...nobody, architecture });
  return { id, name, description, recommended: { vcpus: cpu.vcpus, memoryBytes: memory } };
}
