// SPDX-License-Identifier: Apache-2.0
//
// What suits a guest, and what a machine has of that: asked by people before they make one, and of one that there is.
import type { GuestProfile } from '../../contract/catalog.ts';
import type { Architecture, MachineDefinition } from '../../contract/machine.ts';
import type { ProfileOptions } from '../../catalog/profile/choice.ts';
import { factsOfSystem, unknownGuest, type GuestFacts } from '../../catalog/profile/guest-facts.ts';
import { profileFor } from '../../catalog/profile/profile.ts';
import { shortcomings } from '../../catalog/profile/shortcomings.ts';
import { hostArchitecture } from '../../host/architecture.ts';
import { nearestEntry } from '../identify/entry-finder.ts';
import { guestOf, type GuestSources } from '../identify/guest-of.ts';

export interface GuestProfileParts extends GuestSources {
  /** What this PC can give its guests */
  host(architecture: Architecture): Promise<NonNullable<ProfileOptions['host']>>;
  /** The CD with drivers for Windows, when it is at hand */
  drivers(): Promise<string | null>;
}

export function createGuestProfiles(parts: GuestProfileParts) {
  const { ours, host } = parts;

  async function factsOf(id: string): Promise<GuestFacts> {
    if (id === 'generic') return unknownGuest();
    const systems = (await ours()).map(({ system }) => system);
    const near = nearestEntry(
      { id, osinfo: null },
      systems.map(({ osinfo, ...rest }) => ({ ...rest, osinfo })),
    );
    const system = systems.find((found) => found.id === near);
    // An alias stands for its system; anything else stays what it was called.
    if (system !== undefined)
      return { ...factsOfSystem(system), id: system.aliases.includes(id) ? system.id : id };
    const known = await parts.osinfo.facts(id);
    return guestOf({ guestOs: id, osinfo: null, entry: null, name: known?.name ?? id }, parts);
  }

  async function describe(
    id: string,
    architecture: Architecture,
    options: ProfileOptions,
    definition: MachineDefinition | null,
  ): Promise<GuestProfile> {
    const [facts, able] = await Promise.all([factsOf(id), host(architecture)]);
    const drivers = facts.kernel === 'windows' ? await parts.drivers() : null;
    const { choices } = profileFor(facts, architecture, { drivers, ...options, host: able });
    return {
      guestOs: facts.id,
      name: facts.name,
      architecture,
      choices,
      shortcomings: definition === null ? [] : shortcomings(facts, definition),
    };
  }

  return {
    /** @param unattended it is to be installed without questions, which brings drivers along */
    ofGuest: (id: string, architecture: Architecture = hostArchitecture() ?? 'x86_64', unattended = false) =>
      describe(id, architecture, { unattended }, null),
    ofMachine(definition: MachineDefinition): Promise<GuestProfile> {
      // Whoever has a virtio disk under Windows has its driver, too.
      const has = definition.disks[0]?.bus === 'virtio' ? { drivers: definition.disks[0].file } : {};
      return describe(definition.guestOs, definition.architecture, has, definition);
    },
    /** What the guest of a definition wants and does not get: sentences */
    async shortcomings(definition: MachineDefinition): Promise<string[]> {
      if (definition.guestOs === 'generic') return [];
      return shortcomings(await factsOf(definition.guestOs), definition);
    },
  };
}
