// SPDX-License-Identifier: Apache-2.0
import type { Clone } from '../../../contract/clone.ts';
import { LinkButton } from '../../parts/button.tsx';
import { Icon } from '../../parts/icon.tsx';
import { CopyButton } from '../copy-button.tsx';
import { useKeepText } from './words.ts';
import './keep.css';

/** The new machine is there; how its guest gets an identity of its own, which only the guest can give itself. */
export function CloneResult({ clone, name }: { clone: Clone; name: string }) {
  const { clone: text } = useKeepText();
  const { id, guest, notes } = clone;
  const commands = guest.commands.join('\n');
  return (
    <div className="identity">
      <p className="identity-done">
        <Icon name="check" />
        <span>{text.done(name)}</span>
        <LinkButton label={text.open(name)} href={`/machines/${id}`} />
      </p>
      {commands !== '' && <h3>{text.identity}</h3>}
      <p lang="en">{guest.text}</p>
      {commands !== '' && (
        <div className="identity-commands" translate="no">
          <pre>{commands}</pre>
          <CopyButton text={commands} label={text.copy} />
        </div>
      )}
      {notes.map((note) => (
        <p key={note} className="small dim" lang="en">
          {note}
        </p>
      ))}
    </div>
  );
}
