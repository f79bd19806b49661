// SPDX-License-Identifier: Apache-2.0
import { useSnapshotText } from './words.ts';

interface NameAndNoteProps {
  id: string;
  name: string;
  note: string;
  namePlaceholder?: string;
  onName(name: string): void;
  onNote(note: string): void;
}

/** What people write about a snapshot. */
export function NameAndNote({ id, name, note, namePlaceholder, onName, onNote }: NameAndNoteProps) {
  const { dialog: text } = useSnapshotText();
  return (
    <>
      <div className="field">
        <label htmlFor={`${id}-name`}>{text.name}</label>
        <input
          id={`${id}-name`}
          className="input"
          value={name}
          maxLength={100}
          autoComplete="off"
          {...(namePlaceholder !== undefined && { placeholder: namePlaceholder })}
          onChange={(event) => onName(event.target.value)}
        />
      </div>
      <div className="field">
        <label htmlFor={`${id}-note`}>{text.note}</label>
        <textarea
          id={`${id}-note`}
          className="input"
          rows={3}
          value={note}
          maxLength={4096}
          placeholder={text.notePlaceholder}
          onChange={(event) => onNote(event.target.value)}
        />
      </div>
    </>
  );
}
