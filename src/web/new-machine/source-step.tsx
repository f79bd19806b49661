// SPDX-License-Identifier: Apache-2.0
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { useQuery } from '@tanstack/react-query';
import type { CatalogEntry } from '../../contract/catalog.ts';
import type { Image } from '../../contract/image.ts';
import type { Architecture } from '../../contract/machine.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Segmented } from '../parts/segmented.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useCatalog, useHost } from '../service/queries.ts';
import { useText } from '../text/language.ts';
import { BringFile } from './catalog/bring-file.tsx';
import { CatalogPane } from './catalog/catalog-pane.tsx';
import { usualMedium } from './catalog/media.ts';
import { SystemView } from './catalog/system-view.tsx';
import { useCatalogText } from './catalog/words.ts';
import type { Draft, MediumFile } from './draft.ts';
import { FileChooser } from './file-chooser.tsx';
import { FilePane } from './file-pane.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { useUpload } from './use-upload.ts';

/** Where somebody looks; kept for the way back. */
export interface Browsing {
  from: 'catalog' | 'file';
  search: string;
  /** The system that is chosen is looked at */
  open: boolean;
}

interface SourceStepProps {
  draft: Draft;
  onChange(changes: Partial<Draft>): void;
  browsing: Browsing;
  onBrowse(changes: Partial<Browsing>): void;
  /** While a file is on its way here */
  onArriving(isArriving: boolean): void;
  error: unknown;
  /** What the chosen file was recognised as */
  identified: ReactNode;
}

/** What the machine is made from: a system of the catalogue, or a file that is here or comes here. */
export function SourceStep(props: SourceStepProps) {
  const { draft, onChange, browsing, onBrowse, onArriving, error, identified } = props;
  const { what } = useText().create;
  const text = useCatalogText();
  const catalog = useCatalog();
  const architecture = (useHost().data?.cpu.architecture ?? null) as Architecture | null;
  const images = useQuery({ queryKey: keys.images, queryFn: ({ signal }) => call('listImages', { signal }) });
  const [choosing, setChoosing] = useState(false);
  const [downloading, setDownloading] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const { source } = draft;
  const isBringing =
    browsing.from === 'catalog' &&
    browsing.open &&
    source?.kind === 'entry' &&
    source.medium?.source === 'bring';

  const chooseFile = (medium: MediumFile): void => {
    if (isBringing) return onChange({ source: { ...source, brought: medium }, inPlace: false });
    onChange({ source: { kind: 'file', medium }, inPlace: false, keepDiskSize: true });
    onBrowse({ from: 'file' });
  };
  const pick = (medium: MediumFile): void => {
    chooseFile(medium);
    if (!isBringing) onChange({ picked: medium });
  };
  const chooseEntry = (entry: CatalogEntry): void => {
    const medium = usualMedium(entry, architecture);
    onChange({ source: { kind: 'entry', entry, medium, brought: null }, inPlace: false, keepDiskSize: true });
    onBrowse({ open: true });
  };
  const uploading = useUpload(images.data ?? [], (image: Image) => chooseFile(image));
  const isArriving = uploading.state !== null || downloading;
  useEffect(() => onArriving(isArriving), [isArriving, onArriving]);
  const isOver = useFileDrop(uploading.send);

  return (
    <div className="source-step">
      {!(browsing.from === 'catalog' && browsing.open) && (
        <>
          <h2 tabIndex={-1}>{what.title}</h2>
          <div>
            <Segmented
              label={text.from.label}
              value={browsing.from}
              options={[
                { value: 'catalog', label: text.from.catalog },
                { value: 'file', label: text.from.file },
              ]}
              onChange={(from) => onBrowse({ from })}
            />
          </div>
        </>
      )}
      <ErrorNote error={error} />
      {browsing.from === 'file' ? (
        <FilePane
          draft={draft}
          images={images}
          uploading={uploading}
          onChange={onChange}
          onChoose={() => setChoosing(true)}
          onFile={chooseFile}
          onDownloading={setDownloading}
        >
          {identified}
        </FilePane>
      ) : (
        <Loaded query={catalog}>
          {(entries) =>
            browsing.open && source?.kind === 'entry' ? (
              <SystemView
                systems={systemsLike(source.entry, entries)}
                entry={source.entry}
                medium={source.medium}
                host={architecture}
                onEntry={chooseEntry}
                onMedium={(medium) => onChange({ source: { ...source, medium, brought: null } })}
                onBack={() => onBrowse({ open: false })}
              >
                {source.medium?.source === 'bring' && (
                  <BringFile
                    entry={source.entry}
                    medium={source.medium}
                    brought={source.brought}
                    images={images.data ?? []}
                    uploading={uploading}
                    onChoose={() => setChoosing(true)}
                    onUpload={() => input.current?.click()}
                    onGive={(brought) => onChange({ source: { ...source, brought } })}
                  >
                    {identified}
                  </BringFile>
                )}
              </SystemView>
            ) : (
              <CatalogPane
                entries={entries}
                search={browsing.search}
                chosen={source?.kind === 'entry' ? source.entry.family.id : null}
                onSearch={(search) => onBrowse({ search })}
                onOpen={chooseEntry}
                onUseFile={() => onBrowse({ from: 'file' })}
              />
            )
          }
        </Loaded>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={what.upload}
        onChange={({ target }) => {
          uploading.send([...(target.files ?? [])]);
          target.value = '';
        }}
      />
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

/** Other versions of a system of ours; osinfo-db's stand alone, since they have hundreds. */
function systemsLike(entry: CatalogEntry, entries: readonly CatalogEntry[]): CatalogEntry[] {
  if (entry.origin === 'osinfo') return [entry];
  return entries.filter(({ origin, family }) => origin === 'ours' && family.id === entry.family.id);
}
