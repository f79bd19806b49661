// SPDX-License-Identifier: Apache-2.0
import { useDeferredValue, useMemo } from 'react';
import type { CatalogEntry } from '../../../contract/catalog.ts';
import { useFormats } from '../../text/language.ts';
import { arrangeFamilies, familiesOf } from './families.ts';
import { FamilyGrid } from './family-grid.tsx';
import { findSystems } from './find-systems.ts';
import { FoundSystems } from './found-systems.tsx';
import { SystemSearch } from './search-field.tsx';
import { useCatalogText } from './words.ts';

interface CatalogPaneProps {
  entries: readonly CatalogEntry[];
  search: string;
  /** Family of what is chosen */
  chosen: string | null;
  onSearch(search: string): void;
  onOpen(entry: CatalogEntry): void;
  onUseFile(): void;
}

/** All systems as tiles; while somebody searches, what was found. */
export function CatalogPane({ entries, search, chosen, onSearch, onOpen, onUseFile }: CatalogPaneProps) {
  const text = useCatalogText();
  const { compare } = useFormats();
  const { popular, others } = useMemo(
    () => arrangeFamilies(familiesOf(entries), compare),
    [entries, compare],
  );
  // Typing stays quick however many systems osinfo-db knows.
  const wanted = useDeferredValue(search);
  const found = useMemo(() => findSystems(entries, wanted), [entries, wanted]);
  const grid = {
    chosen,
    onOpen: ({ systems }: { systems: readonly [CatalogEntry, ...CatalogEntry[]] }) => onOpen(systems[0]),
  };
  return (
    <>
      <SystemSearch
        value={search}
        onChange={onSearch}
        onEnter={() => {
          const [first] = findSystems(entries, search);
          if (first !== undefined) onOpen(first);
        }}
      />
      {wanted.trim() === '' ? (
        <>
          <FamilyGrid title={text.popular} families={popular} look="large" {...grid} />
          <FamilyGrid title={text.others} families={others} look="small" {...grid} />
        </>
      ) : (
        <FoundSystems search={wanted} found={found} onOpen={onOpen} onUseFile={onUseFile} />
      )}
    </>
  );
}
