// SPDX-License-Identifier: Apache-2.0
//
// osinfo-db's systems as entries of the catalogue: hundreds of them, mostly old. They are shown to who looks for them.
import type { CatalogEntry, CatalogMedium } from '../../contract/catalog.ts';
import { architectures, type Architecture } from '../../contract/machine.ts';
import type { OsinfoDatabase, OsinfoSystem } from './database.ts';
import { createOsinfoFacts } from './facts.ts';

/** Systems that stand for "we do not know" are no choice. */
const isChoice = ({ id, shortIds }: OsinfoSystem): boolean => shortIds.length > 0 && !id.endsWith('unknown');

export function osinfoEntries(database: OsinfoDatabase): CatalogEntry[] {
  const factsOf = createOsinfoFacts(database);
  return database.systems.filter(isChoice).map((system) => {
    const facts = factsOf(system.id);
    const efi = facts?.firmware.some(({ type, supported }) => type === 'efi' && supported) === true;
    const noBios = facts?.firmware.some(({ type, supported }) => type === 'bios' && !supported) === true;
    return {
      id: system.shortIds[0] as string,
      name: system.name,
      description: system.vendor === '' ? 'From osinfo-db' : `By ${system.vendor}, from osinfo-db`,
      aliases: system.shortIds.slice(1),
      family: {
        id: system.distro || system.family || 'other',
        name: system.vendor || system.distro,
        colour: colourOf(system.distro),
      },
      origin: 'osinfo',
      homepage: null,
      licence: null,
      released: system.released,
      ends: system.ends,
      minimum: facts?.minimum ?? null,
      recommended: facts?.recommended ?? null,
      firmware: noBios ? 'uefi' : efi ? 'both' : 'bios',
      secureBoot: 'unsupported',
      tpm: 'supported',
      notes: ['Known from osinfo-db; nobody of us has tried it.'],
      media: mediaOf(system),
    };
  });
}

function mediaOf({ media, images }: OsinfoSystem): CatalogMedium[] {
  const isos = media.flatMap(({ architecture, live, url }): CatalogMedium[] => {
    const machine = machineOf(architecture);
    if (machine === null || url === null || !/^https?:\/\//.test(url)) return [];
    return [
      {
        id: '',
        name: fileNameOf(url),
        kind: live ? 'live' : 'installer',
        architecture: machine,
        bytes: null,
        // Addresses of old media are mostly dead, and nobody says checksums: its user decides.
        source: 'bring',
        page: url,
        verified: 'none',
        unattended: null,
      },
    ];
  });
  const clouds = images.flatMap(({ architecture, url, cloudInit }): CatalogMedium[] => {
    const machine = machineOf(architecture);
    if (machine === null || !/^https?:\/\//.test(url)) return [];
    const kind = cloudInit ? 'cloud-image' : 'disk-image';
    const unattended = cloudInit ? 'cloud-init' : null;
    return [
      {
        id: '',
        name: fileNameOf(url),
        kind,
        architecture: machine,
        bytes: null,
        source: 'bring',
        page: url,
        verified: 'none',
        unattended,
      },
    ];
  });
  const all = [...isos, ...clouds].map((medium, index) => ({ ...medium, id: `osinfo-${index + 1}` }));
  return all.length === 0 ? [ownMedium] : all;
}

/** Of most old systems nobody says where their media are. */
const ownMedium: CatalogMedium = {
  id: 'own',
  name: 'A medium that you have',
  kind: 'installer',
  architecture: 'x86_64',
  bytes: null,
  source: 'bring',
  verified: 'none',
  unattended: null,
};

function fileNameOf(url: string): string {
  return url.split('/').findLast((part) => part !== '') ?? url;
}

function machineOf(architecture: string): Architecture | null {
  if (/^(i[3-6]86|all)$/.test(architecture)) return 'x86_64';
  return architectures.find((known) => known === architecture) ?? null;
}

/** A tile of the same colour for all of one family. */
function colourOf(distro: string): string {
  let hash = 0;
  for (const character of distro) hash = (hash * 31 + (character.codePointAt(0) as number)) % 4096;
  const part = (shift: number): string => (0x40 + ((hash >> shift) & 0xf) * 6).toString(16).padStart(2, '0');
  return `#${part(0)}${part(4)}${part(8)}`;
}

/** Without those that one of ours stands for. */
export function withoutOurs(
  entries: readonly CatalogEntry[],
  ours: readonly Pick<CatalogEntry, 'id' | 'aliases'>[],
): CatalogEntry[] {
  const taken = new Set(ours.flatMap(({ id, aliases }) => [id, ...aliases]));
  return entries.filter(({ id, aliases }) => ![id, ...aliases].some((name) => taken.has(name)));
}
