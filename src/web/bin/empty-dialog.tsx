// SPDX-License-Identifier: Apache-2.0
import { useRef, useState } from 'react';
import type { BinEntry, Emptied } from '../../contract/bin.ts';
import { Button } from '../parts/button.tsx';
import { Confirm, Dialog } from '../parts/dialog.tsx';
import { Row } from '../parts/rows.tsx';
import { useToasts } from '../parts/toasts.tsx';
import { call } from '../service/api.ts';
import { useFormats, useText } from '../text/language.ts';

interface EmptyDialogProps {
  /** As they are shown: what came into the bin since is not erased unseen */
  entries: readonly BinEntry[];
  frees: number;
  onClose(): void;
}

/** Erases everything in the bin, after a question; what could not be erased is said. */
export function EmptyDialog({ entries, frees, onClose }: EmptyDialogProps) {
  const { bin, common } = useText();
  const formats = useFormats();
  const toasts = useToasts();
  const [kept, setKept] = useState<Emptied['kept']>([]);
  const left = useRef(0);
  const count = formats.number(entries.length);
  const empty = async (): Promise<void> => {
    const emptied = await call('emptyBin', { body: { refs: entries.map(({ id }) => id) } });
    if (emptied.kept.length === 0) toasts.show(bin.emptied(formats.bytes(emptied.frees)));
    left.current = emptied.kept.length;
    setKept(emptied.kept);
  };
  if (kept.length > 0)
    return (
      <Dialog
        title={bin.notErased}
        onClose={onClose}
        footer={<Button label={common.close} kind="suggested" onClick={onClose} />}
      >
        <div className="card list" lang="en">
          {kept.map(({ id, name, reason }) => (
            <Row key={id} icon="error" title={<bdi>{name}</bdi>} subtitle={reason} />
          ))}
        </div>
      </Dialog>
    );
  return (
    <Confirm
      title={bin.emptyTitle}
      label={bin.emptyLabel}
      destructive
      work={empty}
      // A refusal of some of them stays to be read.
      onClose={() => left.current === 0 && onClose()}
    >
      <p>
        {bin.emptyText(
          formats.plural(entries.length, { one: bin.machines.one, other: bin.machines.other(count) }),
          formats.bytes(frees),
        )}
      </p>
    </Confirm>
  );
}
