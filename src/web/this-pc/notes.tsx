// SPDX-License-Identifier: Apache-2.0
import { useText } from '../text/language.ts';

/** What the service could not find out; in its own words, which are English. */
export function Notes({ notes }: { notes: readonly string[] }) {
  const { pc } = useText();
  if (notes.length === 0) return null;
  return (
    <details className="pc-details">
      <summary>{pc.notes}</summary>
      <ul className="small" lang="en">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </details>
  );
}
