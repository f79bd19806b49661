// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { MachineSummary } from '../../contract/api.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { call } from '../service/api.ts';
import { useText } from '../text/language.ts';

export function RenameDialog({
  machine,
  onClose,
}: {
  machine: Pick<MachineSummary, 'id' | 'name'>;
  onClose(): void;
}) {
  const { common, machine: text } = useText();
  const [name, setName] = useState(machine.name);
  const id = useId();
  const action = useAction(() => call('renameMachine', { params: { ref: machine.id }, body: { name } }));
  const submit = (): void => {
    void action.run().then((done) => {
      if (done) onClose();
    });
  };
  return (
    <Dialog
      title={text.rename.title(machine.name)}
      onClose={onClose}
      locked={action.busy}
      footer={
        <>
          <Button label={common.cancel} onClick={onClose} />
          <Button
            label={common.actions.rename}
            kind="suggested"
            type="submit"
            form={id}
            disabled={action.busy}
          />
        </>
      }
    >
      <form
        id={id}
        className="field"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <label htmlFor={`${id}-name`}>{text.rename.label}</label>
        <input
          id={`${id}-name`}
          className="input"
          value={name}
          onChange={(event) => setName(event.target.value)}
          autoComplete="off"
          spellCheck={false}
        />
      </form>
      <ErrorNote error={action.error} />
    </Dialog>
  );
}
