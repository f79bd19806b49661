// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { BinEntry } from '../../contract/bin.ts';
import { Button } from '../parts/button.tsx';
import { Loaded } from '../parts/loaded.tsx';
import { Group } from '../parts/rows.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useBin } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useFormats, useText } from '../text/language.ts';
import { BinRow } from './bin-row.tsx';
import { EmptyDialog } from './empty-dialog.tsx';
import { KeepGroup } from './keep-group.tsx';
import { useBinStatus } from './queries.ts';
import './bin.css';

/** Deleted machines: they can be restored until they are erased. */
export default function BinView() {
  const { bin } = useText();
  const query = useBin();
  const status = useBinStatus();
  return (
    <>
      <Header title={bin.title} />
      <Loaded query={query}>
        {(entries) => (
          <div className="view">
            {entries.length === 0 ? (
              <StatusPage icon="bin" title={bin.empty.title} text={bin.empty.text} />
            ) : (
              <Entries entries={entries} frees={status.data?.frees ?? null} />
            )}
            <Loaded query={status}>{(loaded) => <KeepGroup status={loaded} />}</Loaded>
          </div>
        )}
      </Loaded>
    </>
  );
}

/** @param frees what erasing all of them gives back; machines that share layers give back more together; null: not known yet */
function Entries({ entries, frees }: { entries: readonly BinEntry[]; frees: number | null }) {
  const { bin } = useText();
  const formats = useFormats();
  const [emptying, setEmptying] = useState(false);
  const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
  const newestFirst = entries.toSorted((a, b) => b.deletedAt.localeCompare(a.deletedAt));
  const freed = frees ?? entries.reduce((sum, entry) => sum + entry.frees, 0);
  return (
    <>
      <Group
        title={bin.list}
        description={bin.about(formats.bytes(total), formats.bytes(freed))}
        end={<Button label={bin.emptyBin} onClick={() => setEmptying(true)} />}
      >
        {newestFirst.map((entry) => (
          <BinRow key={entry.id} entry={entry} />
        ))}
      </Group>
      {emptying && <EmptyDialog entries={entries} frees={freed} onClose={() => setEmptying(false)} />}
    </>
  );
}
