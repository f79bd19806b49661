// SPDX-License-Identifier: Apache-2.0
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import type { FileEntry, Folder } from '../../contract/image.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Icon, type IconName } from '../parts/icon.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useText } from '../text/language.ts';
import { crumbsOf, placeOf } from './crumbs.ts';
import type { MediumFile } from './draft.ts';
import { FileList } from './file-list.tsx';

type Place = Folder['places'][number];

const placeIcons: Record<Place['kind'], IconName> = {
  home: 'folder',
  downloads: 'download',
  library: 'disc',
  drive: 'disk',
  folder: 'folder',
};

interface FileChooserProps {
  onChoose(medium: MediumFile): void;
  onClose(): void;
}

/** A file of the PC on which the service runs, from the folders that may be looked at. */
export function FileChooser({ onChoose, onClose }: FileChooserProps) {
  const { chooser } = useText().create;
  return (
    <Chooser
      title={chooser.title}
      resultOf={(_, selected) => (selected?.kind === 'image' ? selected : null)}
      onOpen={(entry) => entry.kind !== 'folder'}
      onChoose={({ name, path: file, format, bytes }) => {
        onChoose({ name, file, format: format ?? 'unknown', bytes });
        onClose();
      }}
      onClose={onClose}
    />
  );
}

/** A folder of that PC: the one that is marked, else the one that is open. */
export function FolderChooser({ onChoose, onClose }: { onChoose(path: string): void; onClose(): void }) {
  const { chooser } = useText().create;
  return (
    <Chooser
      title={chooser.folderTitle}
      resultOf={(folder, selected) => (selected?.kind === 'folder' ? selected : folder)}
      onOpen={() => false}
      tellOf={({ path }) => path}
      onChoose={({ path }) => {
        onChoose(path);
        onClose();
      }}
      onClose={onClose}
    />
  );
}

interface ChooserProps<Result> {
  title: string;
  /** What the button chooses; null: nothing that could be */
  resultOf(folder: Folder, selected: FileEntry | null): Result | null;
  /** Whether opening this entry chooses it */
  onOpen(entry: FileEntry): boolean;
  /** What the button would choose, in words, where the list alone does not show it */
  tellOf?(result: Result): string;
  onChoose(result: Result | FileEntry): void;
  onClose(): void;
}

function Chooser<Result extends object>({
  title,
  resultOf,
  onOpen,
  tellOf,
  onChoose,
  onClose,
}: ChooserProps<Result>) {
  const { create, common } = useText();
  const { chooser } = create;
  const [path, setPath] = useState<string | null>(null);
  const [selected, setSelected] = useState<FileEntry | null>(null);
  const query = useQuery({
    queryKey: keys.files(path),
    queryFn: ({ signal }) => call('listFiles', { query: path === null ? {} : { path }, signal }),
    // The disk is another each time, and no event tells of it.
    staleTime: 0,
    placeholderData: keepPreviousData,
  });
  const open = (to: string): void => {
    setSelected(null);
    setPath(to);
  };
  const result = query.data === undefined ? null : resultOf(query.data, selected);

  return (
    <Dialog
      title={title}
      wide
      onClose={onClose}
      footer={
        <>
          {result !== null && tellOf !== undefined && (
            <span className="start small dim chooser-result">{tellOf(result)}</span>
          )}
          <Button label={common.cancel} onClick={onClose} />
          <Button
            label={chooser.choose}
            kind="suggested"
            disabled={result === null}
            onClick={() => result !== null && onChoose(result)}
          />
        </>
      }
    >
      <Loaded query={query}>
        {(folder) => (
          <div className="chooser">
            <Places places={folder.places} current={placeOf(folder.path, folder.places)} onOpen={open} />
            <div className="chooser-main">
              <Crumbs folder={folder} onOpen={open} />
              {/* A folder that cannot be read leaves the last one in sight. */}
              <ErrorNote error={query.error} />
              <FileList
                key={folder.path}
                folder={folder}
                onSelect={setSelected}
                onOpen={(entry) => {
                  if (entry.kind === 'folder') open(entry.path);
                  else if (onOpen(entry)) onChoose(entry);
                }}
                onUp={() => folder.parent !== null && open(folder.parent)}
              />
              {folder.truncated && <p className="small dim">{chooser.truncated}</p>}
            </div>
          </div>
        )}
      </Loaded>
    </Dialog>
  );
}

interface PlacesProps {
  places: readonly Place[];
  current: Place | undefined;
  onOpen(path: string): void;
}

function Places({ places, current, onOpen }: PlacesProps) {
  const nameOf = usePlaceName();
  const { chooser } = useText().create;
  return (
    <nav className="chooser-places" aria-label={chooser.places}>
      {places.map((place) => (
        <button
          key={place.path}
          type="button"
          className="chooser-place"
          title={place.path}
          onClick={() => onOpen(place.path)}
          {...(place === current && { 'aria-current': 'true' as const })}
        >
          <Icon name={placeIcons[place.kind]} />
          <span className="ellipsis">{nameOf(place)}</span>
        </button>
      ))}
    </nav>
  );
}

function Crumbs({ folder, onOpen }: { folder: Folder; onOpen(path: string): void }) {
  const nameOf = usePlaceName();
  const { chooser } = useText().create;
  const place = placeOf(folder.path, folder.places);
  const { parent } = folder;
  return (
    <div className="crumbs">
      <Button
        label={chooser.up}
        icon="up"
        kind="flat"
        iconOnly
        disabled={parent === null}
        onClick={() => parent !== null && onOpen(parent)}
      />
      <nav aria-label={chooser.path}>
        <ol>
          {place !== undefined &&
            [{ name: nameOf(place), path: place.path }, ...crumbsOf(folder.path, place)].map(
              ({ name, path }) => (
                <li key={path}>
                  <button
                    type="button"
                    className="crumb"
                    onClick={() => onOpen(path)}
                    {...(path === folder.path && { 'aria-current': 'page' as const })}
                  >
                    <bdi>{name}</bdi>
                  </button>
                </li>
              ),
            )}
        </ol>
      </nav>
    </div>
  );
}

/** Places that every PC has are named in the user's language. */
function usePlaceName(): (place: Place) => string {
  const { kinds } = useText().create.chooser;
  return ({ kind, name }) => (kind === 'drive' || kind === 'folder' ? name : kinds[kind]);
}
