// SPDX-License-Identifier: Apache-2.0
import { useEffect } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { useFormats, useText } from '../../text/language.ts';
import { useDraftContext } from './draft.ts';
import { problemWords } from './problems.ts';
import { useUnsavedGuard } from './use-unsaved-guard.ts';

/** Below the forms: what is not saved yet, what hinders it, and the two ways on. Nothing while there is nothing. */
export function DraftBar({ machine }: { machine: Machine }) {
  const { settings } = useText();
  const text = settings.bar;
  const formats = useFormats();
  const toasts = useToasts();
  const { changes, edited, conflicts, problems, save, discard, keepMine, takeTheirs } = useDraftContext();
  const count = changes.length;
  useUnsavedGuard(count > 0);

  // These are not about the hardware that runs.
  const waits = machine.run !== null && edited.some((key) => key !== 'name' && key !== 'autostart');

  const submit = (): void => {
    void save.run().then((done) => {
      if (done) toasts.show(waits ? text.savedForNextStart : text.saved);
    });
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.key !== 's') return;
      event.preventDefault();
      if (count > 0 && problems.length === 0 && conflicts.length === 0) submit();
    };
    addEventListener('keydown', onKey);
    return () => removeEventListener('keydown', onKey);
  });

  if (count === 0) return null;
  const words = text.count(count, formats.plural(count, text.changes));
  const mistakes = text.count(problems.length, formats.plural(problems.length, text.mistakes));
  return (
    <section className="draft-bar card" aria-label={text.label}>
      <ErrorNote error={save.error} />
      {conflicts.length > 0 && (
        <div className="draft-line" role="alert">
          <p>{settings.conflict.text(formats.list(conflicts.map((key) => settings.keys[key])))}</p>
          <Button label={settings.conflict.takeTheirs} onClick={takeTheirs} />
          <Button label={settings.conflict.keepMine} onClick={keepMine} />
        </div>
      )}
      {problems.length > 0 && (
        <details className="field-problem">
          <summary>{mistakes}</summary>
          <ul>
            {problems.map((problem) => (
              <li key={problemWords(problem)}>{problemWords(problem)}</li>
            ))}
          </ul>
        </details>
      )}
      <div className="draft-line">
        <p role="status">
          <strong>{words}</strong>
          {waits && <span className="dim">{` · ${text.nextStart}`}</span>}
        </p>
        <Button label={text.discard} disabled={save.busy} onClick={discard} />
        <Button
          label={text.save}
          kind="suggested"
          disabled={save.busy || problems.length > 0 || conflicts.length > 0}
          onClick={submit}
        />
      </div>
    </section>
  );
}
