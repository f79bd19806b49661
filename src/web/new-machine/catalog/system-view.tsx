// SPDX-License-Identifier: Apache-2.0
import { useState, type ReactNode } from 'react';
import type { CatalogEntry, CatalogMedium } from '../../../contract/catalog.ts';
import type { Architecture } from '../../../contract/machine.ts';
import { Button } from '../../parts/button.tsx';
import { ChoiceRow } from '../../parts/choice-row.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Group } from '../../parts/rows.tsx';
import { useFormats } from '../../text/language.ts';
import { English } from '../../parts/english.tsx';
import { tileName } from './families.ts';
import { hasEnded } from './media.ts';
import { MediumGroup } from './medium-group.tsx';
import { Monogram } from './monogram.tsx';
import { useCatalogText } from './words.ts';

interface SystemViewProps {
  /** Those of the family, or only the one */
  systems: readonly CatalogEntry[];
  entry: CatalogEntry;
  medium: CatalogMedium | null;
  host: Architecture | null;
  onEntry(entry: CatalogEntry): void;
  onMedium(medium: CatalogMedium): void;
  onBack(): void;
  /** Where its user brings the file */
  children?: ReactNode;
}

// A family with more versions shows these first.
const first = 4;

/** One family: which version, from which medium, and what to know about it. */
export function SystemView({
  systems,
  entry,
  medium,
  host,
  onEntry,
  onMedium,
  onBack,
  children,
}: SystemViewProps) {
  const text = useCatalogText();
  const formats = useFormats();
  const { family, description, homepage, licence, notes } = entry;
  const place = systems.indexOf(entry);
  const [all, setAll] = useState(place >= first);
  const shown = all ? systems : systems.slice(0, first);
  return (
    <div className="system-view">
      <div className="system-back">
        <Button label={text.back} icon="back" kind="flat" onClick={onBack} />
      </div>
      <header className="system-head">
        <Monogram name={tileName(entry)} colour={family.colour} size={72} />
        <div>
          <h2 tabIndex={-1}>{systems.length === 1 ? entry.name : tileName(entry)}</h2>
          <p className="dim">
            <English>{description}</English>
          </p>
          {homepage !== null && (
            <a className="small" href={homepage} target="_blank" rel="noreferrer">
              {text.homepage}
            </a>
          )}
        </div>
      </header>
      {systems.length > 1 && (
        <Group title={text.version}>
          {shown.map((system) => (
            <ChoiceRow
              key={system.id}
              name="system"
              title={system.name}
              subtitle={<Dates entry={system} />}
              checked={system.id === entry.id}
              onChoose={() => onEntry(system)}
            />
          ))}
          {!all && systems.length > first && (
            <button type="button" className="row more-row" onClick={() => setAll(true)}>
              <span className="row-text">{text.olderVersions(formats.number(systems.length - first))}</span>
              <Icon name="down" />
            </button>
          )}
        </Group>
      )}
      {/* Where there is only one, and its user has to bring it, that is told below. */}
      {!(entry.media.length === 1 && medium?.source === 'bring') && (
        <MediumGroup entry={entry} medium={medium} host={host} onMedium={onMedium} />
      )}
      {children}
      {(notes.length > 0 || licence !== null) && (
        <Group title={text.notes}>
          {notes.map((note) => (
            <div key={note} className="row">
              <Icon name="info" />
              <span className="row-text">
                <English>{note}</English>
              </span>
            </div>
          ))}
          {licence !== null && (
            <div className="row">
              <Icon name="log" />
              <span className="row-text">
                <span className="row-title">{text.licence}</span>
                <br />
                <span className="row-subtitle">
                  <English>{licence}</English>
                </span>
              </span>
            </div>
          )}
        </Group>
      )}
    </div>
  );
}

/** When it came, and how long its makers care for it. */
function Dates({ entry }: { entry: CatalogEntry }) {
  const text = useCatalogText();
  const formats = useFormats();
  const { released, ends } = entry;
  const ended = hasEnded(entry, new Date());
  return (
    <>
      {[
        released !== null && !ended && text.released(formats.date(released)),
        ends !== null && !ended && text.supported(formats.date(ends)),
      ]
        .filter((fact) => fact !== false)
        .join(' · ')}
      {ended && ends !== null && <span className="ended">{text.ended(formats.date(ends))}</span>}
    </>
  );
}
