// SPDX-License-Identifier: Apache-2.0
import type { CatalogEntry } from '../../../contract/catalog.ts';
import { Button } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group } from '../../parts/rows.tsx';
import { StatusPage } from '../../parts/status-page.tsx';
import { useFormats } from '../../text/language.ts';
import { English } from '../../parts/english.tsx';
import { tileName } from './families.ts';
import { Monogram } from './monogram.tsx';
import { useCatalogText } from './words.ts';

interface FoundSystemsProps {
  search: string;
  found: readonly CatalogEntry[];
  onOpen(entry: CatalogEntry): void;
  onUseFile(): void;
}

// More than this nobody reads; a longer search finds less.
const most = 40;

/** What a search found, as a list: ours, then what only osinfo-db knows. */
export function FoundSystems({ search, found, onOpen, onUseFile }: FoundSystemsProps) {
  const text = useCatalogText();
  const formats = useFormats();
  const shown = found.slice(0, most);
  const ours = shown.filter(({ origin }) => origin === 'ours');
  const others = shown.filter(({ origin }) => origin === 'osinfo');
  const rows = (entries: readonly CatalogEntry[]) =>
    entries.map((entry) => <FoundRow key={`${entry.origin} ${entry.id}`} entry={entry} onOpen={onOpen} />);
  return (
    <>
      <p className="small dim" role="status">
        {text.count(found.length, formats.number(found.length))}
      </p>
      {ours.length > 0 && <Group title={text.found.ours}>{rows(ours)}</Group>}
      {others.length > 0 && (
        <Group title={text.found.osinfo} description={text.osinfoAbout}>
          {rows(others)}
        </Group>
      )}
      {found.length > most && <p className="small dim">{text.more(formats.number(found.length - most))}</p>}
      {found.length === 0 && (
        <StatusPage icon="search" title={text.noneFound.title} text={text.noneFound.text(search.trim())}>
          <Button label={text.noneFound.use} pill onClick={onUseFile} />
        </StatusPage>
      )}
    </>
  );
}

function FoundRow({ entry, onOpen }: { entry: CatalogEntry; onOpen(entry: CatalogEntry): void }) {
  const { name, description, family } = entry;
  return (
    <button type="button" className="row" onClick={() => onOpen(entry)}>
      <Monogram name={tileName(entry)} colour={family.colour} size={36} />
      <span className="row-text">
        <span className="row-title">{name}</span>
        {description !== '' && (
          <>
            <br />
            <span className="row-subtitle">
              <English>{description}</English>
            </span>
          </>
        )}
      </span>
      <Icon name="forward" />
    </button>
  );
}
