// SPDX-License-Identifier: Apache-2.0
//
// What osinfo-db knows about a system, with what it has from the systems it comes from.
import type { Resources } from '../../contract/catalog.ts';
import type { OsinfoAmount, OsinfoDatabase, OsinfoSystem } from './database.ts';

export interface OsinfoFacts {
  /** Address */
  id: string;
  shortId: string;
  name: string;
  version: string;
  family: string;
  distro: string;
  released: string | null;
  ends: string | null;
  minimum: Resources | null;
  recommended: Resources | null;
  /** Names: "virtio1.0-net", "qemu-xhci" */
  devices: string[];
  firmware: OsinfoSystem['firmware'];
}

export function createOsinfoFacts(database: OsinfoDatabase) {
  const byName = new Map<string, OsinfoSystem>();
  for (const system of database.systems) {
    byName.set(system.id, system);
    for (const shortId of system.shortIds) byName.set(shortId, system);
  }

  /** The system, then what it comes from, nearest first. Chains of hostile files may be circles. */
  function lineage(system: OsinfoSystem): OsinfoSystem[] {
    const all = new Set([system]);
    for (const known of all) {
      for (const parent of known.parents) {
        const found = byName.get(parent);
        if (found !== undefined) all.add(found);
      }
    }
    return [...all];
  }

  function devicesOf(line: readonly OsinfoSystem[]): string[] {
    const without = new Set<string>();
    const devices = new Set<string>();
    for (const { devices: added, withoutDevices } of line) {
      for (const device of added) if (!without.has(device)) devices.add(device);
      for (const device of withoutDevices) without.add(device);
    }
    return [...devices].map((id) => database.devices[id] ?? id);
  }

  return (ref: string): OsinfoFacts | null => {
    const system = byName.get(ref);
    if (system === undefined) return null;
    const line = lineage(system);
    const amounts = (key: 'minimum' | 'recommended'): OsinfoAmount | undefined => {
      for (const { resources } of line) {
        const usable = resources.filter((entry) => entry[key] !== undefined);
        const best = ['x86_64', 'all'].map((wanted) =>
          usable.find(({ architecture }) => architecture === wanted),
        );
        const found = best.find((entry) => entry !== undefined) ?? usable[0];
        if (found !== undefined) return found[key];
      }
      return undefined;
    };
    const { id, shortIds, name, version, family, distro, released, ends } = system;
    const minimum = amounts('minimum');
    return {
      id,
      shortId: shortIds[0] ?? id,
      name,
      version,
      family,
      distro,
      released,
      ends,
      minimum: complete(minimum, undefined),
      recommended: complete(amounts('recommended'), minimum),
      devices: devicesOf(line),
      firmware: line.find(({ firmware }) => firmware.length > 0)?.firmware ?? [],
    };
  };
}

/** Many say only a part: what is recommended is at least what is needed. */
function complete(amount: OsinfoAmount | undefined, least: OsinfoAmount | undefined): Resources | null {
  const all = { ...least, ...amount };
  if (all.memoryBytes === undefined) return null;
  return { vcpus: all.vcpus ?? 1, memoryBytes: all.memoryBytes, diskBytes: all.diskBytes ?? 0 };
}
