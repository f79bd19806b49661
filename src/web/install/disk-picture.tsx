// SPDX-License-Identifier: Apache-2.0
import type { OsDisk, OsPartition } from '../../contract/os-install.ts';
import { SharesBar, type Share } from '../parts/shares-bar.tsx';
import { useFormats } from '../text/language.ts';
import { pictureOf } from './draft.ts';
import { useInstallText, type InstallText } from './words.ts';

/** Systems have colours, in the order in which they come; what nobody knows has none. */
const looks: readonly Share['look'][] = [1, 2, 3, 4, 5, 6];

/** What is on a disk: each partition as a piece of one bar, and in words. */
export function DiskPicture({ disk }: { disk: OsDisk }) {
  const text = useInstallText();
  const formats = useFormats();
  if (disk.partitions.length === 0) return <p className="small dim">{text.disk.empty}</p>;
  const shares = pictureOf(disk).map(({ part, bytes }, index): Share => {
    const about = { key: String(index), value: bytes, text: formats.bytes(bytes) };
    return part === null
      ? { ...about, label: text.disk.free, look: 'free' }
      : { ...about, label: partitionWords(part, text), look: looks[index % looks.length] ?? 'others' };
  });
  return <SharesBar title={text.disk.picture(disk.name)} shares={shares} />;
}

function partitionWords({ role, system, label, fileSystem }: OsPartition, { part }: InstallText): string {
  const words = system === null ? part[role] : part.of(part[role], system);
  const named = label === null || label === '' ? words : part.labelled(words, label);
  return fileSystem === null ? named : `${named} (${fileSystem})`;
}
