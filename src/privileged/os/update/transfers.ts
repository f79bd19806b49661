// SPDX-License-Identifier: Apache-2.0
//
// What systemd-sysupdate is told to do: three files of one version, of which two go to the partitions that are free and the
// last, the kernel, to the boot partition. It comes last, since it is what makes the new version exist for the boot loader.
import type { OsImage } from '../../../contract/os.ts';
import { updatePatterns, type UpdateFileKind } from '../../../host/os-update/file-names.ts';
import { tries } from '../slots/kernels.ts';

export interface Transfer {
  file: string;
  text: string;
}

export interface TransferPlaces {
  /** The disk with the partitions; "auto": that of /usr */
  disk: string;
  /** The folder of kernels; null: on the boot partition, wherever that is mounted */
  kernels: string | null;
}

const onThisPc: TransferPlaces = { disk: 'auto', kernels: null };

/** @param url of the folder with the files, percent-encoded */
export function transfers(image: OsImage, url: string, places: TransferPlaces = onThisPc): Transfer[] {
  const patterns = updatePatterns(image);
  const source = (kind: UpdateFileKind): string[] => [
    '[Transfer]',
    // What runs is never overwritten, whichever version is oldest.
    `ProtectVersion=${escaped(image.version)}`,
    'Verify=yes',
    '',
    '[Source]',
    'Type=url-file',
    `Path=${escaped(url)}`,
    `MatchPattern=${patterns[kind]}`,
    '',
    '[Target]',
  ];
  const partition = (kind: 'usr' | 'usr-verity'): string[] => [
    ...source(kind),
    'Type=partition',
    `Path=${places.disk}`,
    'MatchPattern=phyllome_@v',
    `MatchPartitionType=${kind}`,
    'PartitionFlags=0',
    'ReadOnly=1',
  ];
  const kernel = [
    ...source('kernel'),
    'Type=regular-file',
    ...(places.kernels === null
      ? ['Path=/EFI/Linux', 'PathRelativeTo=boot']
      : [`Path=${escaped(places.kernels)}`]),
    'MatchPattern=phyllome_@v+@l-@d.efi phyllome_@v+@l.efi phyllome_@v.efi',
    'Mode=0444',
    `TriesLeft=${tries}`,
    'TriesDone=0',
    'InstancesMax=2',
  ];
  return [
    { file: '10-usr-verity.transfer', text: asText(partition('usr-verity')) },
    { file: '20-usr.transfer', text: asText(partition('usr')) },
    { file: '30-kernel.transfer', text: asText(kernel) },
  ];
}

// "%" begins a specifier of systemd.
const escaped = (text: string): string => text.replaceAll('%', '%%');
const asText = (lines: readonly string[]): string => `${lines.join('\n')}\n`;
