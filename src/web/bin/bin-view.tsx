// SPDX-License-Identifier: Apache-2.0
import { Loaded } from '../parts/loaded.tsx';
import { Group } from '../parts/rows.tsx';
import { StatusPage } from '../parts/status-page.tsx';
import { useBin } from '../service/queries.ts';
import { Header } from '../shell/header.tsx';
import { useFormats, useText } from '../text/language.ts';
import { BinRow } from './bin-row.tsx';
import './bin.css';

/** Deleted machines: they can be restored until they are erased. */
export function BinView() {
  const { bin } = useText();
  const formats = useFormats();
  const query = useBin();
  return (
    <>
      <Header title={bin.title} />
      <Loaded query={query}>
        {(entries) => {
          if (entries.length === 0)
            return <StatusPage icon="bin" title={bin.empty.title} text={bin.empty.text} />;
          const total = entries.reduce((sum, { bytes }) => sum + bytes, 0);
          const newestFirst = entries.toSorted((a, b) => b.deletedAt.localeCompare(a.deletedAt));
          return (
            <div className="view">
              <Group title={bin.list} description={bin.about(formats.bytes(total))}>
                {newestFirst.map((entry) => (
                  <BinRow key={entry.id} entry={entry} />
                ))}
              </Group>
            </div>
          );
        }}
      </Loaded>
    </>
  );
}
