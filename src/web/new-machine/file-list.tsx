// SPDX-License-Identifier: Apache-2.0
import { useEffect, useId, useRef, useState, type KeyboardEvent } from 'react';
import type { FileEntry, Folder } from '../../contract/image.ts';
import { Icon } from '../parts/icon.tsx';
import { useFormats, useText } from '../text/language.ts';
import { findTyped } from './crumbs.ts';

interface FileListProps {
  folder: Folder;
  onSelect(entry: FileEntry | null): void;
  /** A folder to look into, or a file that is chosen */
  onOpen(entry: FileEntry): void;
  onUp(): void;
}

// Letters typed within this time (ms) belong to one word.
const typingPause = 700;
const pageLength = 10;

/** The entries of a folder as a list box: arrows, Enter, Backspace for the parent, and typing finds a name. */
export function FileList({ folder, onSelect, onOpen, onUp }: FileListProps) {
  const { chooser } = useText().create;
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const [active, setActive] = useState(0);
  const typed = useRef({ text: '', at: 0 });
  const { entries } = folder;
  const hasEntries = entries.length > 0;

  // Each folder is a new list, which the keyboard is in at once.
  useEffect(() => list.current?.focus(), []);
  useEffect(() => {
    document.getElementById(`${id}-${active}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);

  const select = (index: number): void => {
    const entry = entries[index];
    if (entry === undefined) return;
    setActive(index);
    onSelect(entry);
  };

  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const last = entries.length - 1;
    const target = {
      ArrowDown: Math.min(last, active + 1),
      ArrowUp: Math.max(0, active - 1),
      PageDown: Math.min(last, active + pageLength),
      PageUp: Math.max(0, active - pageLength),
      Home: 0,
      End: last,
    }[event.key];
    if (target !== undefined) select(target);
    else if (event.key === 'Enter') {
      const entry = entries[active];
      if (entry !== undefined) onOpen(entry);
    } else if (event.key === 'Backspace') onUp();
    else if (event.key.length === 1) {
      const isNew = event.timeStamp - typed.current.at > typingPause;
      const text = isNew ? event.key : typed.current.text + event.key;
      typed.current = { text, at: event.timeStamp };
      const names = entries.map(({ name }) => name);
      select(findTyped(text, names, isNew ? active + 1 : active));
    } else return;
    event.preventDefault();
  };

  return (
    <div
      ref={list}
      className="file-list"
      role="listbox"
      tabIndex={0}
      aria-label={chooser.files}
      {...(hasEntries && { 'aria-activedescendant': `${id}-${active}` })}
      onKeyDown={onKeyDown}
    >
      {entries.map((entry, index) => (
        // oxlint-disable-next-line jsx-a11y/click-events-have-key-events -- the list box has the keys
        <div
          key={entry.path}
          id={`${id}-${index}`}
          role="option"
          tabIndex={-1}
          aria-selected={index === active}
          className="file"
          onClick={() => select(index)}
          onDoubleClick={() => onOpen(entry)}
        >
          <FileLine entry={entry} />
        </div>
      ))}
      {!hasEntries && <p className="dim file-none">{chooser.empty}</p>}
    </div>
  );
}

function FileLine({ entry }: { entry: FileEntry }) {
  const { what, chooser } = useText().create;
  const formats = useFormats();
  const { kind, name, format, system, bytes } = entry;
  return (
    <>
      <Icon name={kind === 'folder' ? 'folder' : format === 'iso' ? 'disc' : 'disk'} />
      <bdi className="file-name">{name}</bdi>
      <span className="small dim">
        {kind === 'folder' ? chooser.folder : (system ?? what.formats[format ?? 'unknown'])}
      </span>
      <span className="small dim numeric file-size">{bytes === null ? '' : formats.bytes(bytes)}</span>
    </>
  );
}
