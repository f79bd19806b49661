// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { createContext, useContext, useMemo } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { examineDefinition } from '../../../contract/definition.ts';
import type { MachineDefinition } from '../../../contract/machine.ts';
import type { Problem } from '../../../contract/validate.ts';
import { useAction, type Action } from '../../parts/action.ts';
import { call, ServiceError } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { changedKeys, changesBetween, isSame, setAt, withMine, type Change, type Path } from './changes.ts';
import { useSession } from './use-session.ts';

type Key = keyof MachineDefinition;

/** Edits of a definition until they are saved or thrown away. They outlive the view and a reload of the page. */
export interface Draft {
  /** What is saved, without the edits */
  saved: MachineDefinition;
  definition: MachineDefinition;
  set(path: Path, value: unknown): void;
  changes: Change[];
  /** Keys with edits */
  edited: Key[];
  /** What the definition as edited may not be */
  problems: Problem[];
  /** Another machine has the name; only the service knows that */
  nameTaken: boolean;
  /** Keys that are edited here and were changed elsewhere since */
  conflicts: Key[];
  /** Goes on with these edits on top of what it is now */
  keepMine(): void;
  /** Gives these edits up where they are in conflict */
  takeTheirs(): void;
  discard(): void;
  save: Action<[]>;
}

interface Kept {
  base: MachineDefinition;
  mine: MachineDefinition;
}

/**
 * @param definition what it is now
 * @param revision of the text it was read from; the service refuses to save over a newer one
 */
export function useDraft(machine: Machine, definition: MachineDefinition, revision: string): Draft {
  const { id } = machine;
  const queries = useQueryClient();
  const [kept, keep] = useSession<Kept>(`phyllome-draft-${id}`);

  const { base, mine, conflicts } = useMemo(() => {
    if (kept === null) return { base: definition, mine: definition, conflicts: [] };
    const edited = changedKeys(kept.base, kept.mine);
    const theirs = changedKeys(kept.base, definition);
    const conflicts = edited.filter(
      (key) => theirs.includes(key) && !isSame(definition[key], kept.mine[key]),
    );
    // Changes of other keys are simply taken over.
    return conflicts.length > 0
      ? { ...kept, conflicts }
      : { base: definition, mine: withMine(definition, kept.mine, edited), conflicts };
  }, [kept, definition]);

  const changes = useMemo(() => changesBetween(base, mine), [base, mine]);
  const save = useAction(async () => {
    const saved = await call('changeDefinition', { params: { ref: id }, body: { changes, revision } });
    queries.setQueryData<Machine>(keys.machine(id), saved);
    keep(null);
    await queries.invalidateQueries({ queryKey: keys.definition(id) });
  });

  return {
    saved: definition,
    definition: mine,
    set(path, value) {
      save.clear();
      const next = setAt(mine, path, value);
      keep(isSame(base, next) ? null : { base, mine: next });
    },
    changes,
    edited: changedKeys(base, mine),
    problems: useMemo(() => examineDefinition(mine).problems, [mine]),
    nameTaken: save.error instanceof ServiceError && save.error.report.code === 'name-taken',
    conflicts,
    keepMine: () => keep({ base: definition, mine: withMine(definition, mine, changedKeys(base, mine)) }),
    takeTheirs() {
      const others = changedKeys(base, mine).filter((key) => !conflicts.includes(key));
      keep(others.length === 0 ? null : { base: definition, mine: withMine(definition, mine, others) });
    },
    discard() {
      save.clear();
      keep(null);
    },
    save,
  };
}

export const DraftContext = createContext<Draft | null>(null);

export function useDraftContext(): Draft {
  const draft = useContext(DraftContext);
  if (draft === null) throw new Error('outside of the forms');
  return draft;
}
