// SPDX-License-Identifier: Apache-2.0
import { useId, useState } from 'react';
import type { Task } from '../../../contract/task.ts';
import { growSteps } from '../../../contract/guest-steps.ts';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { useFormats, useLanguage } from '../../text/language.ts';
import { readSize, writeSize } from '../settings/size-text.ts';
import { addressOf, type DiskDialogProps } from './disk-dialogs.tsx';
import { outcomeOf } from './outcome.tsx';
import { useDiskText } from './words.ts';

/** Makes a disk larger; afterwards says what the guest has to do to use it. */
export function GrowDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { grow: text } = useDiskText();
  const formats = useFormats();
  const language = useLanguage();
  const id = useId();
  const now = disk.virtualSize ?? 0;
  const [typed, setTyped] = useState(() => writeSize(now * 2, language));
  const size = readSize(typed);
  const problem = size === null || size <= now ? text.wrong : null;
  const result = (task: Task) => (
    <div className="grown">
      {outcomeOf(task)}
      <h3>{text.steps}</h3>
      <ul lang="en">
        {growSteps({
          bus: disk.bus,
          guestOs: machine.definition?.guestOs ?? 'generic',
          running: machine.state.name !== 'stopped' && machine.state.name !== 'crashed',
        }).map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ul>
    </div>
  );
  return (
    <TaskDialog
      title={text.title(disk.file)}
      label={text.label}
      reason={problem}
      begin={() =>
        call('growDisk', { params: addressOf({ machine, disk }), body: size === null ? {} : { size } })
      }
      result={result}
      onClose={onClose}
    >
      <div className="field">
        <label htmlFor={id}>{text.size}</label>
        <input
          id={id}
          className="input numeric"
          value={typed}
          autoComplete="off"
          aria-describedby={`${id}-about`}
          aria-invalid={problem !== null}
          onChange={(event) => setTyped(event.target.value)}
        />
        <p id={`${id}-about`} className={problem === null ? 'small dim' : 'field-problem'}>
          {problem ?? text.now(formats.bytes(now))}
        </p>
      </div>
    </TaskDialog>
  );
}
