// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import type { ExportFormat } from '../../../contract/disk.ts';
import { FolderChooser } from '../../new-machine/file-chooser.tsx';
import '../../new-machine/new-machine.css';
import { Button } from '../../parts/button.tsx';
import { Row, SelectRow, TextRow } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { TaskDialog } from '../../tasks/task-dialog.tsx';
import { addressOf, type DiskDialogProps } from './disk-dialogs.tsx';
import { outcomeOf } from './outcome.tsx';
import { useDiskText } from './words.ts';

const formats: readonly ExportFormat[] = ['qcow2', 'raw', 'vmdk', 'vdi', 'vhdx'];

/** Writes a disk into a file for other programs. */
export function ExportDialog({ machine, disk, onClose }: DiskDialogProps) {
  const { export: text } = useDiskText();
  const [format, setFormat] = useState<ExportFormat>('qcow2');
  const [folder, setFolder] = useState<string | null>(null);
  const [typed, setTyped] = useState<string | null>(null);
  const [choosing, setChoosing] = useState(false);
  const name = typed ?? `${machine.name.replaceAll('/', '-')}.${format === 'raw' ? 'img' : format}`;
  return (
    <>
      <TaskDialog
        title={text.title(disk.file)}
        label={text.label}
        reason={folder === null ? text.needsFolder : null}
        begin={() =>
          call('exportDisk', {
            params: addressOf({ machine, disk }),
            body: { file: `${folder === '/' ? '' : (folder ?? '')}/${name}`, format },
          })
        }
        result={outcomeOf}
        onClose={onClose}
      >
        <p>{text.text}</p>
        <div className="card list">
          <SelectRow<ExportFormat>
            title={text.format}
            value={format}
            options={formats.map((value) => ({ value, label: text.formats[value] }))}
            onChange={setFormat}
          />
          <Row
            title={text.folder}
            subtitle={folder ?? undefined}
            end={<Button label={text.choose} onClick={() => setChoosing(true)} />}
          />
          <TextRow title={text.file} value={name} maxLength={200} onChange={setTyped} />
        </div>
      </TaskDialog>
      {choosing && <FolderChooser onChoose={setFolder} onClose={() => setChoosing(false)} />}
    </>
  );
}
