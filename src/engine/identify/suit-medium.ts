// SPDX-License-Identifier: Apache-2.0
//
// From a file that somebody has to what its machine should be like.
import type { Identified } from '../../contract/catalog.ts';
import type { Image } from '../../contract/image.ts';
import type { Architecture } from '../../contract/machine.ts';
import type { ProfileOptions } from '../../catalog/profile/choice.ts';
import type { GuestFacts } from '../../catalog/profile/guest-facts.ts';
import type { Medium } from '../medium.ts';
import { guestOf, type GuestSources } from './guest-of.ts';
import { windowsDrivers } from '../profile/windows-drivers.ts';
import type { Identifier } from './identifier.ts';

interface Suited {
  identified: Identified;
  guest: GuestFacts;
  /** Of the processor that the medium is for; null: any, or nobody says */
  architecture: Architecture | null;
  resources: { vcpus: number; memoryBytes: number };
  options: ProfileOptions;
}

export type MediumSuiter = (medium: Medium) => Promise<Suited>;

export interface SuitParts extends GuestSources {
  identifier: Pick<Identifier, 'identify' | 'known'>;
  /** The library, in which drivers for Windows may lie */
  images(): Promise<readonly Pick<Image, 'file' | 'format'>[]>;
  /** What this PC can give its guests */
  host(): Promise<NonNullable<ProfileOptions['host']>>;
  /** What a machine gets of this PC when nobody says */
  recommended(): { vcpus: number; memoryBytes: number };
}

export function createMediumSuiter(parts: SuitParts): MediumSuiter {
  const { identifier, recommended, host, images } = parts;

  /** The driver CD for Windows, recognised like any medium. */
  const driversFor = async ({ kernel }: GuestFacts): Promise<string | null> =>
    kernel === 'windows' ? windowsDrivers({ identifier, images }) : null;

  return async (medium) => {
    const file = medium.use === 'copy-disk' ? medium.source.file : medium.file;
    const identified = await identifier.identify(file);
    const guest = await guestOf(identified, parts);
    const usual = recommended();
    return {
      identified,
      guest,
      architecture: identified.architecture,
      // A guest that needs more than what machines usually get of this PC gets what it needs.
      resources: {
        vcpus: Math.max(usual.vcpus, guest.minimum?.vcpus ?? 0),
        memoryBytes: Math.max(usual.memoryBytes, guest.minimum?.memoryBytes ?? 0),
      },
      options: { drivers: await driversFor(guest), host: await host() },
    };
  };
}
