// SPDX-License-Identifier: Apache-2.0
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { Machine } from '../../../contract/api.ts';
import { Button } from '../../parts/button.tsx';
import { ErrorNote } from '../../parts/error-note.tsx';
import { Loaded } from '../../parts/loaded.tsx';
import { call } from '../../service/api.ts';
import { useConnection } from '../../service/context.ts';
import { keys } from '../../service/keys.ts';
import { useFormats, useText } from '../../text/language.ts';
import { CopyButton } from '../copy-button.tsx';
import { DownloadLink } from './download-link.tsx';
import { LogLines } from './log-lines.tsx';

// What can be asked for; the service reads no more of a log than it has to.
const amounts = [100, 1000, 10_000] as const;

/** The logs of a machine: what its guest wrote to the serial port, and what its processes wrote. */
export function LogsView({ machine }: { machine: Machine }) {
  const { log: text } = useText();
  const formats = useFormats();
  const [source, setSource] = useState(machine.definition?.serialPorts === 1 ? 'serial' : 'vmm');
  const [amount, setAmount] = useState<number>(amounts[0]);
  const query = useQuery({
    queryKey: [...keys.logs(machine.id, source), amount],
    queryFn: ({ signal }) =>
      call('machineLogs', { params: { ref: machine.id }, query: { source, lines: amount }, signal }),
    // No event tells of a new line.
    staleTime: 0,
  });
  useReadAgain(machine.id, query.refetch);

  const helpers = useHelpers(machine);
  const sources = [
    ...(machine.definition?.serialPorts === 1 ? [{ name: 'serial', label: text.source.serial }] : []),
    { name: 'vmm', label: text.source.vmm },
    ...helpers.map((name) => ({ name, label: text.source.helper(name) })),
  ];
  return (
    <>
      <div className="log-controls">
        <select
          className="input"
          aria-label={text.source.label}
          value={source}
          onChange={({ target }) => setSource(target.value)}
        >
          {sources.map(({ name, label }) => (
            <option key={name} value={name}>
              {label}
            </option>
          ))}
        </select>
        <select
          className="input"
          aria-label={text.lines.label}
          value={amount}
          onChange={({ target }) => setAmount(Number(target.value))}
        >
          {amounts.map((lines) => (
            <option key={lines} value={lines}>
              {text.lines.last(formats.number(lines))}
            </option>
          ))}
        </select>
        <Button
          label={text.refresh}
          icon="reset"
          disabled={query.isFetching}
          onClick={() => void query.refetch()}
        />
      </div>
      <ErrorNote error={query.data === undefined ? null : query.error} />
      <Loaded query={query}>
        {({ lines }) => (
          <div className="card log-card">
            <header>
              <p className="dim small numeric">
                {text.readAt(formats.time(new Date(query.dataUpdatedAt).toISOString()))}
              </p>
              <DownloadLink name={`${machine.name} ${source}.log`} lines={lines} />
              <CopyButton text={lines.join('\n')} label={text.copy} />
            </header>
            <LogLines label={text.text(source)} lines={lines} />
          </div>
        )}
      </Loaded>
    </>
  );
}

/** Names of the processes beside the VMM. Where there is no plan, there are none to name. */
function useHelpers({ id, definition }: Machine): string[] {
  const { data } = useQuery({
    queryKey: keys.plan(id),
    queryFn: ({ signal }) => call('planMachine', { params: { ref: id }, signal }),
    enabled: definition !== null,
  });
  return data?.helpers.map(({ name }) => name) ?? [];
}

/** Reads the log again whenever something happened to the machine: then there is most likely something new in it. */
function useReadAgain(machineId: string, refetch: () => Promise<unknown>): void {
  const connection = useConnection();
  useEffect(
    () =>
      connection.listen((event) => {
        if ('machineId' in event && event.machineId === machineId) void refetch();
      }),
    [connection, machineId, refetch],
  );
}
