// SPDX-License-Identifier: Apache-2.0
//
// How the files of an update are called. Edition, distribution and architecture stand in every name, so that files for
// another PC never match, whoever offers them.
import { editions, type Edition, type OsImage } from '../../contract/os.ts';
import { versionPattern } from '../systemd-version.ts';

export type UpdateFileKind = 'usr' | 'usr-verity' | 'kernel';

/** What an image is, apart from its version. */
export type Flavour = Pick<OsImage, 'edition' | 'distribution' | 'architecture'>;

export interface UpdateFile extends Flavour {
  name: string;
  version: string;
  kind: UpdateFileKind;
}

/** Names of the three files of an update. The partitions get the identifiers, which are the halves of the seal of /usr. */
export function updateFileNames(
  flavour: Flavour & { version: string },
  ids: { usr: string; verity: string },
) {
  const start = `${prefixOf(flavour)}_${flavour.version}`;
  return {
    usr: `${start}_${ids.usr}.usr.raw.gz`,
    'usr-verity': `${start}_${ids.verity}.usr-verity.raw.gz`,
    kernel: `${start}.efi`,
  } satisfies Record<UpdateFileKind, string>;
}

/** The same names as patterns of systemd-sysupdate: @v is the version, @u the identifier of the partition. */
export function updatePatterns(flavour: Flavour): Record<UpdateFileKind, string> {
  return updateFileNames({ ...flavour, version: '@v' }, { usr: '@u', verity: '@u' });
}

const namePattern = new RegExp(
  `^phyllome-(?<edition>${editions.join('|')})-(?<distribution>[a-z]{1,20})-(?<architecture>x86-64|arm64)_(?<version>[^_]{1,40})` +
    '(?:_(?<id>[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\\.(?<kind>usr|usr-verity)\\.raw\\.gz|\\.efi)$',
);

/** What a name says; null when it is none of ours. */
export function readUpdateFileName(name: string): UpdateFile | null {
  const { edition, distribution, architecture, version, kind } = namePattern.exec(name)?.groups ?? {};
  if (edition === undefined || distribution === undefined || architecture === undefined) return null;
  if (version === undefined || !versionPattern.test(version)) return null;
  return {
    name,
    edition: edition as Edition,
    distribution,
    architecture,
    version,
    kind: (kind ?? 'kernel') as UpdateFileKind,
  };
}

/** The identifier in the name of a file that becomes a partition; null when it is no such name. */
export const partitionIdIn = (name: string): string | null => namePattern.exec(name)?.groups?.['id'] ?? null;

/** For people: "kiosk, debian, x86-64". */
export const flavourText = ({ edition, distribution, architecture }: Flavour): string =>
  `${edition}, ${distribution}, ${architecture}`;

const prefixOf = ({ edition, distribution, architecture }: Flavour): string =>
  `phyllome-${edition}-${distribution}-${architecture}`;
