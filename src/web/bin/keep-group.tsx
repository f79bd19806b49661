// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import type { BinStatus } from '../../contract/bin.ts';
import { useAction } from '../parts/action.ts';
import { ErrorNote } from '../parts/error-note.tsx';
import { Group, SelectRow } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { useFormats, useText } from '../text/language.ts';

// What is offered, days. Another number, set by the command line, is offered as well.
const usual = [1, 7, 30, 90, 365];

/** When deleted machines are erased by themselves. */
export function KeepGroup({ status }: { status: BinStatus }) {
  const { bin } = useText();
  const formats = useFormats();
  const queries = useQueryClient();
  const { keepDays } = status;
  const change = useAction(async (days: number | null) => {
    queries.setQueryData(keys.binStatus, await call('setBinKeep', { body: { keepDays: days } }));
    // Each says when it is erased.
    await queries.invalidateQueries({ queryKey: keys.bin });
  });
  const days = [...new Set([...usual, ...(keepDays === null ? [] : [keepDays])])].sort((a, b) => a - b);
  const words = (count: number): string =>
    formats.plural(count, { one: bin.keepDays.one, other: bin.keepDays.other(formats.number(count)) });
  return (
    <>
      <Group>
        <SelectRow
          title={bin.keep}
          subtitle={bin.keepAbout}
          value={String(keepDays)}
          disabled={change.busy}
          options={[
            { value: 'null', label: bin.keepNever },
            ...days.map((count) => ({ value: String(count), label: words(count) })),
          ]}
          onChange={(value) => void change.run(value === 'null' ? null : Number(value))}
        />
      </Group>
      <ErrorNote error={change.error} />
    </>
  );
}
