// SPDX-License-Identifier: Apache-2.0
import type { MachineDisk } from '../../../contract/disk.ts';
import { Icon } from '../../parts/icon.tsx';
import { SharesBar } from '../../parts/shares-bar.tsx';
import { useFormats } from '../../text/language.ts';
import { partsOf, sharersOf } from './disk-shares.ts';
import { useDiskText } from './words.ts';

/** A disk as a bar: what is written where, what others have too, and what is left. */
export function DiskPicture({ disk }: { disk: MachineDisk }) {
  const text = useDiskText();
  const formats = useFormats();
  const { own, below, shared, left } = partsOf(disk);
  const others = sharersOf(disk);
  const { bytes } = formats;
  return (
    <>
      {disk.problem !== null && (
        <div className="note bad">
          <Icon name="error" />
          <p lang="en">{disk.problem}</p>
        </div>
      )}
      {disk.kind === 'device' ? (
        <p className="small dim">{text.device}</p>
      ) : (
        <>
          <SharesBar
            title={text.picture(disk.file)}
            shares={[
              { key: 'own', label: text.own, value: own, text: bytes(own), look: 1 },
              { key: 'below', label: text.below, value: below, text: bytes(below), look: 3 },
              { key: 'shared', label: text.shared, value: shared, text: bytes(shared), look: 4 },
              { key: 'left', label: text.left, value: left, text: bytes(left), look: 'free' },
            ]}
          />
          <p className="small dim">
            {disk.virtualSize === null
              ? text.unreadable
              : text.of(bytes(disk.allocated), bytes(disk.virtualSize))}
            {' · '}
            {text.freed(bytes(disk.freed))}
            {others.length > 0 && ` ${text.sharedWith(formats.list(others))}`}
          </p>
        </>
      )}
    </>
  );
}
