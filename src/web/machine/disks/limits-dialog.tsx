// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { DiskLimits } from '../../../contract/machine.ts';
import { useAction } from '../../parts/action.ts';
import { Button } from '../../parts/button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { TextRow } from '../../parts/rows.tsx';
import { useToasts } from '../../parts/toasts.tsx';
import { call } from '../../service/api.ts';
import { useText } from '../../text/language.ts';
import { addressOf, type DiskDialogProps } from './disk-dialogs.tsx';
import { limitKeys, readLimits, writeLimits } from './limits.ts';
import { useDiskText } from './words.ts';

/** The most a guest may ask of a disk. */
export function LimitsDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { common } = useText();
  const { limits: text } = useDiskText();
  const toasts = useToasts();
  const form = useId();
  const [typed, setTyped] = useState(() => writeLimits(disk.limits ?? {}));
  const limits = readLimits(typed);
  const set = useAction(async (wanted: DiskLimits) => {
    await call('limitDisk', { params: addressOf({ machine, disk }), body: wanted });
    toasts.show(text.set);
  });
  return (
    <Dialog
      title={text.title(disk.file)}
      locked={set.busy}
      onClose={onClose}
      footer={
        <>
          <Button label={common.cancel} onClick={onClose} />
          <Button
            label={text.label}
            kind="suggested"
            type="submit"
            form={form}
            disabled={set.busy || limits === null}
          />
        </>
      }
    >
      <p>{text.text}</p>
      <form
        id={form}
        className="card list"
        onSubmit={(event) => {
          event.preventDefault();
          if (limits === null) return;
          void set.run(limits).then((done) => {
            if (done) onClose();
          });
        }}
      >
        {limitKeys.map((key) => (
          <TextRow
            key={key}
            title={text[key]}
            value={typed[key]}
            problem={readLimits({ ...writeLimits({}), [key]: typed[key] }) === null ? text.wrong : null}
            onChange={(value) => setTyped({ ...typed, [key]: value })}
          />
        ))}
      </form>
      <ErrorNote error={set.error} />
    </Dialog>
  );
}
