// SPDX-License-Identifier: Apache-2.0
import type { InstallOffer } from '../../contract/os-install.ts';
import { Button } from '../parts/button.tsx';
import { ChoiceRow } from '../parts/choice-row.tsx';
import { useFormats } from '../text/language.ts';
import { DiskPicture } from './disk-picture.tsx';
import { useInstallText } from './words.ts';

/** The disks of this PC, each with what is on it. Those that cannot be taken say why. */
export function DiskStep({
  offer,
  chosen,
  onChoose,
  onLook,
}: {
  offer: InstallOffer;
  chosen: string;
  onChoose(id: string): void;
  onLook(): void;
}) {
  const { disk: text } = useInstallText();
  const formats = useFormats();
  return (
    <fieldset className="group install-disks">
      <legend className="visually-hidden">{text.title}</legend>
      {offer.disks.every(({ refused }) => refused !== null) && <p role="status">{text.none}</p>}
      {offer.disks.map((disk) => (
        <div key={disk.id} className="card list">
          <ChoiceRow
            name="disk"
            icon="disk"
            title={<bdi>{disk.name}</bdi>}
            subtitle={[
              text.path(disk.path, formats.bytes(disk.size)),
              disk.serial !== '' && text.serial(disk.serial),
              disk.removable && text.removable,
            ]
              .filter((fact) => fact !== false)
              .join(' · ')}
            checked={chosen === disk.id}
            disabled={disk.refused !== null}
            onChoose={() => onChoose(disk.id)}
          />
          <div className="row install-picture">
            <DiskPicture disk={disk} />
            {disk.refused !== null && <p className="small">{text.refused[disk.refused.reason]}</p>}
          </div>
        </div>
      ))}
      <div>
        <Button label={text.again} icon="reset" onClick={onLook} />
      </div>
    </fieldset>
  );
}
