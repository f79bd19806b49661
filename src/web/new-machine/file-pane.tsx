// SPDX-License-Identifier: Apache-2.0
import type { ReactNode } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import type { Image } from '../../contract/image.ts';
import { ChoiceRow } from '../parts/choice-row.tsx';
import { Group, Row } from '../parts/rows.tsx';
import { useFormats, useText } from '../text/language.ts';
import { DiskUse } from './disk-use.tsx';
import { DownloadRow } from './download-row.tsx';
import type { Draft, MediumFile } from './draft.ts';
import { LibraryGroup } from './library-group.tsx';
import { UploadRow } from './upload-row.tsx';
import type { Uploading } from './use-upload.ts';

interface FilePaneProps {
  draft: Draft;
  images: UseQueryResult<Image[]>;
  uploading: Uploading;
  onChange(changes: Partial<Draft>): void;
  onChoose(): void;
  onFile(medium: MediumFile): void;
  onDownloading(isDownloading: boolean): void;
  /** What the chosen file was recognised as */
  children?: ReactNode;
}

/** An installation medium or a disk that somebody has: on this PC, beside them, or on the web. */
export function FilePane(props: FilePaneProps) {
  const { draft, images, uploading, onChange, onChoose, onFile, onDownloading, children } = props;
  const { what } = useText().create;
  const formats = useFormats();
  const { source, picked } = draft;
  const medium = source?.kind === 'file' ? source.medium : null;
  const isInLibrary = images.data?.some(({ file }) => file === picked?.file) === true;
  return (
    <>
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
            onChoose={() => onFile(picked)}
          />
        )}
        <Row title={what.choose} subtitle={what.chooseAbout} icon="folder" onClick={onChoose} />
        <UploadRow uploading={uploading} />
        <DownloadRow onArriving={onDownloading} onImage={onFile} />
      </Group>
      <LibraryGroup images={images} chosen={medium?.file ?? null} onChoose={onFile} />
      {medium !== null && <Group>{children}</Group>}
      {medium !== null && <DiskUse draft={draft} medium={medium} onChange={onChange} />}
    </>
  );
}
