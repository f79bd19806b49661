// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../contract/catalog.ts';
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
  const entry: CatalogEntry = {
    id,
    name,
    description,
    aliases: [],
    family: { id: 'phyllome', name: 'Phyllome', colour: '#3584e4' },
    origin: 'ours',
    homepage: null,
    licence: null,
    released: null,
    ends: null,
    minimum: null,
    recommended: null,
    firmware: 'none',
    secureBoot: 'unsupported',
    tpm: 'supported',
    notes: [],
    media: [],
  };
  if (architecture === null) return entry;
  const { cpu, memory, disks } = parseDefinition({ ...item.draft(architecture), ...nobody, architecture });
  const diskBytes = disks.reduce((total, { size = 0 }) => total + size, 0);
  return { ...entry, recommended: { vcpus: cpu.vcpus, memoryBytes: memory, diskBytes } };
}
