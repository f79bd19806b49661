// SPDX-License-Identifier: Apache-2.0
import type { OsDisk } from '../../contract/os-install.ts';
import { Icon } from '../parts/icon.tsx';
import { Group, TextRow } from '../parts/rows.tsx';
import { useFormats } from '../text/language.ts';
import { DiskPicture } from './disk-picture.tsx';
import { useInstallText } from './words.ts';

/** What will be gone, in words and as a picture; its name has to be typed. */
export function ConfirmStep({
  disk,
  value,
  isRight,
  onChange,
}: {
  disk: OsDisk;
  value: string;
  isRight: boolean;
  onChange(confirmation: string): void;
}) {
  const { confirm: text } = useInstallText();
  const formats = useFormats();
  const systems = [...new Set(disk.partitions.map(({ system }) => system))].filter((one) => one !== null);
  const count = disk.partitions.length;
  return (
    <>
      <section className="card install-erased">
        <p>
          <strong>
            <Icon name="warning" /> {text.erase(`${disk.name} (${disk.path}, ${formats.bytes(disk.size)})`)}
          </strong>
        </p>
        <ul>
          {systems.length > 0 && <li>{text.systems(formats.list(systems))}</li>}
          <li>{count === 0 ? text.nothing : text.partitions(count, formats.number(count))}</li>
          {disk.partitions.some(({ fileSystem }) => fileSystem === 'BitLocker') && <li>{text.bitlocker}</li>}
          {disk.partitions.some(({ role }) => role === 'member') && <li>{text.member}</li>}
        </ul>
        <DiskPicture disk={disk} />
      </section>
      <div className="install-confirm">
        <Group>
          <TextRow
            title={text.typeLabel}
            subtitle={text.type(disk.name)}
            value={value}
            maxLength={300}
            problem={
              value === '' || isRight || disk.name.toLowerCase().startsWith(value.toLowerCase())
                ? null
                : text.typeBad
            }
            onChange={onChange}
          />
        </Group>
      </div>
    </>
  );
}
