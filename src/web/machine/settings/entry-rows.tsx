// SPDX-License-Identifier: Apache-2.0
import { Button } from '../../parts/button.tsx';
import { Row } from '../../parts/rows.tsx';
import { useText } from '../../text/language.ts';
import type { Path } from './changes.ts';
import { useDraftContext } from './draft.ts';
import { boundsAt } from './schema-at.ts';

interface AddRowProps {
  label: string;
  about?: string;
  /** Where the list is in the definition */
  path: Path;
  /** How long it is */
  count: number;
  /** What a new entry begins with */
  entry(): unknown;
}

/** The last row of a list: adds an entry, as long as the definition has room for it. */
export function AddRow({ label, about, path, count, entry }: AddRowProps) {
  const { settings } = useText();
  const { set } = useDraftContext();
  return (
    <Row
      title={label}
      subtitle={about}
      icon="plus"
      end={
        <Button
          label={settings.add}
          aria-label={`${settings.add} – ${label}`}
          disabled={count >= boundsAt(path).maxItems}
          onClick={() => set([...path, count], entry())}
        />
      }
    />
  );
}

interface RemoveRowProps {
  label: string;
  about?: string;
  /** What is removed, for screen readers */
  what: string;
  path: Path;
}

/** The last row of an entry: takes it out. Nothing is gone before the draft is saved. */
export function RemoveRow({ label, about, what, path }: RemoveRowProps) {
  const { set } = useDraftContext();
  return (
    <div className="row">
      <p className="row-text row-subtitle">{about}</p>
      <Button label={label} aria-label={`${label} – ${what}`} onClick={() => set(path, undefined)} />
    </div>
  );
}
