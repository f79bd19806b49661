// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import type { DefinitionText, Machine } from '../../../contract/api.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote, reportOf } from '../../parts/error-note.tsx';
import { Icon } from '../../parts/icon.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useText } from '../../text/language.ts';
import { LinedText } from './lined-text.tsx';
import { readTextProblem, type TextProblem } from './problems.ts';
import { useSession } from './use-session.ts';
import { useUnsavedGuard } from './use-unsaved-guard.ts';

interface YamlEditorProps extends DefinitionText {
  machine: Machine;
}

/** The text of machine.yaml. What is typed and not saved outlives the view; what was saved elsewhere is never overwritten unasked. */
export function YamlEditor({ machine, yaml, revision }: YamlEditorProps) {
  const { id } = machine;
  const { settings } = useText();
  const text = settings.yaml;
  const toasts = useToasts();
  const queries = useQueryClient();
  const area = useRef<HTMLTextAreaElement>(null);
  // With the revision it began from, so that a change by somebody else is noticed.
  const [mine, keepMine] = useSession<DefinitionText>(`phyllome-yaml-${id}`);
  const unsaved = mine !== null && mine.yaml !== yaml;
  const changed = unsaved && mine.revision !== revision;
  const hasForms = sessionStorage.getItem(`phyllome-draft-${id}`) !== null;
  useUnsavedGuard(unsaved);

  const save = useAction(async () => {
    if (mine === null) return;
    queries.setQueryData<Machine>(
      keys.machine(id),
      await call('writeDefinition', { params: { ref: id }, body: mine }),
    );
    await queries.invalidateQueries({ queryKey: keys.definition(id) });
    keepMine(null);
    toasts.show(machine.run === null ? settings.bar.saved : settings.bar.savedForNextStart);
  });
  const discard = (): void => {
    save.clear();
    keepMine(null);
  };
  const submit = (): void => {
    if (unsaved && !changed) void save.run();
  };
  // What is wrong with the file itself is told until somebody begins to correct it.
  const found = machine.state.name === 'broken' && mine === null ? machine.state.problems : [];
  const problems = save.error === null ? found.map(readTextProblem) : problemsOf(save.error);
  const goTo = (line: number): void => {
    const lines = (mine?.yaml ?? yaml).split('\n');
    const start = lines.slice(0, line - 1).reduce((length, before) => length + before.length + 1, 0);
    area.current?.focus();
    area.current?.setSelectionRange(start, start + (lines[line - 1]?.length ?? 0));
  };

  const mistakes = problems.length > 0 && (
    <div role="alert">
      <ul className="card list" aria-label={text.mistakes}>
        {problems.map(({ line, text: words }) => (
          <li key={`${line} ${words}`}>
            {line === null ? (
              <div className="row">{words}</div>
            ) : (
              <button type="button" className="row" onClick={() => goTo(line)}>
                <span className="pill bad">{text.line(line)}</span>
                <span className="row-text">{words}</span>
              </button>
            )}
          </li>
        ))}
      </ul>
    </div>
  );

  return (
    <section className="yaml" aria-label={text.label}>
      <p className="dim small">{text.about}</p>
      {hasForms && <p className="note">{text.forms}</p>}
      {changed && (
        <div className="note warn" role="alert">
          <Icon name="warning" />
          <div>
            <p>{text.changed}</p>
            <div className="button-row">
              <Button label={text.takeTheirs} onClick={discard} />
              <Button label={text.keepMine} onClick={() => keepMine({ yaml: mine.yaml, revision })} />
            </div>
          </div>
        </div>
      )}
      {/* Those of the file come before it; those of what was to be saved are beside the button. */}
      {save.error === null && mistakes}
      <LinedText
        ref={area}
        label={text.label}
        value={mine?.yaml ?? yaml}
        marked={problems.flatMap(({ line }) => line ?? [])}
        onChange={(typed) =>
          keepMine(typed === yaml ? null : { yaml: typed, revision: mine?.revision ?? revision })
        }
        onSave={submit}
      />
      {problems.length === 0 && <ErrorNote error={save.error} />}
      {save.error !== null && mistakes}
      <div className="draft-line">
        <p role="status" className="dim">
          {unsaved && (save.error === null ? text.unsaved : text.notSaved)}
        </p>
        <Button label={text.revert} disabled={!unsaved || save.busy} onClick={discard} />
        <Button
          label={text.save}
          kind="suggested"
          disabled={!unsaved || changed || save.busy}
          onClick={submit}
        />
      </div>
    </section>
  );
}

/** The places an error names. */
function problemsOf(error: unknown): TextProblem[] {
  const { code, facts, message } = reportOf(error);
  if (code === 'definition-unreadable')
    return [
      {
        line: Number(facts['line']) || 1,
        text: typeof facts['reason'] === 'string' ? facts['reason'] : message,
      },
    ];
  const { problems } = facts;
  return Array.isArray(problems) ? problems.map((problem) => readTextProblem(String(problem))) : [];
}
