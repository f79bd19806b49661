// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { CatalogEntry, CatalogMedium } from '../../../contract/catalog.ts';
import type { Image } from '../../../contract/image.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group } from '../../parts/rows.tsx';
import { useFormats, useText } from '../../text/language.ts';
import type { MediumFile } from '../draft.ts';
import { UploadRow } from '../upload-row.tsx';
import type { Uploading } from '../use-upload.ts';
import { useCatalogText } from './words.ts';

interface BringFileProps {
  entry: CatalogEntry;
  medium: CatalogMedium;
  brought: MediumFile | null;
  images: readonly Image[];
  uploading: Uploading;
  /** Chooses a file of this PC */
  onChoose(): void;
  /** Lets a browser's own chooser send one */
  onUpload(): void;
  onGive(file: MediumFile | null): void;
  /** What the file was recognised as */
  children?: ReactNode;
}

/** A medium that may not or cannot be downloaded for its user: where they get it, and where they put it. */
export function BringFile(props: BringFileProps) {
  const { entry, medium, brought, uploading, onGive, children } = props;
  const text = useCatalogText();
  const formats = useFormats();
  return (
    <Group title={text.bring.title} description={text.bring.about(entry.name)}>
      {medium.page !== undefined && (
        <a className="row" href={medium.page} target="_blank" rel="noreferrer">
          <Icon name="network" />
          <span className="row-text">
            <span className="row-title">{text.bring.page}</span>
            <br />
            <span className="row-subtitle">{text.bring.host(new URL(medium.page).host)}</span>
          </span>
          <Icon name="forward" />
        </a>
      )}
      {uploading.state !== null && <UploadRow uploading={uploading} />}
      {uploading.state === null && brought === null && <DropZone {...props} />}
      {uploading.state === null && brought !== null && (
        <div>
          <div className="row">
            <Icon name={brought.format === 'iso' ? 'disc' : 'disk'} />
            <span className="row-text">
              <span className="row-title">
                <bdi>{brought.name}</bdi>
              </span>
              <br />
              <span className="row-subtitle">
                {brought.bytes !== null && `${formats.bytes(brought.bytes)} · `}
                <bdi>{brought.file}</bdi>
              </span>
            </span>
            <Button label={text.bring.change} onClick={() => onGive(null)} />
          </div>
        </div>
      )}
      {brought !== null && children}
    </Group>
  );
}

function DropZone({ images, uploading, onChoose, onUpload, onGive }: BringFileProps) {
  const text = useCatalogText();
  const { what } = useText().create;
  const formats = useFormats();
  const media = images.filter(({ format }) => format === 'iso');
  return (
    <div className="drop-zone">
      <Icon name="upload" size={36} />
      <p className="drop-title">{text.bring.drop}</p>
      <div className="button-row">
        <Button label={text.bring.choose} onClick={onChoose} />
        <Button label={text.bring.upload} onClick={onUpload} />
      </div>
      {media.length > 0 && (
        <label className="small drop-library">
          {text.bring.inLibrary}
          <select
            className="input"
            value=""
            onChange={({ target }) => onGive(media.find(({ file }) => file === target.value) ?? null)}
          >
            <option value="" disabled>
              {what.library}
            </option>
            {media.map(({ name, file, bytes }) => (
              <option key={file} value={file}>
                {name} ({formats.bytes(bytes)})
              </option>
            ))}
          </select>
        </label>
      )}
      <ErrorNote error={uploading.error} />
      {uploading.problem !== null && (
        <p className="field-problem" role="alert">
          {uploading.problem}
        </p>
      )}
    </div>
  );
}
