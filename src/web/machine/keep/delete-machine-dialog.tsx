// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import type { MachineSummary } from '../../../contract/api.ts';
import type { DeletionPlan } from '../../../contract/bin.ts';
import { Confirm } from '../../parts/dialog.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { Row } from '../../parts/rows.tsx';
import { call } from '../../service/api.ts';
import { keys } from '../../service/keys.ts';
import { useFormats } from '../../text/language.ts';
import { useKeepText } from './words.ts';
import './keep.css';

interface DeleteMachineDialogProps {
  machine: Pick<MachineSummary, 'id' | 'name'>;
  work(): Promise<unknown>;
  onClose(): void;
}

/** Which files go to the bin, and what stays, before anything is moved. */
export default function DeleteMachineDialog({ machine, work, onClose }: DeleteMachineDialogProps) {
  const { delete: text } = useKeepText();
  const plan = useQuery({
    queryKey: keys.deletion(machine.id),
    queryFn: ({ signal }) => call('planDelete', { params: { ref: machine.id }, signal }),
    // A guest may have written since.
    staleTime: 0,
    gcTime: 0,
  });
  return (
    <Confirm title={text.title(machine.name)} label={text.label} destructive work={work} onClose={onClose}>
      <p>{text.text}</p>
      <Loaded query={plan}>{(found) => <Plan plan={found} />}</Loaded>
    </Confirm>
  );
}

function Plan({ plan: { files, bytes, frees, stays } }: { plan: DeletionPlan }) {
  const { delete: text } = useKeepText();
  const formats = useFormats();
  return (
    <div className="card list">
      <Row icon="bin" title={text.size(formats.bytes(bytes))} subtitle={text.frees(formats.bytes(frees))} />
      <details className="file-details">
        <summary>{files.length === 1 ? text.file : text.files(formats.number(files.length))}</summary>
        <ul className="files small">
          {files.map(({ file, bytes: size }) => (
            <li key={file}>
              <code>{file}</code>
              <span className="numeric dim">{formats.bytes(size)}</span>
            </li>
          ))}
        </ul>
      </details>
      {stays.map(({ file, what }) => (
        <Row key={file} icon="link" title={<code>{file}</code>} subtitle={`${text.stays} · ${what}`} />
      ))}
    </div>
  );
}
