// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useId, useState } from 'react';
import type { Budget } from '../../contract/budget.ts';
import { processorSteps, roundSizes } from '../new-machine/scale.ts';
import { SliderRow } from '../new-machine/slider-row.tsx';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { Dialog } from '../parts/dialog.tsx';
import { ErrorNote } from '../parts/error-note.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useFormats, useText } from '../text/language.ts';

// The least that is offered, bytes; the service says when something cannot be.
const least = 512 * 2 ** 20;

/** Changes what this PC keeps for itself. */
export function ReserveDialog({ budget, onClose }: { budget: Budget; onClose(): void }) {
  const { pc, common, home } = useText();
  const { budget: text } = pc;
  const formats = useFormats();
  const queries = useQueryClient();
  const form = useId();
  const { host, reserve } = budget;
  const [vcpus, setVcpus] = useState(reserve.vcpus);
  const [memoryBytes, setMemory] = useState(reserve.memoryBytes);
  const action = useAction(async () => {
    queries.setQueryData(keys.budget, await call('setReserve', { body: { vcpus, memoryBytes } }));
  });
  const memory = [...new Set([...roundSizes(least, host.memoryBytes / 2), reserve.memoryBytes])];
  return (
    <Dialog
      title={text.changeTitle}
      onClose={onClose}
      locked={action.busy}
      footer={
        <>
          <Button label={common.cancel} onClick={onClose} />
          <Button label={text.apply} kind="suggested" type="submit" form={form} disabled={action.busy} />
        </>
      }
    >
      <p>{text.changeAbout}</p>
      <form
        id={form}
        className="card list"
        onSubmit={(event) => {
          event.preventDefault();
          void action.run().then((done) => {
            if (done) onClose();
          });
        }}
      >
        <SliderRow
          title={text.memory}
          steps={memory.sort((a, b) => a - b)}
          value={memoryBytes}
          onChange={setMemory}
          format={formats.bytes}
        />
        <SliderRow
          title={text.processors}
          steps={[...new Set([0, ...processorSteps(host.vcpus - 1, Math.max(1, reserve.vcpus))])]}
          value={vcpus}
          onChange={setVcpus}
          format={(count) => home.processors(count, formats.number(count))}
        />
      </form>
      <ErrorNote error={action.error} />
    </Dialog>
  );
}
