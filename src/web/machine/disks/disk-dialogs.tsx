// SPDX-License-Identifier: Apache-2.0
//
// Questions about a disk that have a short answer.
import { useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import type { MachineDisk } from '../../../contract/disk.ts';
import { SwitchRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { outcomeOf } from './outcome.tsx';
import { useDiskText } from './words.ts';

export interface DiskDialogProps {
  machine: Machine;
  disk: MachineDisk;
  onClose(): void;
}

export const addressOf = ({ machine, disk }: Pick<DiskDialogProps, 'machine' | 'disk'>) => ({
  ref: machine.id,
  disk: String(disk.index),
});

export function CheckDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { check: text } = useDiskText();
  const [repair, setRepair] = useState(false);
  return (
    <TaskDialog
      title={text.title(disk.file)}
      label={text.label}
      begin={() => call('checkDisk', { params: addressOf({ machine, disk }), body: { repair } })}
      result={outcomeOf}
      onClose={onClose}
    >
      <p>{text.text}</p>
      <div className="card list">
        <SwitchRow title={text.repair} subtitle={text.repairAbout} value={repair} onChange={setRepair} />
      </div>
    </TaskDialog>
  );
}

export function TrimDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { trim: text } = useDiskText();
  // A guest that runs trims all its file systems at once.
  const live = machine.state.name === 'running';
  const body = live ? {} : { disk: String(disk.index) };
  return (
    <TaskDialog
      title={text.title}
      label={text.label}
      begin={() => call('trimDisks', { params: { ref: machine.id }, body })}
      result={outcomeOf}
      onClose={onClose}
    >
      <p>{live ? text.running : text.off}</p>
    </TaskDialog>
  );
}

export function ConvertDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { convert: text } = useDiskText();
  const format = disk.format === 'qcow2' ? 'raw' : 'qcow2';
  return (
    <TaskDialog
      title={text.title(disk.file)}
      label={text.label}
      begin={() => call('convertDisk', { params: addressOf({ machine, disk }), body: { format } })}
      result={outcomeOf}
      onClose={onClose}
    >
      <p>
        {text.text(disk.format, format)} {text[format]}
      </p>
    </TaskDialog>
  );
}
