// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry, CatalogMedium, Resources, verifications } from '../contract/catalog.ts';
import type { Download, Medium, System } from './entry-file.ts';
import type { CatalogSystem } from './read-entries.ts';

/** What clients are told of a system. */
export function describeSystem({ system, family }: CatalogSystem): CatalogEntry {
  const { id, name, description, aliases, firmware, secureBoot, tpm, notes } = system;
  return {
    id,
    name,
    description,
    aliases,
    family: { id: family.id, name: family.name, colour: family.colour },
    origin: 'ours',
    homepage: system.homepage ?? family.homepage,
    licence: family.licence,
    released: system.released ?? null,
    ends: system.ends ?? null,
    minimum: resourcesOf(system.minimum),
    recommended: resourcesOf(system.recommended),
    firmware,
    secureBoot,
    tpm,
    notes,
    media: system.media.map(describeMedium),
  };
}

const resourcesOf = ({ vcpus, memory, disk }: System['minimum']): Resources => ({
  vcpus,
  memoryBytes: memory,
  diskBytes: disk,
});

function describeMedium(medium: Medium): CatalogMedium {
  const { id, name, kind, architecture, size, download, packages, bring, unattended } = medium;
  return {
    id,
    name,
    kind,
    architecture,
    bytes: size ?? null,
    source: packages === undefined ? (download === undefined ? 'bring' : 'download') : 'packages',
    ...(bring && { page: bring.page }),
    ...(download && { host: new URL(download.folder).host }),
    verified: packages === undefined ? verificationOf(download) : 'apt',
    unattended: unattended ?? null,
  };
}

/** How well a download is known to be what its makers made: the best of what its entry asks for. */
function verificationOf(download: Download | undefined): (typeof verifications)[number] {
  const signature = download?.checksums?.signature ?? download?.signature;
  if (signature !== undefined) return signature.kind;
  return download?.sha256 !== undefined || download?.checksums !== undefined ? 'checksum' : 'none';
}
