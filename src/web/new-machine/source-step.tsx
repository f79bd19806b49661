// SPDX-License-Identifier: Apache-2.0
import { useEffect, useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { Image } from '../../contract/image.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useCatalog } from '../service/queries.ts';
import { useFormats, useText } from '../text/language.ts';
import { ChoiceRow } from '../parts/choice-row.tsx';
import { DiskUse } from './disk-use.tsx';
import { DownloadRow } from './download-row.tsx';
import type { Draft, MediumFile, Source } from './draft.ts';
import { FileChooser } from './file-chooser.tsx';
import { LibraryGroup } from './library-group.tsx';
import { UploadRow } from './upload-row.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useUpload } from './use-upload.ts';

interface SourceStepProps {
  draft: Draft;
  onChange(changes: Partial<Draft>): void;
  /** While a file is on its way here */
  onArriving(isArriving: boolean): void;
  error: unknown;
}

/** What the machine is made from: an entry of the catalogue, or a file that is here or comes here. */
export function SourceStep({ draft, onChange, onArriving, error }: SourceStepProps) {
  const { create } = useText();
  const { what } = create;
  const formats = useFormats();
  const catalog = useCatalog();
  const images = useQuery({ queryKey: keys.images, queryFn: ({ signal }) => call('listImages', { signal }) });
  const [choosing, setChoosing] = useState(false);
  const [downloading, setDownloading] = useState(false);

  const choose = (source: Source): void => onChange({ source, inPlace: false, keepDiskSize: true });
  const chooseFile = (medium: MediumFile): void => choose({ kind: 'file', medium });
  const pick = (picked: MediumFile): void =>
    onChange({ source: { kind: 'file', medium: picked }, picked, inPlace: false, keepDiskSize: true });
  const uploading = useUpload(images.data ?? [], (image: Image) => chooseFile(image));
  const isArriving = uploading.state !== null || downloading;
  useEffect(() => onArriving(isArriving), [isArriving, onArriving]);

  const isOver = useFileDrop(uploading.send);
  const { source, picked } = draft;
  const medium = source?.kind === 'file' ? source.medium : null;
  const isInLibrary = images.data?.some(({ file }) => file === picked?.file) === true;

  return (
    <div className="source-step">
      <h2 tabIndex={-1}>{what.title}</h2>
      <ErrorNote error={error} />
      <Loaded query={catalog}>
        {(entries) => (
          <Group title={what.ready}>
            {entries.map((entry) => (
              <ChoiceRow
                key={entry.id}
                name="source"
                title={entry.name}
                subtitle={entry.description}
                icon="machines"
                checked={source?.kind === 'entry' && source.entry.id === entry.id}
                onChoose={() => choose({ kind: 'entry', entry })}
              />
            ))}
          </Group>
        )}
      </Loaded>
      <Group title={what.medium} description={what.mediumAbout}>
        {picked !== null && !isInLibrary && (
          <ChoiceRow
            name="source"
            title={<bdi>{picked.name}</bdi>}
            subtitle={[
              what.formats[picked.format],
              picked.bytes !== null && formats.bytes(picked.bytes),
              <bdi key="path">{picked.file}</bdi>,
            ]
              .filter((fact) => fact !== false)
              .flatMap((fact, index) => (index === 0 ? [fact] : [' · ', fact]))}
            icon={picked.format === 'iso' ? 'disc' : 'disk'}
            checked={picked.file === medium?.file}
            onChoose={() => chooseFile(picked)}
          />
        )}
        <Row
          title={what.choose}
          subtitle={what.chooseAbout}
          icon="folder"
          onClick={() => setChoosing(true)}
        />
        <UploadRow uploading={uploading} />
        <DownloadRow onArriving={setDownloading} onImage={chooseFile} />
      </Group>
      <LibraryGroup images={images} chosen={medium?.file ?? null} onChoose={chooseFile} />
      {medium !== null && <DiskUse draft={draft} medium={medium} onChange={onChange} />}
      {isOver && (
        <div className="drop-here">
          <p>
            <Icon name="upload" size={48} />
            {what.drop}
          </p>
        </div>
      )}
      {choosing && <FileChooser onChoose={pick} onClose={() => setChoosing(false)} />}
    </div>
  );
}
