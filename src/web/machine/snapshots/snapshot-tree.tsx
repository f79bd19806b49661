// SPDX-License-Identifier: Apache-2.0
import { useMemo, useRef, type CSSProperties, type KeyboardEvent, type ReactNode } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { SnapshotTree } from '../../../contract/snapshot.ts';
import { Group } from '../../parts/rows.tsx';
import { NowRow } from './now-row.tsx';
import { SnapshotRow } from './snapshot-row.tsx';
import { layOutTree, now, widthOf } from './tree-layout.ts';
import { laneWidth, TreeLines } from './tree-lines.tsx';
import { useSnapshotActions } from './use-snapshot-actions.tsx';
import { useSnapshotText } from './words.ts';

interface SnapshotTreeViewProps {
  machine: Machine;
  tree: SnapshotTree;
  end: ReactNode;
}

/**
 * The tree as a list with the newest on top. Its lines are drawn for the eye; for the ear each entry says what it came
 * after, which is easier to follow than levels that get deeper with every snapshot.
 */
export function SnapshotTreeView({ machine, tree, end }: SnapshotTreeViewProps) {
  const text = useSnapshotText();
  const list = useRef<HTMLOListElement>(null);
  const rows = useMemo(() => layOutTree(tree), [tree]);
  const width = widthOf(rows);
  const byId = useMemo(() => new Map(tree.snapshots.map((one) => [one.id, one])), [tree]);
  const actions = useSnapshotActions(machine, tree);

  const onKeyDown = (event: KeyboardEvent<HTMLOListElement>): void => {
    if (!(event.target instanceof HTMLElement) || !event.target.matches('.snapshot-name')) return;
    const names = [...(list.current?.querySelectorAll<HTMLElement>('.snapshot-name') ?? [])];
    const index = names.indexOf(event.target);
    const target = {
      ArrowDown: names[index + 1],
      ArrowUp: names[index - 1],
      Home: names[0],
      End: names.at(-1),
    }[event.key];
    if (target === undefined) return;
    event.preventDefault();
    target.focus();
  };

  return (
    <Group title={text.title} description={text.about} end={end}>
      <ol ref={list} className="snapshot-list" aria-label={text.list} onKeyDown={onKeyDown}>
        {rows.map((row) => {
          const snapshot = byId.get(row.id);
          const parent = byId.get((row.id === now ? tree.current : snapshot?.parent) ?? '');
          return (
            <li
              key={row.id}
              className="snapshot-row"
              style={{ '--lines': `${width * laneWidth + 22}px` } as CSSProperties}
            >
              <TreeLines row={row} width={width} isNow={row.id === now} />
              {snapshot === undefined ? (
                <NowRow machine={machine} parent={parent} />
              ) : (
                <SnapshotRow machineId={machine.id} snapshot={snapshot} parent={parent} actions={actions} />
              )}
            </li>
          );
        })}
      </ol>
      {actions.dialog}
    </Group>
  );
}
