// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { MachineSummary } from '../../../contract/api.ts';
import type { Clone } from '../../../contract/clone.ts';
import { freeName } from '../../home/order.ts';
import { ChoiceRow } from '../../parts/choice-row.tsx';
import { SelectRow, SwitchRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { useMachine, useMachines } from '../../service/queries.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useHindrance, possibleWhile } from '../hindrance.ts';
import { useSnapshots } from '../snapshots/queries.ts';
import { CloneResult } from './clone-result.tsx';
import { useKeepText } from './words.ts';

interface CloneDialogProps {
  machine: Pick<MachineSummary, 'id' | 'name' | 'state' | 'template'>;
  /** Id of the snapshot to begin with */
  snapshot?: string;
  onClose(): void;
}

/** A new machine from this one or from one of its snapshots. */
export default function CloneDialog({ machine, snapshot, onClose }: CloneDialogProps) {
  const { clone: text } = useKeepText();
  const machines = useMachines().data ?? [];
  const tree = useSnapshots(machine.id).data;
  const definition = useMachine(machine.id).data?.definition;
  const hindered = useHindrance(machine, { templates: true });
  const field = useId();
  const { id, name: original } = machine;
  const [typed, setTyped] = useState<string | null>(null);
  const [chosen, setChosen] = useState<string | null>(snapshot ?? null);
  const [full, setFull] = useState(false);
  const [newTpm, setNewTpm] = useState(false);
  const [made, setMade] = useState<{ clone: Clone; name: string } | null>(null);
  const name = typed ?? freeName(original, machines);
  const snapshots = (tree?.snapshots ?? []).filter(({ problem }) => problem === null).toReversed();
  const nowReason = hindered(possibleWhile.off);
  // What runs cannot be cloned as it is, but its newest snapshot can.
  const from = chosen ?? (nowReason === null ? '' : (snapshots[0]?.id ?? ''));
  const begin = async () => {
    const body = { name: name.trim(), ...(full && { full }), ...(newTpm && { newTpm }) };
    const begun = await call('cloneMachine', {
      params: { ref: id },
      body: from === '' ? body : { ...body, snapshot: from },
    });
    // The name that is offered changes as soon as this one is taken.
    setMade({ clone: begun, name: name.trim() });
    return begun.task;
  };
  return (
    <TaskDialog
      title={text.title(original)}
      label={text.label}
      reason={from === '' ? nowReason : null}
      begin={begin}
      result={() => made !== null && <CloneResult {...made} />}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={field}>{text.name}</label>
        <input
          id={field}
          className="input"
          value={name}
          maxLength={100}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setTyped(event.target.value)}
        />
      </div>
      {(snapshots.length > 0 || nowReason !== null) && (
        <div className="card list">
          <SelectRow
            title={text.from}
            subtitle={
              nowReason === null ? undefined : `${text.nowNot} ${snapshots.length > 0 ? '' : nowReason}`
            }
            value={from}
            options={[
              { value: '', label: text.fromNow, disabled: nowReason !== null && snapshots.length > 0 },
              ...snapshots.map((one) => ({ value: one.id, label: one.name })),
            ]}
            onChange={setChosen}
          />
        </div>
      )}
      <fieldset className="card list">
        <legend className="visually-hidden">{text.how}</legend>
        <ChoiceRow
          name={`${field}-how`}
          title={text.linked}
          subtitle={text.linkedAbout}
          checked={!full}
          onChoose={() => setFull(false)}
        />
        <ChoiceRow
          name={`${field}-how`}
          title={text.full}
          subtitle={text.fullAbout}
          checked={full}
          onChoose={() => setFull(true)}
        />
      </fieldset>
      {definition?.tpm === 'emulated' && (
        <div className="card list">
          <SwitchRow title={text.tpm} subtitle={text.tpmAbout} value={newTpm} onChange={setNewTpm} />
        </div>
      )}
    </TaskDialog>
  );
}
