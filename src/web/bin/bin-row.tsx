// SPDX-License-Identifier: Apache-2.0
import { useState } from 'react';
import { useLocation } from 'wouter';
import type { BinEntry } from '../../contract/bin.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Confirm } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { Row } from '../parts/rows.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call } from '../service/api.ts';
import { useFormats, useText } from '../text/language.ts';

export function BinRow({ entry }: { entry: BinEntry }) {
  const { bin } = useText();
  const formats = useFormats();
  const toasts = useToasts();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const { id, name } = entry;
  const bytes = formats.bytes(entry.bytes);

  const restore = useAction(async () => {
    await call('restoreMachine', { params: { ref: id } });
    toasts.show(bin.restored(name), { label: bin.open, run: () => navigate(`/machines/${id}`) });
  });
  const erase = async (): Promise<void> => {
    const erased = await call('eraseMachine', { params: { ref: id } });
    toasts.show(bin.erased(name, formats.bytes(erased.frees)));
  };

  return (
    <div className="bin-row">
      <Row
        title={<bdi>{name}</bdi>}
        subtitle={
          <>
            <span title={formats.exactTime(entry.deletedAt)}>
              {bin.deleted(formats.ago(entry.deletedAt), bytes)}
            </span>
            {entry.frees < entry.bytes && (
              <span title={bin.shared}> · {bin.frees(formats.bytes(entry.frees))}</span>
            )}
            {entry.eraseAt !== null && (
              <>
                {' · '}
                <span title={formats.exactTime(entry.eraseAt)}>
                  {bin.eraseOn(formats.date(entry.eraseAt))}
                </span>
              </>
            )}
          </>
        }
        end={
          <>
            <Button
              label={bin.restore}
              aria-label={bin.restoreOf(name)}
              disabled={restore.busy}
              onClick={() => void restore.run()}
            />
            <Button
              label={bin.erase}
              aria-label={bin.eraseOf(name)}
              kind="flat"
              onClick={() => setAsking(true)}
            />
          </>
        }
      />
      {restore.error !== null && (
        <div className="row">
          <ErrorNote error={restore.error} />
        </div>
      )}
      {asking && (
        <Confirm
          title={bin.eraseTitle(name)}
          label={bin.eraseLabel}
          destructive
          work={erase}
          onClose={() => setAsking(false)}
        >
          <p>{bin.eraseText(formats.bytes(entry.frees))}</p>
        </Confirm>
      )}
    </div>
  );
}
