// SPDX-License-Identifier: Apache-2.0
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { OsChannel, OsSource, OsStatus } from '../../contract/os.ts';
import { useAction } from '../parts/action.ts';
import { Button } from '../parts/button.tsx';
import { ErrorNote, ReportNote } from '../parts/error-note.tsx';
import { Group, Row, SelectRow, TextRow } from '../parts/rows.tsx';
import { call } from '../service/api.ts';
import { keys } from '../service/keys.ts';
import { TaskProgress } from '../tasks/task-progress.tsx';
import { useTask } from '../tasks/use-task.ts';
import { useFormats } from '../text/language.ts';
import type { OsSectionProps } from './os-view.tsx';
import { useOsWords } from './words.ts';

/** What is newer, getting it, and what is done without being asked. */
export function UpdatesSection({ status }: OsSectionProps) {
  const words = useOsWords();
  const queries = useQueryClient();
  const task = useTask();
  const check = useAction(async () => {
    await call('osCheck', { body: {} });
    await queries.invalidateQueries({ queryKey: keys.os });
  });
  const { image, pending, updates } = status;
  if (image === null || image.live) return null;
  const { lastCheck } = updates;
  const offered = pending === null ? (lastCheck?.version ?? null) : null;
  const install = async (from: OsSource): Promise<void> => {
    check.clear();
    await task.run(() => call('osUpdate', { body: { from } }));
    await queries.invalidateQueries({ queryKey: keys.os });
  };
  return (
    <>
      <Group title={words.updates} description={words.updatesAbout}>
        <Newest
          status={status}
          end={
            <>
              <Button
                label={words.check}
                disabled={check.busy || task.busy}
                onClick={() => {
                  task.clear();
                  void check.run();
                }}
              />
              {offered !== null && (
                <Button
                  label={words.install}
                  kind="suggested"
                  disabled={task.busy || check.busy}
                  onClick={() => void install('channel')}
                />
              )}
            </>
          }
        />
        <Row
          title={words.stick}
          subtitle={words.stickAbout}
          end={
            <Button
              label={words.stickButton}
              disabled={task.busy || check.busy}
              onClick={() => void install('stick')}
            />
          }
        />
        <Policy updates={updates} />
      </Group>
      {task.task !== null && <TaskProgress task={task.task} />}
      <ErrorNote error={task.error ?? check.error} />
      {task.error === null && check.error === null && !check.busy && lastCheck?.error != null && (
        <ReportNote report={{ ...lastCheck.error, facts: { from: lastCheck.from } }} />
      )}
    </>
  );
}

function Newest({ status: { pending, updates }, end }: OsSectionProps & { end: React.ReactNode }) {
  const words = useOsWords();
  const formats = useFormats();
  const { lastCheck } = updates;
  const looked = lastCheck === null ? words.neverLooked : words.lookedAt(formats.ago(lastCheck.at));
  if (pending !== null) return <Row title={words.waits(pending)} subtitle={words.waitsAbout} end={end} />;
  if (lastCheck?.version != null)
    return (
      <Row
        title={words.newer(lastCheck.version)}
        subtitle={lastCheck.bytes === null ? looked : `${looked} · ${formats.bytes(lastCheck.bytes)}`}
        end={end}
      />
    );
  return <Row title={words.nothingNewer} subtitle={looked} end={end} />;
}

function Policy({ updates }: { updates: OsStatus['updates'] }) {
  const words = useOsWords();
  const queries = useQueryClient();
  const [url, setUrl] = useState(updates.channel ?? '');
  const change = useAction(async (body: OsChannel) => {
    const next = await call('setChannel', { body });
    queries.setQueryData(keys.os, next);
    setUrl(next.updates.channel ?? '');
  });
  const { check, install, never } = words.policies;
  return (
    <>
      <SelectRow
        title={words.automatic}
        subtitle={words.automaticAbout}
        value={updates.automatic}
        disabled={change.busy}
        options={[
          { value: 'check', label: check },
          { value: 'install', label: install },
          { value: 'never', label: never },
        ]}
        onChange={(automatic) => void change.run({ automatic })}
      />
      <TextRow
        title={words.channel}
        subtitle={words.channelAbout}
        value={url}
        placeholder="https://"
        maxLength={500}
        disabled={change.busy}
        onChange={setUrl}
      />
      {url !== (updates.channel ?? '') && (
        <Row
          title=""
          end={
            <Button
              label={words.saveChannel}
              kind="suggested"
              disabled={change.busy}
              onClick={() => void change.run({ url: url === '' ? null : url })}
            />
          }
        />
      )}
      <ErrorNote error={change.error} />
    </>
  );
}
